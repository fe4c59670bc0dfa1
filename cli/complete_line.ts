import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import type { Flag, Flags } from "./flags.ts";
import { GLOBAL_FLAGS, type GlobalFlags } from "./global_flags.ts";
import { TOPICS } from "./topics.ts";

/** A word that could stand there. */
export interface Candidate {
  readonly value: string;
  /** A few words about it; may be empty. */
  readonly about: string;
}

/** The words that could stand there, or that it is the name of a file. */
export type Completion = readonly Candidate[] | "file";

/** Names the mirrors of the daemon that the options before the command mean. */
type MirrorNames = (flags: GlobalFlags) => Promise<readonly string[]>;

/** What the words before the last one say. */
interface Walked {
  readonly operands: readonly string[];
  readonly values: ReadonlyMap<string, string>;
  /** The option that waits for its value. */
  readonly waiting: Flag<unknown> | null;
}

/**
 * Finds what could stand in place of the last word of a command line.
 *
 * @param words of the command line, without the program's name; the last may be empty
 * @param mirrorNames asked only when the word is a mirror; when it fails, no names are offered
 */
export async function completeLine(
  words: readonly string[],
  commands: readonly Command[],
  mirrorNames: MirrorNames,
): Promise<Completion> {
  const last = words.at(-1) ?? "";
  const before = walk(GLOBAL_FLAGS, words.slice(0, -1), true);
  const [name, ...rest] = before.operands;
  if (name === undefined) {
    return completeWord(last, GLOBAL_FLAGS, before.waiting, commands.map(asCandidate));
  }
  const command = commands.find((one) => one.name === name.toLowerCase());
  if (!command) return [];
  const walked = walk(command.flags, rest, false);
  const operand = command.completes?.[walked.operands.length] ?? [];
  if (operand !== "mirror" || last.startsWith("-") || walked.waiting) {
    const others = operand === "file"
      ? operand
      : operand === "subject"
      ? [...commands, ...TOPICS].map(asCandidate)
      : asCandidates(operand === "mirror" ? [] : operand);
    return completeWord(last, command.flags, walked.waiting, others);
  }
  const names = await namesOrNone(mirrorNames, before.values);
  return completeWord(last, command.flags, null, asCandidates([...names].sort()));
}

function completeWord(
  last: string,
  flags: Flags,
  waiting: Flag<unknown> | null,
  others: Completion,
): Completion {
  if (waiting) {
    const { completes = [] } = waiting;
    return completes === "file" ? completes : matching(last, asCandidates(completes));
  }
  if (!last.startsWith("-")) return others === "file" ? others : matching(last, others);
  const dashes = last.startsWith("--") ? "--" : "-";
  const options = Object.entries(flags).map(([name, { usage }]) => ({
    value: dashes + name,
    about: usage,
  }));
  return matching(last, options);
}

/** A shell has no use for a candidate that begins otherwise, but for its case. */
function matching(last: string, candidates: readonly Candidate[]): Candidate[] {
  const typed = last.toLowerCase();
  return candidates.filter(({ value }) => value.toLowerCase().startsWith(typed));
}

function asCandidate({ name, summary }: Pick<Command, "name" | "summary">): Candidate {
  return { value: name, about: summary };
}

function asCandidates(words: readonly string[]): Candidate[] {
  return words.map((value) => ({ value, about: "" }));
}

/** Reads words as far as they can be understood. */
function walk(flags: Flags, words: readonly string[], stopAtOperand: boolean): Walked {
  const operands: string[] = [];
  const values = new Map<string, string>();
  let waiting: Flag<unknown> | null = null;
  for (const argument of readArguments(flags, words, { stopAtOperand })) {
    if (argument.kind === "operand") operands.push(argument.text);
    if (argument.kind !== "option") continue;
    if (argument.value === null) waiting = argument.flag;
    else values.set(argument.name, argument.value);
  }
  return { operands, values, waiting };
}

/** A prompt is no place for errors. */
async function namesOrNone(
  mirrorNames: MirrorNames,
  values: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  try {
    return await mirrorNames(globalFlags(values));
  } catch {
    return [];
  }
}

function globalFlags(values: ReadonlyMap<string, string>): GlobalFlags {
  const entries = Object.entries(GLOBAL_FLAGS).map(([name, flag]) => {
    const value = values.get(name);
    return [
      name,
      value === undefined ? flag.byDefault : flag.parse(value, flag.byDefault as never),
    ];
  });
  return Object.fromEntries(entries) as GlobalFlags;
}
