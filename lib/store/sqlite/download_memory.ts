import type { StatementSync } from "node:sqlite";
import { BYTES, countryName, DOWNLOADS } from "../../catalog/series_name.ts";
import type { DownloadBatch, RangedCount } from "../download_counts.ts";
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

/**
 * Decides which downloads in ranges of a batch count, and adds these to the others.
 *
 * @param remember remembers the client of a download, and tells whether it was remembered already
 * @returns the batch without downloads in ranges; what counts for the day alone stands under the day
 */
export function countRanges(
  batch: DownloadBatch,
  remember: (download: RangedCount) => boolean,
): DownloadBatch {
  const counted = batch.ranged?.filter((download) => !remember(download)) ?? [];
  if (counted.length === 0) return batch;
  const { day } = batch;
  const files = new Map(batch.files);
  const mirrors = new Map(batch.mirrors);
  const hours = new Map([...batch.hours ?? []].map(([hour, counts]) => [hour, new Map(counts)]));
  for (const { path, mirrorId, size, hour = day, country = "" } of counted) {
    files.set(path, (files.get(path) ?? 0) + 1);
    let counts = hours.get(hour);
    if (counts === undefined) hours.set(hour, counts = new Map());
    increase(counts, DOWNLOADS, 1);
    increase(counts, countryName(country), 1);
    if (mirrorId === null) continue;
    increase(counts, BYTES, size);
    const { downloads, bytes } = mirrors.get(mirrorId) ?? { downloads: 0, bytes: 0 };
    mirrors.set(mirrorId, { downloads: downloads + 1, bytes: bytes + size });
  }
  return { day, files, mirrors, hours };
}

function increase(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}
