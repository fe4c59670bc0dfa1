import type { AnswerKind } from "../../stats/answer_kind.ts";
import type { MaybePromise } from "../../store/store_reader.ts";
import type { Answer } from "../render/answer.ts";

/**
 * Says what an answer counts as, unless it says so itself.
 *
 * @param kind for the metrics
 * @param answer which may be on its way
 */
export function countedAs(kind: AnswerKind, answer: MaybePromise<Answer>): MaybePromise<Answer> {
  if (answer instanceof Promise) return answer.then((late) => ({ counts: kind, ...late }));
  return { counts: kind, ...answer };
}
