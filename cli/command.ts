import type { ControlClient } from "../lib/control/client.ts";
import type { Environment } from "./environment.ts";
import type { Flags, ParsedArguments } from "./flags.ts";

/** All commands: each is loaded when it is needed. */
export interface CommandList {
  readonly names: readonly string[];
  /** Loads a command. @returns `null` when there is none of that name, in whatever case */
  readonly load: (name: string) => Promise<Command | null>;
  /** Loads every command, in the order of their names. */
  readonly all: () => Promise<readonly Command[]>;
}

/** What a command runs in. */
export interface CommandContext extends Environment {
  /** What there is beside this command. */
  readonly commands: CommandList;
  /** Talks to the daemon that the options before the command name. */
  readonly client: ControlClient;
}

/** Whether a command is the server, talks to one, or needs none. */
export type CommandGroup = "server" | "client" | "local";

/** A command: what it is called, what it takes, what it does. */
export interface Command<F extends Flags = Flags> {
  readonly name: string;
  readonly group: CommandGroup;
  /** What follows the name in the usage text. */
  readonly usage: string;
  /** A few words for the list of commands. */
  readonly summary: string;
  /** For the usage text; default: the summary. */
  readonly description?: string;
  /** What is worth knowing beside the options: whole sentences, for the help. */
  readonly details?: string;
  /** Command lines that people will want, with what they do. */
  readonly examples?: readonly (readonly [line: string, does: string])[];
  readonly flags: F;
  /** How many operands it takes, at least and at most. */
  readonly operands: readonly [least: number, most: number];
  /**
   * What a shell offers for each operand, where a subject is what `help` tells about: a command or a
   * topic. Absent: nothing.
   */
  readonly completes?: readonly ("mirror" | "file" | "subject" | readonly string[])[];
  /**
   * Looks at the arguments before there is any connection; absent: each by itself is enough.
   *
   * @throws {UsageError} what is wrong with them together
   */
  readonly check?: (args: ParsedArguments<F>) => void;
  /**
   * Does it.
   *
   * @returns the exit code: 0 done, 1 failed
   * @throws {UsageError} when the arguments contradict each other
   * @throws {ControlClientError}
   */
  readonly run: (args: ParsedArguments<F>, context: CommandContext) => Promise<number>;
}

/** Makes a command whose options keep their types. */
export function defineCommand<F extends Flags>(command: Command<F>): Command {
  return command as unknown as Command;
}
