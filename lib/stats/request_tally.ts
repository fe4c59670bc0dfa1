import { NUMBERED_CONTINENTS, NUMBERED_COUNTRIES } from "../geo/place_numbers.ts";
import {
  EXCLUSION_TYPES,
  exclusionNumber,
  type ExclusionType,
} from "../selection/exclusion_types.ts";
import { ANSWER_KINDS, type AnswerKind } from "./answer_kind.ts";
import {
  bucketOf,
  type Counts,
  type TalliedRequests,
  type TalliedTimes,
  TIME_BOUNDS,
} from "./tallied_requests.ts";

/** Mirrors up to this ID are counted by it, at once. */
const MOST_DIRECT = 4096;

/** Mirrors that are counted one by one; redirects to further ones go to {@linkcode OTHER_MIRRORS}. */
const MOST_MIRRORS = 10_000;

/** Of so many answers that memory alone gives, one is timed. */
const EVERY = 16;

/** Stands for a time that nobody took. */
export const UNTIMED = -1;

/** The place of redirects among the answers. */
const REDIRECT = ANSWER_KINDS.indexOf("redirect");

/** Key of the redirects to mirrors beyond those that are counted one by one. */
export const OTHER_MIRRORS = "other";

/** Where a client is, in the numbers of `place_numbers.ts`. */
export interface AskedPlace {
  readonly continent: number;
  readonly country: number;
}

/** Memory of files, as far as it counts itself. */
export interface CountingCache {
  /** Questions that memory answered so far. */
  readonly hits: number;
  /** Questions that the store had to answer so far. */
  readonly misses: number;
}

/** Names and their places in a list of numbers. */
class Slots {
  readonly names: readonly string[];
  readonly numbers: Float64Array;
  readonly #places: ReadonlyMap<string, number>;

  constructor(names: readonly string[]) {
    this.names = names;
    this.numbers = new Float64Array(names.length);
    this.#places = new Map(names.map((name, place) => [name, place]));
  }

  /** Counts one; what has no name here counts as the first. */
  count(name: string): void {
    this.numbers[this.#places.get(name) ?? 0]!++;
  }

  /** @returns what was counted, from now on 0 again */
  take(): Counts {
    const counts: Record<string, number> = {};
    this.numbers.forEach((number, place) => {
      if (number > 0) counts[this.names[place]!] = number;
    });
    this.numbers.fill(0);
    return counts;
  }
}

/** How often something took how long. */
class Times {
  readonly #buckets = new Float64Array(TIME_BOUNDS.length + 1);
  #sum = 0;

  /**
   * Adds times.
   *
   * @param milliseconds that it took
   * @param times how often; default: once
   */
  add(milliseconds: number, times = 1): void {
    this.#buckets[bucketOf(milliseconds)]! += times;
    this.#sum += milliseconds / 1000 * times;
  }

  /** @returns what was counted, from now on 0 again */
  take(): TalliedTimes {
    const times = { buckets: [...this.#buckets], sum: this.#sum };
    this.#buckets.fill(0);
    this.#sum = 0;
    return times;
  }
}

/**
 * Counts what an HTTP thread answers, for the metrics: in numbers that are there from the start, so that
 * a request allocates nothing for it.
 */
export class RequestTally {
  /** Whether requests are counted by country, too. */
  byCountry = false;
  readonly #answers = new Slots(ANSWER_KINDS);
  readonly #excluded = new Slots(EXCLUSION_TYPES);
  readonly #continents = new Slots(NUMBERED_CONTINENTS);
  readonly #countries = new Slots(NUMBERED_COUNTRIES);
  readonly #hits = new Times();
  readonly #misses = new Times();
  readonly #lookups = new Times();
  #failedLookups = 0;
  #lookedUp = 0;
  #lastLookup = 0;
  /** Hits since one was timed, and what that took. */
  #untimed = 0;
  #lastHit = UNTIMED;
  /** By ID. */
  #redirects = new Float64Array(64);
  /** Of mirrors with higher IDs. */
  readonly #otherRedirects = new Map<number, number>();
  #redirectsElsewhere = 0;
  readonly #cache: CountingCache | null;
  #cacheHits = 0;
  #cacheMisses = 0;
  #empty = true;

  /** @param cache whose questions are counted with the rest; default: nobody's */
  constructor(cache: CountingCache | null = null) {
    this.#cache = cache;
  }

  /** Whether nothing was answered since the last time. */
  get empty(): boolean {
    return this.#empty;
  }

  /** Counts an answer. */
  answered(kind: AnswerKind): void {
    this.#empty = false;
    this.#answers.count(kind);
  }

  /** Counts what nearly every answer is: a redirect. */
  answeredRedirect(): void {
    this.#empty = false;
    this.#answers.numbers[REDIRECT]!++;
  }

  /** How many questions to the store have been answered so far. */
  get lookups(): number {
    return this.#lookedUp;
  }

  /** Whether the next answer is to be timed: to look at the clock costs as much as all else here. */
  get timesNext(): boolean {
    return this.#untimed >= EVERY - 1 || this.#lastHit === UNTIMED;
  }

  /**
   * Counts an answer that memory alone gave. Those that were not timed are taken to be as the next one that
   * is.
   *
   * @param milliseconds that it took; {@linkcode UNTIMED}: nobody looked
   */
  hit(milliseconds: number): void {
    if (milliseconds === UNTIMED) return void this.#untimed++;
    this.#hits.add(milliseconds, 1 + this.#untimed);
    this.#untimed = 0;
    this.#lastHit = milliseconds;
  }

  /**
   * Counts any other answer.
   *
   * @param milliseconds that it took; {@linkcode UNTIMED}: nobody looked, but the store was asked and took
   *   nearly all of it
   */
  missed(milliseconds: number): void {
    this.#misses.add(milliseconds === UNTIMED ? this.#lastLookup : milliseconds);
  }

  /** Counts a question to the store. @param milliseconds that it took */
  lookedUp(milliseconds: number, failed: boolean): void {
    this.#lookedUp++;
    this.#lastLookup = milliseconds;
    this.#lookups.add(milliseconds);
    if (failed) this.#failedLookups++;
  }

  /** Counts a redirect to a mirror. */
  redirected(mirrorId: number): void {
    // No text is looked up, and no map: there is a redirect in nearly every request.
    if (mirrorId < this.#redirects.length) this.#redirects[mirrorId]!++;
    else this.#redirectedElsewhere(mirrorId);
  }

  /** Counts a mirror that was left out. @param count so many times */
  excluded(type: ExclusionType, count = 1): void {
    this.#excluded.numbers[exclusionNumber(type)]! += count;
  }

  /** Counts mirrors that were left out: the number of a type, how many, and so on. */
  excludedAll(pairs: readonly number[]): void {
    const { numbers } = this.#excluded;
    for (let i = 0; i < pairs.length; i += 2) numbers[pairs[i]!]! += pairs[i + 1]!;
  }

  /** Counts where a client is. @param place numbers of its continent and its country */
  asked({ continent, country }: AskedPlace): void {
    this.#continents.numbers[continent]!++;
    if (this.byCountry) this.#countries.numbers[country]!++;
  }

  /** Takes everything out. */
  take(): TalliedRequests {
    this.#empty = true;
    if (this.#untimed > 0) this.#hits.add(Math.max(0, this.#lastHit), this.#untimed);
    this.#untimed = 0;
    this.#lastHit = UNTIMED;
    const mirrors: Record<string, number> = {};
    this.#redirects.forEach((redirects, id) => {
      if (redirects > 0) mirrors[id] = redirects;
    });
    for (const [id, redirects] of this.#otherRedirects) mirrors[id] = redirects;
    if (this.#redirectsElsewhere > 0) mirrors[OTHER_MIRRORS] = this.#redirectsElsewhere;
    this.#redirects.fill(0);
    this.#otherRedirects.clear();
    this.#redirectsElsewhere = 0;
    const { hits = 0, misses = 0 } = this.#cache ?? {};
    const cache = { hits: hits - this.#cacheHits, misses: misses - this.#cacheMisses };
    [this.#cacheHits, this.#cacheMisses] = [hits, misses];
    const failedLookups = this.#failedLookups;
    this.#failedLookups = 0;
    return {
      answers: this.#answers.take(),
      times: { hit: this.#hits.take(), miss: this.#misses.take() },
      lookups: this.#lookups.take(),
      failedLookups,
      mirrors,
      excluded: this.#excluded.take(),
      continents: this.#continents.take(),
      countries: this.#countries.take(),
      cache,
    };
  }

  /** Counts a redirect to a mirror for which there is no room yet. */
  #redirectedElsewhere(mirrorId: number): void {
    if (mirrorId < MOST_DIRECT) {
      const more = new Float64Array(Math.min(MOST_DIRECT, 2 ** Math.ceil(Math.log2(mirrorId + 1))));
      more.set(this.#redirects);
      this.#redirects = more;
      this.#redirects[mirrorId]!++;
      return;
    }
    const known = this.#otherRedirects.get(mirrorId);
    if (known === undefined && this.#otherRedirects.size >= MOST_MIRRORS - MOST_DIRECT) {
      this.#redirectsElsewhere++;
    } else this.#otherRedirects.set(mirrorId, (known ?? 0) + 1);
  }
}
