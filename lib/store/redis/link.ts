import type { StoreCondition } from "../condition.ts";
import type { ChangeFeed } from "./change_feed.ts";
import type { LeftOut } from "./left_out.ts";
import { Complaints, WriteRefusal } from "./complaints.ts";
import { describeFailure, RedisConnection } from "./connection.ts";
import { markDatabase, UnsupportedDatabaseError } from "./database_version.ts";
import { mayRunScripts } from "./may_run_scripts.ts";
import { OutageLog } from "./outage_log.ts";
import { prepareDatabase } from "./prepare_database.ts";
import { isForbidden, RedisRefusedError } from "./redis_error.ts";
import { type RedisOptions, serverText } from "./redis_options.ts";
import { Subscriber } from "./subscriber.ts";

/** What {@linkcode RedisLink} works with. */
export interface RedisLinkParts {
  /** Told when the store comes and goes, and when messages may have been missed. */
  readonly feed: ChangeFeed;
  /** Told when a database that is used has lost everything. */
  readonly condition: StoreCondition;
  /** Gets the keys that hold another type than they should. */
  readonly leftOut: LeftOut;
}

/** The two connections of a store, one for commands, one that listens, and what people are told of them. */
export class RedisLink implements AsyncDisposable {
  /** Fulfilled after the first attempt to connect; rejected when the database must not be used. */
  readonly opened: Promise<void>;
  /** For commands. */
  readonly connection: RedisConnection;
  /** Listens. */
  readonly subscriber: Subscriber;
  readonly #feed: ChangeFeed;
  readonly #refusal: WriteRefusal;
  #serverName = "Redis";
  /** Whether the database was there before. */
  #used = false;
  /** Whether messages were missed that nobody was told of yet. */
  #missed = false;

  /** Connects. */
  constructor(options: RedisOptions, { feed, condition, leftOut }: RedisLinkParts) {
    this.#feed = feed;
    const complaints = new Complaints(options);
    const outage = new OutageLog(`${serverText(options)} is available again`, options);
    this.#refusal = new WriteRefusal(
      options,
      () => this.connection.run(markDatabase),
      condition,
    );
    this.connection = new RedisConnection(options, {
      prepare: async (redis) => {
        if (await prepareDatabase(redis, options, this.#used)) {
          // The log knows already.
          condition.set("loss", "all mirrors are gone from the store");
        }
        const first = !this.#used;
        this.#used = true;
        if (!await mayRunScripts(redis)) {
          throw new RedisRefusedError(
            `${serverText(options)} forbids scripts to this user: ` +
              "allow the commands of the category @scripting",
          );
        }
        if (first) await complaints.tellForbidden(redis);
      },
      up: (info) => {
        this.#serverName = info.name;
        outage.end();
        feed.tell({ type: "availability", available: true });
        this.#tellMissed();
      },
      down: (error) => {
        const first = outage.begin(describeFailure(error, options), isPersistent(error));
        if (first) feed.tell({ type: "availability", available: false });
      },
      refused: (error) => this.#refusal.begin(error),
      forbidden: (error) => complaints.refused(error),
      wrongType: (key) => leftOut.add(key, "WRONGTYPE"),
    });
    this.subscriber = new Subscriber(options, feed, {
      up: () => {
        this.#missed = true;
        this.#tellMissed();
      },
      down: (error) => {
        const reason = describeFailure(error, options);
        const alone = this.connection.available && isForbidden(error);
        if (alone) complaints.once(`Changes made by others stay unseen: ${reason}`);
        else options.log.debug(`No messages for now: ${reason}`);
      },
    });
    this.opened = this.#open();
    this.opened.catch(() => {});
  }

  /** What the server calls itself, with its version. */
  get serverName(): string {
    return this.#serverName;
  }

  /** Ends both connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([
      this.connection[Symbol.asyncDispose](),
      this.subscriber[Symbol.asyncDispose](),
      this.#refusal[Symbol.asyncDispose](),
    ]);
  }

  async #open(): Promise<void> {
    await Promise.all([this.connection.attempted, this.subscriber.attempted]);
    if (this.connection.lastError instanceof UnsupportedDatabaseError) {
      throw this.connection.lastError;
    }
  }

  /**
   * Whoever drops what it remembers asks for it anew: listeners hear that messages were missed only
   * once both connections are there.
   */
  #tellMissed(): void {
    if (!this.#missed || !this.connection.available || !this.subscriber.available) return;
    this.#missed = false;
    this.#feed.tell({ type: "missed" });
  }
}

/** Whether it stays so until somebody changes something. */
function isPersistent(error: unknown): boolean {
  return error instanceof RedisRefusedError;
}
