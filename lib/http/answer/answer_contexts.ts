import type { RequestTally } from "../../stats/request_tally.ts";
import { RedirectExtras } from "../render/redirect_extras.ts";
import { Redirects } from "../render/redirects.ts";
import { CountMemory } from "../request/count_memory.ts";
import type { HttpState } from "../request/state.ts";
import type { AnswerContext } from "./answer_context.ts";
import type { HandlerOptions } from "./handler_options.ts";
import { StatsMemory } from "./stats_memory.ts";

/**
 * Puts together what answers are made with, anew only when there is another state.
 *
 * @param options what the handler works with
 * @param program name and version of the program
 * @param tally counts for the metrics
 * @returns gives it for a state
 */
export function answerContexts(
  options: HandlerOptions,
  program: string,
  tally: RequestTally,
): (state: HttpState) => AnswerContext {
  const { finder, directories, pieces, repository, reader, recorder, random } = options;
  const { share, log, cut } = options;
  const clock = { after: options.after, elapsed: options.elapsed };
  const redirects = new Redirects(program);
  const extras = new RedirectExtras();
  const counted = new CountMemory(reader);
  const statistics = new StatsMemory();
  let last: AnswerContext | null = null;
  return (state) => {
    if (last?.state === state) return last;
    return last = {
      state,
      finder,
      directories,
      repository,
      share,
      cut,
      log,
      clock,
      reader,
      recorder,
      tally,
      pieces,
      counted,
      statistics,
      redirects,
      extras,
      random,
      program,
    };
  };
}
