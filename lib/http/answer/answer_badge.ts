import { lagOf } from "../../catalog/scan_numbers.ts";
import { isHidden } from "../../selection/own_networks.ts";
import type { PreparedMirror } from "../../selection/prepared_mirror.ts";
import { ageText } from "../render/age_text.ts";
import type { Answer } from "../render/answer.ts";
import { type Badge, renderBadge } from "../render/badge.ts";
import { renderError } from "../render/error.ts";
import { forAMinute } from "../render/for_a_minute.ts";
import type { HttpRequest } from "../request/request.ts";
import type { AnswerContext } from "./answer_context.ts";

/**
 * Answers with how a mirror is, as a picture for its page: `?badge&name=NAME`; without a name with how many
 * mirrors are up.
 *
 * @param context what it works with
 * @param request what was asked
 * @returns a 200; 404 when there is no such mirror
 */
export function answerBadge({ state }: AnswerContext, { query, asker, time }: HttpRequest): Answer {
  const mirrors = [...state.mirrors.values()].filter((one) => !isHidden(one, asker.view));
  // Who sees a mirror that is hidden from others gets an answer of its own.
  const whose = mirrors.some(({ record }) => record.networksOnly) ? "network" : "everyone";
  if (query.name === null) return forAMinute(renderBadge(badgeOfAll(mirrors)), whose);
  const mirror = mirrors.find(({ record }) => record.name === query.name);
  if (mirror === undefined) return renderError(404, "Not Found: there is no mirror of this name");
  const stale = state.config.staleAfter * 60_000;
  return forAMinute(renderBadge(badgeOf(mirror, time, stale)), whose);
}

function badgeOfAll(mirrors: readonly PreparedMirror[]): Badge {
  const enabled = mirrors.filter(({ record }) => record.enabled);
  const up = enabled.filter(({ offers }) => offers.any.reason === null).length;
  const look = up === enabled.length && up > 0 ? "good" : up === 0 ? "bad" : "warning";
  return { label: "mirrors", text: `${up} of ${enabled.length} up`, look };
}

/** @param stale milliseconds beyond which a mirror is behind too far */
function badgeOf({ record, offers }: PreparedMirror, now: number, stale: number): Badge {
  const { name: label } = record;
  const { reason } = offers.any;
  if (reason?.type === "downtime") return { label, text: "off by plan", look: "none" };
  if (reason?.type === "disabled") return { label, text: "disabled", look: "none" };
  if (reason !== null) return { label, text: "down", look: "bad" };
  const behind = lagOf(record, now);
  if (behind === null) return { label, text: "up", look: "good" };
  const text = ageText(behind);
  if (behind < 60_000) return { label, text, look: "good" };
  return { label, text: `as of ${text}`, look: behind > stale ? "bad" : "warning" };
}
