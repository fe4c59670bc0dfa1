import type { Hour, Period } from "../download_counts.ts";
import type { RememberedDownload, TransferPart } from "../transfer/transfer.ts";
import type { LeftOut } from "./left_out.ts";
import { type RedisConnection, WRONG_TYPE } from "./connection.ts";
import {
  fileCounterKey,
  mirrorBytesKey,
  mirrorCounterKey,
  readCounterKey,
  revisionsKey,
} from "./keys.ts";
import { optionalTextReply, pageReply } from "./reply.ts";
import { keyPages } from "./key_pages.ts";

/** Commands of one pipeline. */
const BATCH = 500;

/** Reads everything that was counted, key by key, for another store. */
export class CounterExport {
  readonly #connection: RedisConnection;
  readonly #leftOut: LeftOut;
  readonly #now: () => number;

  /**
   * @param leftOut is told of what another program wrote in the place of counters
   * @param now milliseconds since the epoch
   */
  constructor(connection: RedisConnection, leftOut: LeftOut, now: () => number) {
    this.#connection = connection;
    this.#leftOut = leftOut;
    this.#now = now;
  }

  /** Walks over all keys once: which periods have counters, what is remembered, what has revisions. */
  async search(): Promise<
    {
      periods: Period[];
      times: (Hour | Period)[];
      remembered: string[];
      revised: string[];
    }
  > {
    const found = { counters: new Set<Period>(), series: new Set<Hour | Period>() };
    const remembered = new Set<string>();
    const revised = new Set<string>();
    const prefix = revisionsKey("");
    for await (const keys of keyPages(this.#connection)) {
      for (const key of keys) {
        const counter = readCounterKey(key);
        if (counter !== null) found[counter[0]].add(counter[1]);
        else if (/^DOWNLOADED_[0-9a-f]{64}_/.test(key)) remembered.add(key);
        else if (key.startsWith(prefix)) revised.add(key.slice(prefix.length));
      }
    }
    return {
      periods: [...found.counters].sort(),
      times: [...found.series].sort(),
      remembered: [...remembered],
      revised: [...revised],
    };
  }

  /** What was counted in a period: of files, then of mirrors. */
  async *ofPeriod(period: Period): AsyncGenerator<TransferPart> {
    const counts = await this.counts(fileCounterKey(period));
    if (counts.size > 0) yield { type: "file_downloads", period, counts };
    const downloads = await this.counts(mirrorCounterKey(period), /^\d{1,15}$/);
    const bytes = await this.counts(mirrorBytesKey(period), /^\d{1,15}$/);
    const ids = [...new Set([...downloads.keys(), ...bytes.keys()])];
    if (ids.length === 0) return;
    yield {
      type: "mirror_downloads",
      period,
      counts: new Map(ids.map((id) => [Number(id), {
        downloads: downloads.get(id) ?? 0,
        bytes: bytes.get(id) ?? 0,
      }])),
    };
  }

  /**
   * Reads a hash of counters. What another program wrote there in their place is told of, and left out.
   *
   * @param names the fields that there may be; default: any
   */
  async counts(key: string, names = /^/): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    let cursor = "0";
    do {
      const [answer] = await this.#connection.tolerantPipeline([
        ["hscan", key, cursor, "COUNT", 1_000],
      ]);
      if (answer === WRONG_TYPE) {
        this.#leftOut.add(key, "WRONGTYPE");
        return counts;
      }
      const [next, fields] = pageReply(answer, cursor);
      for (let i = 0; i < fields.length; i += 2) {
        const [field, count] = [fields[i]!, wholeNumber(fields[i + 1]!)];
        if (count !== null && names.test(field)) counts.set(field, count);
        else this.#leftOut.addField(key, field);
      }
      cursor = next;
    } while (cursor !== "0");
    return counts;
  }

  /** Who downloaded which file in ranges, as long as that is remembered. @param keys all of it */
  async remembered(keys: readonly string[]): Promise<RememberedDownload[]> {
    const found: RememberedDownload[] = [];
    for (let i = 0; i < keys.length; i += BATCH) {
      const some = keys.slice(i, i + BATCH);
      const lives = await this.#connection.pipeline(some.map((key) => ["pttl", key]));
      const now = this.#now();
      for (const [j, key] of some.entries()) {
        const life = Number(lives[j]);
        if (life <= 0) continue;
        const at = "DOWNLOADED_".length + 64;
        const clientHash = key.slice(at - 64, at);
        found.push({ clientHash, path: key.slice(at + 1), expires: now + life });
      }
    }
    return found;
  }

  /** Reads a key that holds a number; 0: there is none. */
  async number(key: string): Promise<number> {
    const [answer] = await this.#connection.tolerantPipeline([["get", key]]);
    if (answer === WRONG_TYPE) this.#leftOut.add(key, "WRONGTYPE");
    const text = answer === WRONG_TYPE ? null : optionalTextReply(answer);
    const number = text === null ? 0 : wholeNumber(text);
    if (number === null) this.#leftOut.add(key, "it is no whole number");
    return number ?? 0;
  }
}

/** @returns `null`: it is none that counts something */
function wholeNumber(text: string): number | null {
  return /^-?\d{1,20}$/.test(text) ? Number(text) : null;
}
