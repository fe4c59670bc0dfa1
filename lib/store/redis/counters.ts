import type { DownloadBatch, Period } from "../store.ts";
import { type RedisConnection, WRONG_TYPE } from "./connection.ts";
import type { LeftOut } from "./left_out.ts";
import {
  batchKey,
  downloadedKey,
  fileCounterKey,
  mirrorBytesKey,
  mirrorCounterKey,
  periodSuffix,
} from "./keys.ts";
import { ADD_DOWNLOADS } from "./download_script.ts";
import { hashReply, OddReplyError, optionalTextReply, pageReply, textsReply } from "./reply.ts";

/**
 * Seconds for which a batch that was written is known as such, if its writer never learns of it: longer
 * than any outage after which a journal is still there. A writer that learns of it removes the mark.
 */
const MARK_LIFE = 30 * 24 * 3600;

/** Downloads of one mirror. */
interface MirrorCount {
  readonly downloads: number;
  readonly bytes: number;
}

/** The counters: `STATS_…`, `DOWNLOADED_…`. */
export class Counters {
  readonly #connection: RedisConnection;
  readonly #leftOut: LeftOut;

  /** @param leftOut told of keys that cannot be used */
  constructor(connection: RedisConnection, leftOut: LeftOut) {
    this.#connection = connection;
    this.#leftOut = leftOut;
  }

  /** Counts the downloads of one file: one number for each period. */
  async ofFile(path: string, periods: readonly Period[]): Promise<number[]> {
    const counts = await this.#read(
      periods.map((period) => ["hget", fileCounterKey(period), path]),
      null,
    );
    return counts.map((count, i) =>
      this.#number(fileCounterKey(periods[i]!), optionalTextReply(count) ?? "0")
    );
  }

  /** Counts the downloads of every mirror, summed over the periods. */
  async ofMirrors(periods: readonly Period[]): Promise<Map<number, MirrorCount>> {
    const keys = periods.flatMap((period) => [mirrorCounterKey(period), mirrorBytesKey(period)]);
    const hashes = await this.#read(keys.map((key) => ["hgetall", key] as const), {});
    const sums = new Map<number, MirrorCount>();
    for (const [i, hash] of hashes.entries()) {
      for (const [id, text] of Object.entries(hashReply(hash))) {
        const { downloads, bytes } = sums.get(Number(id)) ?? { downloads: 0, bytes: 0 };
        const count = this.#number(keys[i]!, text);
        sums.set(Number(id), {
          downloads: downloads + (i % 2 === 0 ? count : 0),
          bytes: bytes + (i % 2 === 0 ? 0 : count),
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
      const key = fileCounterKey(period);
      let cursor = "0";
      do {
        const [next, fields] = await this.#connection.run(async (redis) =>
          pageReply(await redis.hscan(key, cursor, "COUNT", 1_000), cursor)
        );
        for (let i = 0; i < fields.length; i += 2) {
          counts.set(fields[i]!, this.#number(key, fields[i + 1]!));
        }
        cursor = next;
      } while (cursor !== "0");
      for (const [path, count] of counts) sums.set(path, (sums.get(path) ?? 0) + count);
    }
    if (sums.size > 0) yield sums;
  }

  /**
   * Adds a batch, wholly or not at all.
   *
   * @param id under which it counts once, until it is forgotten
   */
  async add({ day, files, mirrors, ranged = [] }: DownloadBatch, id?: string): Promise<void> {
    if (files.size + mirrors.size + ranged.length === 0) return;
    const endings = ["", day.slice(0, 4), day.slice(0, 7), day].map(periodSuffix);
    const mark = id === undefined ? "" : batchKey(id);
    const args: (string | number)[] = [mark, MARK_LIFE, endings.length, ...endings];
    args.push(files.size);
    for (const [path, downloads] of files) args.push(path, downloads);
    args.push(mirrors.size);
    for (const [id, { downloads, bytes }] of mirrors) args.push(id, downloads, bytes);
    for (const { clientHash, path, mirrorId, size, seconds } of ranged) {
      const life = Math.max(1, Math.round(seconds));
      args.push(downloadedKey(clientHash, path), life, path, mirrorId ?? "", size);
    }
    const answer = textsReply(await this.#connection.script(ADD_DOWNLOADS, ...args));
    const [counted = "", ...odd] = answer;
    if (!/^\d+$/.test(counted)) throw new OddReplyError("a number", answer);
    for (let i = 0; i + 1 < odd.length; i += 2) this.#leftOut.add(odd[i]!, odd[i + 1]!);
    await this.#connection.settle();
  }

  /** Asks hashes of counters; what holds another type has none. */
  async #read(
    commands: readonly (readonly ["hget" | "hgetall", key: string, ...string[]])[],
    none: unknown,
  ): Promise<unknown[]> {
    const answers = await this.#connection.tolerantPipeline(commands);
    return answers.map((answer, i) => {
      if (answer !== WRONG_TYPE) return answer;
      this.#leftOut.add(commands[i]![1], "WRONGTYPE");
      return none;
    });
  }

  /** Takes a field of a hash of counters; what is no number counts as none. */
  #number(key: string, text: string): number {
    const count = Number(text);
    if (Number.isFinite(count)) return count;
    // As Redis says when it is to be increased.
    this.#leftOut.add(key, "ERR hash value is not an integer");
    return 0;
  }

  /** Removes the mark of a batch. */
  async forget(id: string): Promise<void> {
    await this.#connection.run((redis) => redis.del(batchKey(id)));
  }
}
