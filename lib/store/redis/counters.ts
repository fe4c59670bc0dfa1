import type { DownloadBatch, Period } from "../store.ts";
import type { RedisConnection } from "./connection.ts";
import {
  downloadedKey,
  fileCounterKey,
  mirrorBytesKey,
  mirrorCounterKey,
  periodSuffix,
} from "./keys.ts";
import { ADD_DOWNLOADS } from "./scripts.ts";

/** Downloads of one mirror. */
interface MirrorCount {
  readonly downloads: number;
  readonly bytes: number;
}

/** The counters: `STATS_…`, `DOWNLOADED_…`. */
export class Counters {
  constructor(private readonly connection: RedisConnection) {}

  /** Counts the downloads of one file: one number for each period. */
  async ofFile(path: string, periods: readonly Period[]): Promise<number[]> {
    const counts = await this.connection.pipeline(
      periods.map((period) => ["hget", fileCounterKey(period), path]),
    );
    return counts.map((count) => Number(count ?? 0));
  }

  /** Counts the downloads of every mirror, summed over the periods. */
  async ofMirrors(periods: readonly Period[]): Promise<Map<number, MirrorCount>> {
    const hashes = await this.connection.pipeline(
      periods.flatMap((period) => [
        ["hgetall", mirrorCounterKey(period)] as const,
        ["hgetall", mirrorBytesKey(period)] as const,
      ]),
    ) as Record<string, string>[];
    const sums = new Map<number, MirrorCount>();
    for (const [i, hash] of hashes.entries()) {
      for (const [id, count] of Object.entries(hash)) {
        const { downloads, bytes } = sums.get(Number(id)) ?? { downloads: 0, bytes: 0 };
        sums.set(Number(id), {
          downloads: downloads + (i % 2 === 0 ? Number(count) : 0),
          bytes: bytes + (i % 2 === 0 ? 0 : Number(count)),
        });
      }
    }
    return sums;
  }

  /** Downloads of every file, summed over the periods; each file comes once. */
  async *ofAllFiles(periods: readonly Period[]): AsyncGenerator<ReadonlyMap<string, number>> {
    const sums = new Map<string, number>();
    for (const period of periods) {
      // Redis may give a field twice.
      const counts = new Map<string, number>();
      let cursor = "0";
      do {
        const [next, fields] = await this.connection.run((redis) =>
          redis.hscan(fileCounterKey(period), cursor, "COUNT", 1_000)
        );
        for (let i = 0; i < fields.length; i += 2) counts.set(fields[i]!, Number(fields[i + 1]));
        cursor = next;
      } while (cursor !== "0");
      for (const [path, count] of counts) sums.set(path, (sums.get(path) ?? 0) + count);
    }
    if (sums.size > 0) yield sums;
  }

  /** Adds a batch, wholly or not at all. */
  async add({ day, files, mirrors }: DownloadBatch): Promise<void> {
    if (files.size === 0 && mirrors.size === 0) return;
    const endings = ["", day.slice(0, 4), day.slice(0, 7), day].map(periodSuffix);
    const args: (string | number)[] = [endings.length, ...endings, files.size];
    for (const [path, downloads] of files) args.push(path, downloads);
    for (const [id, { downloads, bytes }] of mirrors) args.push(id, downloads, bytes);
    await this.connection.script(ADD_DOWNLOADS, ...args);
  }

  /** Remembers a download for some seconds from now on, and tells whether it was remembered already. */
  async remember(clientHash: string, path: string, seconds: number): Promise<boolean> {
    const key = downloadedKey(clientHash, path);
    const life = Math.max(1, Math.round(seconds));
    const answers = await this.connection.run((redis) =>
      redis.multi().exists(key).set(key, 1, "EX", life).exec()
    );
    return answers?.[0]?.[1] === 1;
  }
}
