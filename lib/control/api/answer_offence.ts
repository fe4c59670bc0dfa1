import * as v from "valibot";
import { FAILURE } from "./failure_schema.ts";
import { type OperationName, OPERATIONS } from "./operations.ts";
import { streamLine } from "./stream_line.ts";

/** What a daemon sends: an answer, a line of a stream, or the error in its place. */
export type AnswerKind = "answer" | "line" | "error";

/** A newer daemon may have codes that are not known here. */
const ANY_ERROR = v.object({ error: v.omit(FAILURE, ["code"]) });

const LINES = new Map<OperationName, v.GenericSchema>();

/**
 * Finds out where what a daemon sent is not what an operation answers. Values have to be of the right
 * kind; one that is out of its bounds came out of the store like that, and is shown like that. What is
 * not known here comes from a newer daemon, and is let through.
 *
 * @returns where, and what should be there; `null` when it fits
 */
export function answerOffence(
  name: OperationName,
  kind: AnswerKind,
  value: unknown,
): string | null {
  const result = v.safeParse(schemaOf(name, kind), value);
  if (result.typed) return null;
  const wrong = result.issues.find(({ kind }) => kind === "schema") ?? result.issues[0];
  const place = v.getDotPath(wrong);
  const found = JSON.stringify(wrong.input)?.slice(0, 100) ?? "nothing";
  return `${place === null ? "" : `${place}: `}expected ${wrong.expected}, found ${found}`;
}

function schemaOf(name: OperationName, kind: AnswerKind): v.GenericSchema {
  if (kind === "error") return ANY_ERROR;
  const { answer } = OPERATIONS[name];
  if (kind === "answer") return answer;
  const line = LINES.get(name) ?? streamLine(answer);
  LINES.set(name, line);
  return line;
}
