import type { MirrorEvent } from "../../catalog/mirror_event.ts";
import type { Log } from "../../log/log.ts";
import { messageOf } from "../../log/message_of.ts";
import type { StoreReader } from "../store_reader.ts";
import type { Connection } from "./connection.ts";
import { EventReader } from "./event_table.ts";
import { requireCurrentFormat } from "./migrations.ts";
import { openConnection } from "./open_connection.ts";
import { type Attempt, SqliteReads } from "./sqlite_reads.ts";

/**
 * Opens a connection of its own that only reads, for an HTTP thread. It never waits for the writer.
 *
 * @param options.path the database file; the store must have been opened before
 * @param options.now milliseconds since the epoch; absent: long work lets others have a turn at each step
 * @param options.log told once when it cannot be read any more, until it can; absent: nobody is
 * @throws StoreUnavailableError when the file is missing, damaged, or in another format
 */
export function openSqliteReader(
  { path, log, now = () => NaN }: {
    readonly path: string;
    readonly log?: Pick<Log, "error">;
    readonly now?: () => number;
  },
): SqliteReader {
  const connection = openConnection({ path, readOnly: true });
  try {
    requireCurrentFormat(connection);
    return new SqliteReader(connection, now, attemptAloud(connection, log));
  } catch (error) {
    connection[Symbol.dispose]();
    throw error;
  }
}

/** The reading half of the embedded store, over a connection of its own. */
export class SqliteReader extends SqliteReads implements StoreReader {
  readonly #connection: Connection;
  readonly #attempt: Attempt;
  readonly #events: EventReader;

  /**
   * Takes the connection over; {@linkcode openSqliteReader} makes it.
   *
   * @param connection only reads
   * @param now milliseconds since the epoch
   * @param attempt how it is read
   */
  constructor(connection: Connection, now: () => number, attempt: Attempt) {
    super(connection, now, attempt);
    this.#connection = connection;
    this.#attempt = attempt;
    this.#events = new EventReader(connection);
  }

  events(mirrorId: number, limit: number): MirrorEvent[] {
    return this.#attempt(() => this.#events.newest(mirrorId, limit));
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#connection[Symbol.dispose]();
    return Promise.resolve();
  }
}

/** Reads, and tells once when that fails, until it does not. */
function attemptAloud(connection: Connection, log: Pick<Log, "error"> | undefined): Attempt {
  let failing = false;
  return (read) => {
    try {
      const result = connection.attempt(read);
      failing = false;
      return result;
    } catch (error) {
      if (!failing && !connection.closed) log?.error(messageOf(error));
      failing = true;
      throw error;
    }
  };
}
