import * as v from "valibot";
import { DAEMON_OPERATIONS } from "./daemon_operations.ts";
import type { Operation } from "./operation.ts";
import type { OperationName } from "./operations.ts";

/** What a daemon sends: an answer, a line of a stream, or the error in its place. */
export type AnswerKind = "answer" | "line" | "error";

const LINES = new Map<OperationName, v.GenericSchema>();

/**
 * Finds out where what a daemon sent is not what an operation answers. Values have to be of the right
 * kind; one that is out of its bounds came out of the store like that, and is shown like that. What is
 * not known here comes from a newer daemon, and is let through.
 *
 * @returns where, and what should be there; `null` when it fits
 */
export async function answerOffence(
  name: OperationName,
  kind: AnswerKind,
  value: unknown,
): Promise<string | null> {
  const result = v.safeParse(await schemaOf(name, kind), value);
  if (result.typed) return null;
  const wrong = result.issues.find(({ kind }) => kind === "schema") ?? result.issues[0];
  const place = v.getDotPath(wrong);
  const found = JSON.stringify(wrong.input)?.slice(0, 100) ?? "nothing";
  return `${place === null ? "" : `${place}: `}expected ${wrong.expected}, found ${found}`;
}

/** Loads what tells of an operation, and no more: most commands ask for one thing. */
export async function loadOperation(name: OperationName): Promise<Operation> {
  if (isKeyOf(DAEMON_OPERATIONS, name)) return DAEMON_OPERATIONS[name];
  const { MIRROR_OPERATIONS } = await import("./mirror_operations.ts");
  if (isKeyOf(MIRROR_OPERATIONS, name)) return MIRROR_OPERATIONS[name];
  return (await import("./operations.ts")).OPERATIONS[name];
}

async function schemaOf(name: OperationName, kind: AnswerKind): Promise<v.GenericSchema> {
  if (kind === "error") {
    const { FAILURE } = await import("./failure_schema.ts");
    // A newer daemon may have codes that are not known here.
    return v.object({ error: v.omit(FAILURE, ["code"]) });
  }
  const { answer } = await loadOperation(name);
  if (kind === "answer") return answer;
  const known = LINES.get(name);
  if (known !== undefined) return known;
  const line = (await import("./stream_line.ts")).streamLine(answer);
  LINES.set(name, line);
  return line;
}

function isKeyOf<T extends object>(table: T, name: PropertyKey): name is keyof T {
  return Object.hasOwn(table, name);
}
