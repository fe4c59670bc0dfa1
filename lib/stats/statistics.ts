import type { Hour, Period } from "../store/download_counts.ts";

/** The steps of a series. */
export const STEPS = ["hour", "day", "month"] as const;

/** One of {@linkcode STEPS}. */
export type Step = typeof STEPS[number];

/** What was counted in a time. */
export interface Count {
  readonly downloads: number;
  /** That mirrors were to send; fallbacks count for nothing here. */
  readonly bytes: number;
  /** Answers to programs that count apart. */
  readonly bots: number;
}

/** What was counted in one step of a series. */
export interface SeriesCount extends Count {
  readonly time: Hour | Period;
}

/** What was counted for a mirror. */
export interface MirrorCount {
  readonly id: number;
  /** `null`: it was removed. */
  readonly name: string | null;
  readonly downloads: number;
  readonly bytes: number;
}

/** What was counted for clients of a country. */
export interface CountryCount {
  /** By its code; empty: unknown. */
  readonly country: string;
  readonly downloads: number;
}

/** How many requests came to what. */
export interface AnswerCount {
  readonly answer: string;
  readonly requests: number;
}

/** How often a file was downloaded. */
export interface FileCount {
  readonly path: string;
  readonly downloads: number;
}

/** What was counted in a range of days. The most comes first in each list, but for the series. */
export interface Statistics extends Count {
  /** First day, in UTC. */
  readonly from: string;
  /** Last day, in UTC. */
  readonly to: string;
  /** All downloads ever. */
  readonly ever: number;
  readonly mirrors: readonly MirrorCount[];
  /** Only those with ten downloads or more. */
  readonly countries: readonly CountryCount[];
  /** Downloads by clients of countries that have fewer. */
  readonly otherCountries: number;
  readonly answers: readonly AnswerCount[];
  /** Those that were downloaded most. */
  readonly files: readonly FileCount[];
  readonly by: Step;
  /** The oldest first. */
  readonly series: readonly SeriesCount[];
}
