import { answerName, BOTS, BYTES, countryName, DOWNLOADS } from "../catalog/series_name.ts";
import { utcHour } from "../clock/utc_day.ts";
import { COUNTRIES } from "../geo/countries.ts";
import type { Hour } from "../store/download_counts.ts";
import { ANSWER_KINDS, type AnswerKind } from "./answer_kind.ts";
import type { Counts } from "./tallied_requests.ts";

/** What was counted by name in an hour; what is 0 is missing. */
export interface HourCounts {
  /** From a process that does not count by name: the day. */
  readonly hour: Hour;
  readonly counts: Counts;
}

const HOUR = 3_600_000;

/** Hours that wait at most; then the last one takes what comes. */
const MOST_HOURS = 96;

const CODES = ["", ...COUNTRIES.keys()];

/** The numbers, by their place. */
const NAMES: readonly string[] = [
  DOWNLOADS,
  BYTES,
  BOTS,
  ...ANSWER_KINDS.map(answerName),
  ...CODES.map(countryName),
];

const [ALL, ALL_BYTES, ALL_BOTS, FIRST_ANSWER] = [0, 1, 2, 3];
const FIRST_COUNTRY = FIRST_ANSWER + ANSWER_KINDS.length;

const ANSWER_PLACES = new Map<string, number>(
  ANSWER_KINDS.map((kind, place) => [kind, FIRST_ANSWER + place]),
);
const REDIRECT = ANSWER_PLACES.get("redirect")!;
const COUNTRY_PLACES = new Map<string, number>(
  CODES.map((code, place) => [code, FIRST_COUNTRY + place]),
);

/**
 * Counts by the hour what an HTTP thread answers, for the statistics: in numbers that are there from the
 * start, so that a request allocates nothing for it.
 */
export class HourTally {
  readonly #numbers = new Float64Array(NAMES.length);
  /** Hours since the epoch. */
  #hour = NaN;
  #empty = true;
  /** Hours that are over, or that the clock went back from. */
  #others = new Map<Hour, Record<string, number>>();
  #first: () => void = () => {};

  /** @param listener called whenever there is something to send where there was nothing before */
  onFirst(listener: () => void): void {
    this.#first = listener;
  }

  /**
   * Counts an answer.
   *
   * @param kind what it came to
   * @param time when it was asked, in milliseconds since the epoch
   * @param bot whether a program asked that counts apart
   */
  answered(kind: AnswerKind, time: number, bot: boolean): void {
    this.#at(time);
    // Nearly every answer is a redirect.
    const place = kind === "redirect" ? REDIRECT : ANSWER_PLACES.get(kind)!;
    this.#numbers[bot ? ALL_BOTS : place]!++;
  }

  /**
   * Counts a download.
   *
   * @param time when it was asked for, in milliseconds since the epoch
   * @param country of the client, by its code; empty, or one that nobody knows: unknown
   * @param bytes that a mirror is to send
   */
  downloaded(time: number, country: string, bytes: number): void {
    this.#at(time);
    this.#numbers[ALL]!++;
    this.#numbers[ALL_BYTES]! += bytes;
    this.#numbers[COUNTRY_PLACES.get(country) ?? FIRST_COUNTRY]!++;
  }

  /** Takes everything out. */
  take(): HourCounts[] {
    this.#end();
    const taken = [...this.#others].map(([hour, counts]) => ({ hour, counts }));
    if (taken.length > 0) this.#others = new Map();
    return taken;
  }

  #at(time: number): void {
    const hour = Math.floor(time / HOUR);
    if (hour !== this.#hour) {
      this.#end();
      this.#hour = hour;
    }
    if (!this.#empty) return;
    this.#empty = false;
    if (this.#others.size === 0) this.#first();
  }

  /** Puts the numbers of the hour aside. */
  #end(): void {
    if (this.#empty) return;
    this.#empty = true;
    const hour = utcHour(this.#hour * HOUR);
    const full = this.#others.size >= MOST_HOURS && !this.#others.has(hour);
    const name = full ? [...this.#others.keys()].at(-1)! : hour;
    let counts = this.#others.get(name);
    if (counts === undefined) this.#others.set(name, counts = {});
    for (let place = 0; place < NAMES.length; place++) {
      const number = this.#numbers[place]!;
      if (number > 0) counts[NAMES[place]!] = (counts[NAMES[place]!] ?? 0) + number;
    }
    this.#numbers.fill(0);
  }
}
