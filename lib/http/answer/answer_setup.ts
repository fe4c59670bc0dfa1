import { encodePath } from "../../catalog/encode_path.ts";
import { frameFor } from "../pages/frame_for.ts";
import { renderSetup } from "../pages/setup.ts";
import type { Answer } from "../render/answer.ts";
import { forAMinute } from "../render/for_a_minute.ts";
import type { HttpRequest } from "../request/request.ts";
import { selfBase } from "../request/self_url.ts";
import type { AnswerContext } from "./answer_context.ts";

/** Stands where a client did not say by which name it came. */
const UNKNOWN_BASE = "http://downloads.example.org/";

/**
 * Answers with a page on how to point package managers and download tools at a directory here: `?setup`.
 *
 * @param context what it works with
 * @param request what was asked
 * @param directory its path
 */
export async function answerSetup(
  { state, program }: AnswerContext,
  request: HttpRequest,
  directory: string,
): Promise<Answer> {
  const base = selfBase(state.config, request) ?? UNKNOWN_BASE;
  const path = directory === "/" ? "" : `${forShells(encodePath(directory)).slice(1)}/`;
  return forAMinute(
    renderSetup(program, await frameFor(state.config, request), base + path),
    "everyone",
  );
}

/** Encodes what stands for something else in a command of a shell, and may stand in a path. */
function forShells(path: string): string {
  return path.replace(
    /[!$&'()*;]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
