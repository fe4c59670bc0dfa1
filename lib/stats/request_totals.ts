import type { Clock } from "../clock/clock.ts";
import { NamedMirrors } from "./named_mirrors.ts";
import { OpenedDownloads } from "./opened_downloads.ts";
import type { RecordedAnswers } from "./recorder.ts";
import { OTHER_MIRRORS } from "./request_tally.ts";
import type { Counts, TalliedRequests, TalliedTimes } from "./tallied_requests.ts";
import { TotalTimes } from "./total_times.ts";

/** Names that are counted under one heading, at most: more than there are of any. */
const MOST_NAMES = 1_000;

/** Downloads whose parts are known to be of one, at most: some 4 MB. */
const MOST_DOWNLOADS = 50_000;

/** What {@linkcode RequestTotals} work with. */
export interface RequestTotalsOptions {
  /** Mirrors that are counted one by one, at most, as configured now. */
  readonly mirrors: () => number;
  /** Seconds within which parts of a file are one download, as configured now. */
  readonly sameDownloadInterval: () => number;
  readonly clock: Pick<Clock, "elapsed">;
}

/** What was redirected to a mirror. */
interface MirrorTotals {
  redirects: number;
  bytes: number;
}

/** What was answered since the process began: the sums of what all HTTP threads counted. */
export class RequestTotals {
  /** Who is counted one by one. */
  readonly named: NamedMirrors;
  readonly #options: RequestTotalsOptions;
  readonly #answers = new Map<string, number>();
  readonly #excluded = new Map<string, number>();
  readonly #continents = new Map<string, number>();
  readonly #countries = new Map<string, number>();
  readonly #hits = new TotalTimes();
  readonly #misses = new TotalTimes();
  readonly #lookups = new TotalTimes();
  readonly #mirrors = new Map<number, MirrorTotals>();
  readonly #others: MirrorTotals = { redirects: 0, bytes: 0 };
  readonly #downloads = new OpenedDownloads(MOST_DOWNLOADS);
  #failedLookups = 0;
  #cacheHits = 0;
  #cacheMisses = 0;

  constructor(options: RequestTotalsOptions) {
    this.#options = options;
    this.named = new NamedMirrors(options.mirrors);
  }

  /** Adds what an HTTP thread recorded. */
  add(
    { batches, opened, ranged, tallied }: Pick<
      RecordedAnswers,
      "batches" | "opened" | "ranged" | "tallied"
    >,
  ): void {
    if (tallied !== undefined) this.addTallied(tallied);
    for (const { mirrors } of batches) {
      for (const [id, { bytes }] of mirrors) this.#of(id).bytes += bytes;
    }
    const interval = this.#options.sameDownloadInterval() * 1000;
    const time = this.#options.clock.elapsed();
    this.#downloads.add(opened, time);
    for (const { hash, mirrorId, size } of ranged) {
      if (mirrorId === null || this.#downloads.has(hash, time, interval)) continue;
      this.#downloads.add([hash], time);
      this.#of(mirrorId).bytes += size;
    }
  }

  /** Adds what was counted. */
  addTallied(tallied: TalliedRequests): void {
    addCounts(this.#answers, tallied.answers);
    addCounts(this.#excluded, tallied.excluded);
    addCounts(this.#continents, tallied.continents);
    addCounts(this.#countries, tallied.countries);
    this.#hits.add(tallied.times.hit);
    this.#misses.add(tallied.times.miss);
    this.#lookups.add(tallied.lookups);
    this.#failedLookups += tallied.failedLookups;
    this.#cacheHits += tallied.cache.hits;
    this.#cacheMisses += tallied.cache.misses;
    for (const [id, redirects] of Object.entries(tallied.mirrors)) {
      const totals = id === OTHER_MIRRORS ? this.#others : this.#of(Number(id));
      totals.redirects += redirects;
    }
  }

  /** Forgets mirrors that are not there any more. @param ids of all that are there */
  keep(ids: ReadonlySet<number>): void {
    for (const id of this.named.keep(ids)) this.#mirrors.delete(id);
  }

  /** By kind of answer. */
  get answers(): ReadonlyMap<string, number> {
    return this.#answers;
  }

  /** By type of the reason. */
  get excluded(): ReadonlyMap<string, number> {
    return this.#excluded;
  }

  /** By code; empty: unknown. */
  get continents(): ReadonlyMap<string, number> {
    return this.#continents;
  }

  /** By code, as far as they were counted; empty: unknown. */
  get countries(): ReadonlyMap<string, number> {
    return this.#countries;
  }

  /** How long answers took. */
  get times(): { readonly hit: TalliedTimes; readonly miss: TalliedTimes } {
    return { hit: this.#hits, miss: this.#misses };
  }

  /** How long look-ups in the store took, and how many failed. */
  get lookups(): { readonly times: TalliedTimes; readonly failed: number } {
    return { times: this.#lookups, failed: this.#failedLookups };
  }

  /** What was redirected to mirrors, by their ID. */
  get mirrors(): ReadonlyMap<number, Readonly<MirrorTotals>> {
    return this.#mirrors;
  }

  /** What was redirected to all mirrors that are not counted one by one. */
  get others(): Readonly<MirrorTotals> {
    return this.#others;
  }

  /** Questions to what threads remember of files. */
  get cache(): { readonly hits: number; readonly misses: number } {
    return { hits: this.#cacheHits, misses: this.#cacheMisses };
  }

  #of(id: number): MirrorTotals {
    if (!this.named.has(id)) return this.#others;
    let totals = this.#mirrors.get(id);
    if (totals === undefined) this.#mirrors.set(id, totals = { redirects: 0, bytes: 0 });
    return totals;
  }
}

function addCounts(totals: Map<string, number>, counts: Counts): void {
  for (const [name, number] of Object.entries(counts)) {
    const known = totals.get(name);
    if (known !== undefined || totals.size < MOST_NAMES) totals.set(name, (known ?? 0) + number);
  }
}
