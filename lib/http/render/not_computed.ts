import type { Answer } from "./answer.ts";
import { renderError } from "./error.ts";

/** Seconds after which hashes may have been computed. */
const LATER = "300";

/** Answers who asks for something that is made from hashes which are still to be computed. @returns a 503 */
export function renderNotComputed(): Answer {
  const answer = renderError(503, "The piece hashes of this file are not computed yet");
  const headers = answer.headers.map((
    [name, value],
  ): [string, string] => [name, name === "Retry-After" ? LATER : value]);
  return { ...answer, headers };
}
