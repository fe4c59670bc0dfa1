import type { ControlClient } from "../lib/control/client.ts";
import type { Environment } from "./environment.ts";
import type { Flags, ParsedArguments } from "./flags.ts";

/** What a command runs in. */
export interface CommandContext extends Environment {
  /** Talks to the daemon that the options before the command name. */
  readonly client: ControlClient;
}

/** A command: what it is called, what it takes, what it does. */
export interface Command<F extends Flags = Flags> {
  readonly name: string;
  /** Whether it is the server, or talks to one. */
  readonly group: "server" | "client";
  /** What follows the name in the usage text. */
  readonly usage: string;
  /** A few words for the list of commands. */
  readonly summary: string;
  /** For the usage text; default: the summary. */
  readonly description?: string;
  readonly flags: F;
  /** How many operands it takes, at least and at most. */
  readonly operands: readonly [least: number, most: number];
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
