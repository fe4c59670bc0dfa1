import { publicCause, validCause } from "../../catalog/down_cause.ts";
import { familyName } from "../../catalog/families.ts";
import type { FileCopy, SourceFile } from "../../catalog/file.ts";
import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import type { ExclusionReason } from "../../selection/exclusion_reason.ts";
import type { Exclusion } from "../../selection/selection.ts";
import type { Words } from "./words/words.ts";

/** Reasons for which there are words: all that has to do with being down is one thing to people. */
type WordedReason = Exclude<
  ExclusionReason["type"],
  "down_both" | "down_not_https" | "down_not_http"
>;

function worded(type: ExclusionReason["type"]): WordedReason {
  return type === "down_both" || type === "down_not_https" || type === "down_not_http"
    ? "down"
    : type;
}

/**
 * Says in short why a mirror may not serve, alike for all that share the kind of reason.
 *
 * @param words of the language
 * @param reason why
 * @returns `Down`
 */
export function reasonLabel(words: Words, reason: ExclusionReason): string {
  switch (reason.type) {
    case "family":
      return words.text("reason.family", { family: familyName(reason.family) });
    case "rule":
      return words.text("reason.rule", { number: reason.number });
    default:
      return words.text(`reason.${worded(reason.type)}`);
  }
}

/**
 * Explains a kind of reason to people who do not know its wording.
 *
 * @param words of the language
 * @param reason why a mirror may not serve
 * @returns a sentence without a period
 */
export function reasonMeaning(words: Words, { type }: ExclusionReason): string {
  return words.text(`meaning.${worded(type)}`);
}

/**
 * Says exactly why a mirror may not serve: how much older, how large, why it is down.
 *
 * @param words of the language
 * @param exclusion the mirror and the reason
 * @param file what was asked for
 * @param copy the mirror's copy, where it is known
 * @returns `18 days newer than the source`
 */
export function reasonText(
  words: Words,
  { mirror, url, reason }: Exclusion,
  file: Pick<SourceFile, "size">,
  copy: Pick<FileCopy, "size"> | undefined,
): string {
  switch (reason.type) {
    case "downtime":
      return reason.until === null
        ? words.text("reason.downtime")
        : words.text("reason.downtime.until", { time: words.time(reason.until) });
    case "not_scanned":
      return words.text("reason.not_scanned.for", { duration: words.duration(reason.age) });
    case "revision":
      return words.text("reason.revision.older", { duration: words.duration(reason.age) });
    case "size":
      return copy === undefined
        ? words.text("reason.size")
        : sizesText(words, copy.size, file.size);
    case "time":
      return words.text(reason.difference < 0 ? "reason.time.newer" : "reason.time.older", {
        duration: words.duration(reason.difference),
      });
    case "down":
      return downText(words, mirror, url.startsWith("https:") ? "HTTPS" : "HTTP", reason.detail);
    case "down_not_https":
      return downText(words, mirror, "HTTP", reason.detail);
    case "down_not_http":
      return downText(words, mirror, "HTTPS", reason.detail);
    case "down_both":
      return [
        downText(words, mirror, "HTTP", reason.http),
        downText(words, mirror, "HTTPS", reason.https),
      ].join("; ");
    default:
      return reasonLabel(words, reason);
  }
}

/** Both sizes, to the byte where they would look alike. */
function sizesText(words: Words, has: number, wanted: number): string {
  const alike = words.size(has) === words.size(wanted);
  const written = (bytes: number) => alike ? words.bytes(bytes) : words.size(bytes);
  return words.text("reason.size.both", { has: written(has), wanted: written(wanted) });
}

/** `HTTP unreachable: connection refused`. What the check says of it is the same in every language. */
function downText(
  words: Words,
  record: MirrorRecord,
  scheme: "HTTP" | "HTTPS",
  detail: string,
): string {
  const cause = validCause(
    scheme === "HTTP" ? record.httpDownCause : record.httpsDownCause,
    detail,
    record.stateSince,
  );
  const text = cause === null ? "" : publicCause(cause);
  const more = text === "" || text === detail ? "" : `: ${text}`;
  if (detail === "") return words.text("reason.down.scheme", { scheme });
  return detail === "Unreachable"
    ? words.text("reason.down.unreachable", { scheme }) + more
    : `${scheme}: ${detail}${more}`;
}
