import { carriesPath } from "../../catalog/carried_paths.ts";
import { carriesAll } from "../../catalog/carried_tree.ts";
import { latePeriods } from "../../catalog/late_periods.ts";
import { type Rollout, rolloutOf } from "../../catalog/rollout.ts";
import { whoHas } from "../../catalog/who_has.ts";
import { isHidden } from "../../selection/own_networks.ts";
import { StoreUnavailableError } from "../../store/store.ts";
import { frameFor } from "../pages/frame_for.ts";
import { renderRollout } from "../pages/rollout.ts";
import type { Answer } from "../render/answer.ts";
import { renderError } from "../render/error.ts";
import { renderRolloutJson } from "../render/rollout_json.ts";
import type { OfferedFile } from "../request/decide.ts";
import type { HttpRequest } from "../request/request.ts";
import type { AnswerContext } from "./answer_context.ts";

/**
 * Answers with how far a file or a directory has reached the mirrors: as a page, or as JSON.
 *
 * @param context what it works with
 * @param request what was asked
 * @param found what the path stands for
 * @returns a 200; 503 for a file that is not indexed yet
 */
export async function answerRollout(
  context: AnswerContext,
  request: HttpRequest,
  found: OfferedFile,
): Promise<Answer> {
  const { state, program } = context;
  if (found.type === "unindexed" && found.isFile) return renderError(503);
  const path = found.type === "indexed" ? found.indexed.file.path : found.path;
  const directory = path === "/" ? "/" : `${path}/`;
  const { asker } = request;
  const mirrors = [...state.mirrors.values()]
    .filter((one) => !isHidden(one, asker.view))
    .map(({ record }) => record)
    .filter(({ enabled, wholeTree, paths }) =>
      enabled && !wholeTree &&
      (paths.length === 0 || carriesPath(paths, found.type === "indexed" ? path : directory))
    );
  const file = found.type === "indexed" ? found.indexed.file : null;
  const having = found.type === "indexed"
    ? whoHas(found.indexed, mirrors)
    : mirrors.filter((mirror) => carriesAll(mirror, state.carried.get(mirror.id), directory));
  const has = new Set(having.map(({ id }) => id));
  const noted = state.rollouts.get(path) ?? null;
  const version = file === null ? "" : `${file.size} ${file.modTime}`;
  const watched = noted?.version === version ? noted : null;
  const rollout: Rollout = rolloutOf({
    ...{ mirrors, watched, counts: await countsOf(context, request.time) },
    has: ({ id }) => has.has(id),
    since: file === null ? watched?.began ?? null : file.firstSeen ?? file.modTime,
  });
  return request.accepts.json
    ? renderRolloutJson(path, rollout, request.query.pretty)
    : renderRollout(program, await frameFor(state.config, request), path, rollout);
}

/** Downloads of late; none while the store is away. */
async function countsOf(
  { reader }: Pick<AnswerContext, "reader">,
  now: number,
): Promise<ReadonlyMap<number, { readonly downloads: number }>> {
  try {
    return await reader.mirrorDownloads(latePeriods(now));
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    return new Map();
  }
}
