import type { Redis } from "ioredis";
import { forbiddenCommands } from "./needed_commands.ts";
import { reasonOf } from "./redis_error.ts";
import { type RedisOptions, serverText } from "./redis_options.ts";

/** Complaints that are told at most. */
const MOST = 100;

/** What a server refuses, in the log: each thing once. */
export class Complaints {
  readonly #options: RedisOptions;
  readonly #told = new Set<string>();

  constructor(options: RedisOptions) {
    this.#options = options;
  }

  /** Tells something that nobody was told before. */
  once(complaint: string): void {
    if (this.#told.has(complaint) || this.#told.size >= MOST) return;
    this.#told.add(complaint);
    this.#options.log.error(complaint);
  }

  /** Tells the first refusal of each command, with its name. */
  refused(error: unknown): void {
    const { command } = error as { command?: { name?: unknown } };
    const name = typeof command?.name === "string" ? ` (${command.name.toUpperCase()})` : "";
    const reason = reasonOf(error, this.#options.password).replace(/ script: .*$/, "");
    this.once(`${serverText(this.#options)} refuses a command${name}: ${reason}`);
  }

  /** Tells what is forbidden of all that is needed, before something fails. */
  async tellForbidden(redis: Redis): Promise<void> {
    const found = await forbiddenCommands(redis);
    if (found === null || found.complaints.length === 0) return;
    const { log, password } = this.#options;
    const complaint = `${serverText(this.#options)} forbids to the user "${found.user}" what is ` +
      `needed: ${
        found.complaints.join(", ")
      }; allow it (ACL SETUSER), or parts of the program fail`;
    log.error(reasonOf(new Error(complaint), password));
  }
}
