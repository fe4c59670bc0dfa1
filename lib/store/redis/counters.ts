import { countryName } from "../../catalog/series_name.ts";
import type {
  CountedPeriods,
  DownloadBatch,
  DownloadCount,
  Hour,
  Period,
} from "../download_counts.ts";
import { type RedisConnection, WRONG_TYPE } from "./connection.ts";
import { ADD_DOWNLOADS } from "./download_script.ts";
import { keyPages } from "./key_pages.ts";
import {
  batchKey,
  downloadedKey,
  fileCounterKey,
  mirrorBytesKey,
  mirrorCounterKey,
  periodSuffix,
  readCounterKey,
  seriesKey,
} from "./keys.ts";
import type { LeftOut } from "./left_out.ts";
import {
  countReply,
  fieldsReply,
  hashReply,
  numberReply,
  OddReplyError,
  optionalTextReply,
  pageReply,
  textsReply,
} from "./reply.ts";

/**
 * Seconds for which a batch that was written is known as such, if its writer never learns of it: longer
 * than any outage after which a journal is still there. A writer that learns of it removes the mark.
 */
const MARK_LIFE = 30 * 24 * 3600;

/** String: all downloads ever. */
const TOTAL = "STATS_TOTAL";

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
  async add(batch: DownloadBatch, id?: string): Promise<void> {
    const { day, files, mirrors, hours = new Map<Hour, never>(), ranged = [] } = batch;
    if (files.size + mirrors.size + hours.size + ranged.length === 0) return;
    const endings = ["", day.slice(0, 4), day.slice(0, 7), day].map(periodSuffix);
    const mark = id === undefined ? "" : batchKey(id);
    const args: (string | number)[] = [mark, MARK_LIFE, endings.length, ...endings];
    args.push(hours.size + ranged.length > 0 ? periodSuffix(day) : "", files.size);
    for (const [path, downloads] of files) args.push(path, downloads);
    args.push(mirrors.size);
    for (const [id, { downloads, bytes }] of mirrors) args.push(id, downloads, bytes);
    args.push(hours.size);
    for (const [hour, counts] of hours) {
      args.push(hour === day ? "" : periodSuffix(hour), counts.size);
      for (const [name, count] of counts) args.push(name, count);
    }
    for (const { clientHash, path, mirrorId, size, seconds, hour, country } of ranged) {
      const life = Math.max(1, Math.round(seconds));
      args.push(downloadedKey(clientHash, path), life, path, mirrorId ?? "", size);
      args.push(hour === undefined ? "" : periodSuffix(hour), countryName(country ?? ""));
    }
    const answer = textsReply(await this.#connection.script(ADD_DOWNLOADS, ...args));
    const [counted = "", ...odd] = answer;
    if (!/^\d+$/.test(counted)) throw new OddReplyError("a number", answer);
    for (let i = 0; i + 1 < odd.length; i += 2) this.#leftOut.add(odd[i]!, odd[i + 1]!);
    await this.#connection.settle();
  }

  /** Counts the downloads of one mirror, or of all together: one count for each period. */
  async byPeriod(mirrorId: number | null, periods: readonly Period[]): Promise<DownloadCount[]> {
    const keys = periods.flatMap((period) => [mirrorCounterKey(period), mirrorBytesKey(period)]);
    const answers = mirrorId === null
      ? (await this.#read(keys.map((key) => ["hgetall", key] as const), {}))
        .map((hash) => Object.values(hashReply(hash)))
      : (await this.#read(keys.map((key) => ["hget", key, `${mirrorId}`] as const), null))
        .map((text) => [optionalTextReply(text) ?? "0"]);
    const sums = answers.map((texts, i) =>
      texts.reduce((sum, text) => sum + this.#number(keys[i]!, text), 0)
    );
    return periods.map((_, i) => ({ downloads: sums[2 * i]!, bytes: sums[2 * i + 1]! }));
  }

  /** All downloads ever. */
  async total(): Promise<number> {
    const [total] = await this.#read([["get", TOTAL]], null);
    return this.#number(TOTAL, optionalTextReply(total) ?? "0");
  }

  /** Reads numbers by their names; `null`: nothing was counted then. */
  async series(
    times: readonly (Hour | Period)[],
    names: readonly string[],
  ): Promise<(readonly number[] | null)[]> {
    if (times.length === 0) return [];
    const hashes = times.map(seriesKey);
    const answers = await this.#read(
      hashes.flatMap((key) => [["hlen", key] as const, ["hmget", key, ...names] as const]),
      null,
    );
    return hashes.map((key, i) => {
      const [length, fields] = [answers[2 * i] ?? 0, answers[2 * i + 1]];
      if (numberReply(length) === 0) return null;
      const texts = fieldsReply(fields ?? []);
      return names.map((_, j) => this.#number(key, texts[j] ?? "0"));
    });
  }

  /** Sums up numbers by their names. */
  async seriesSums(times: readonly (Hour | Period)[]): Promise<Map<string, number>> {
    const keys = [...new Set(times)].map(seriesKey);
    const hashes = await this.#read(keys.map((key) => ["hgetall", key] as const), {});
    const sums = new Map<string, number>();
    for (const [i, hash] of hashes.entries()) {
      for (const [name, text] of Object.entries(hashReply(hash))) {
        sums.set(name, (sums.get(name) ?? 0) + this.#number(keys[i]!, text));
      }
    }
    return sums;
  }

  /** Walks over all keys: in which periods something was counted. */
  async periods(): Promise<CountedPeriods> {
    const found = { counters: new Set<Period>(), series: new Set<Hour | Period>() };
    for await (const keys of keyPages(this.#connection)) {
      for (const key of keys) {
        const counter = readCounterKey(key);
        if (counter !== null) found[counter[0]].add(counter[1]);
      }
    }
    return { counters: [...found.counters].sort(), series: [...found.series].sort() };
  }

  /** Removes what was counted in a period. @returns how many counters there were */
  async remove(
    kind: keyof CountedPeriods,
    period: Hour | Period,
    signal?: AbortSignal,
  ): Promise<number> {
    const keys = kind === "series"
      ? [seriesKey(period)]
      : [fileCounterKey(period), mirrorCounterKey(period), mirrorBytesKey(period)];
    let removed = 0;
    for (const key of keys) {
      const [length] = await this.#read([["hlen", key]], null);
      if (length === null) continue;
      // Bytes belong to downloads that are counted already.
      if (key !== mirrorBytesKey(period)) removed += countReply(length);
      await this.#shorten(key, signal);
      await this.#connection.run((redis) => redis.del(key));
    }
    return removed;
  }

  /** Empties a hash in small parts: to remove a large one at once would make everybody wait. */
  async #shorten(key: string, signal?: AbortSignal): Promise<void> {
    let cursor = "0";
    do {
      signal?.throwIfAborted();
      const [next, fields] = await this.#connection.run(async (redis) =>
        pageReply(await redis.hscan(key, cursor, "COUNT", 1_000), cursor)
      );
      const names = fields.filter((_, i) => i % 2 === 0);
      if (names.length > 0) await this.#connection.run((redis) => redis.hdel(key, ...names));
      cursor = next;
    } while (cursor !== "0");
  }

  /** Asks keys of counters; what holds another type has none. */
  async #read(
    commands: readonly (readonly [
      "get" | "hget" | "hgetall" | "hlen" | "hmget",
      key: string,
      ...string[],
    ])[],
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
