import type { RecordedAnswers } from "../../lib/stats/recorder.ts";

/** What an HTTP thread recorded: nothing, but for what is given. */
export function recordedAnswers(changes: Partial<RecordedAnswers> = {}): RecordedAnswers {
  return {
    batches: [],
    opened: new Float64Array(),
    ranged: [],
    lines: [],
    refused: { lines: [], more: 0 },
    answers: { all: 0, fallback: 0 },
    dropped: { parts: 0, lines: 0 },
    ...changes,
  };
}
