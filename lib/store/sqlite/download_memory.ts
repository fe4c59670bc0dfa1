import type { StatementSync } from "node:sqlite";
import type { Connection } from "./connection.ts";
import type { MemoryMask } from "./memory_mask.ts";

/** With each download that is remembered, up to this many are forgotten that are over. */
const FORGOTTEN = 4;

/** Remembers for a while which client downloads what. */
export class DownloadMemory {
  readonly #find: StatementSync;
  readonly #put: StatementSync;
  readonly #forget: StatementSync;
  readonly #mask: MemoryMask;

  /**
   * @param connection a connection that writes
   * @param mask hides who the clients are
   */
  constructor(connection: Connection, mask: MemoryMask) {
    this.#mask = mask;
    this.#find = connection.prepare(`
      SELECT expires FROM remembered WHERE client = unhex(?) AND path = ?`);
    this.#put = connection.prepare(`
      INSERT INTO remembered (client, path, expires) VALUES (unhex(?), ?, ?)
      ON CONFLICT DO UPDATE SET expires = excluded.expires`);
    this.#forget = connection.prepare(`
      DELETE FROM remembered WHERE (client, path) IN (
        SELECT client, path FROM remembered WHERE expires <= ? ORDER BY expires LIMIT ${FORGOTTEN})`);
  }

  /**
   * Remembers a download; to be called in a transaction.
   *
   * @param now milliseconds since the epoch
   * @param expires until when, in milliseconds since the epoch
   * @returns whether it was remembered already
   */
  remember(clientHash: string, path: string, now: number, expires: number): boolean {
    const client = this.#mask.hide(clientHash, path);
    const until = Number(this.#find.get(client, path)?.expires ?? 0);
    // Beyond that it is of a time before the clock was set back.
    const known = until > now && until <= expires;
    this.#forget.run(now);
    this.#put.run(client, path, expires);
    return known;
  }
}
