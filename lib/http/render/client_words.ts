import { AVOID_HEADER, type ClientWords } from "../request/client_words.ts";
import type { Answer } from "./answer.ts";
import type { Header } from "./headers.ts";

/**
 * Says in an answer what became of a client's words about mirrors.
 *
 * @param answer as it would be for anyone
 * @param words what the client said
 * @returns the answer with `Mirrorbits-Ignored` for words that were not followed, and `Vary` where the
 *   header counted
 */
export function withClientWords(answer: Answer, { byHeader, ignored }: ClientWords): Answer {
  const further: Header[] = [];
  if (byHeader) further.push(["Vary", AVOID_HEADER]);
  if (ignored.length > 0) further.push(["Mirrorbits-Ignored", ignored.join(", ")]);
  return further.length === 0 ? answer : { ...answer, headers: [...answer.headers, ...further] };
}
