import type { Redis } from "ioredis";
import type { StoreCondition } from "../condition.ts";
import { forbiddenCommands } from "./needed_commands.ts";
import { reasonOf } from "./redis_error.ts";
import { DEFAULT_TIMINGS, type RedisOptions, serverText } from "./redis_options.ts";
import { OutageLog } from "./outage_log.ts";

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

/**
 * Tells the log once when a server that can be read refuses to write (no memory, a full disk), and
 * looks from time to time whether that is over, to tell that as well.
 */
export class WriteRefusal implements AsyncDisposable {
  readonly #log: OutageLog;
  readonly #server: string;
  readonly #closing = new AbortController();
  #probing: Promise<void> | null = null;

  readonly #options: RedisOptions;
  readonly #probe: () => Promise<unknown>;
  readonly #condition: Pick<StoreCondition, "set">;

  /**
   * @param probe writes something that changes nothing; throws when it is refused
   * @param condition told meanwhile
   */
  constructor(
    options: RedisOptions,
    probe: () => Promise<unknown>,
    condition: Pick<StoreCondition, "set">,
  ) {
    this.#options = options;
    this.#probe = probe;
    this.#condition = condition;
    this.#server = serverText(options);
    this.#log = new OutageLog(`${this.#server} takes writes again`, options);
  }

  /** A write was refused. */
  begin(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    const reason = reasonOf(error, this.#options.password).split(". ")[0];
    this.#log.begin(
      `${this.#server} refuses to write: ${reason}; what can be read is served, counters wait`,
      false,
    );
    this.#condition.set("writes", "the store cannot be written");
    this.#probing ??= this.#watch().finally(() => this.#probing = null);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#probing;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    const { lastRetry } = { ...DEFAULT_TIMINGS, ...this.#options.timings };
    while (!signal.aborted) {
      await this.#options.clock.delay(lastRetry, signal);
      if (signal.aborted) return;
      try {
        await this.#probe();
        this.#condition.set("writes", null);
        return this.#log.end();
      } catch {
        // Refused again, or the server is away, which is told elsewhere.
      }
    }
  }
}
