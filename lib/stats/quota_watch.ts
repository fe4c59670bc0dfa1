import type { MirrorEventDetail } from "../catalog/mirror_event.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { formatQuantity } from "../catalog/quantity.ts";
import type { Clock } from "../clock/clock.ts";
import { utcDay } from "../clock/utc_day.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import type { Store } from "../store/store.ts";
import { daysOfMonth, quotaFactor } from "./quota.ts";

/** Milliseconds between two looks. */
const INTERVAL = 10_000;

/** Parts of a limit that are worth a word. */
const MARKS = [100, 80] as const;

/** How much of its weight each mirror keeps, 0 to 1, by ID; who is missing keeps all of it. */
export type QuotaFactors = ReadonlyMap<number, number>;

/** How much of its quota a mirror has used, where that is worth a word. */
export interface QuotaUse {
  readonly mirrorId: number;
  /** Percent that were reached: 80 or 100. */
  readonly mark: typeof MARKS[number];
  /** For people: `used up its MaxDay of 10 GB`. */
  readonly text: string;
  /** First day of what it counts for, `2026-11-22`. */
  readonly start: string;
}

/** Which part of its limits a mirror has used; 1: all; `null`: it has no such limit. */
export interface QuotaRatio {
  /** Of MaxDay. */
  readonly day: number | null;
  /** Of MaxMonth. */
  readonly month: number | null;
}

/** A mark that a mirror reached. */
export type QuotaEvent = Extract<MirrorEventDetail, { type: "quota" }>;

/** What a {@linkcode QuotaWatch} works with. */
export interface QuotaWatchOptions {
  readonly store: Pick<Store, "mirrors" | "mirrorDownloads">;
  readonly clock: Pick<Clock, "now" | "delay">;
  /** Takes the factors whenever they change. */
  readonly changed: (factors: QuotaFactors) => void;
  readonly log: Pick<Log, "warn" | "debug">;
  /** Told once of each mark that a mirror reaches; default: nobody is. */
  readonly reached?: (mirror: MirrorRecord, event: QuotaEvent) => void;
}

/**
 * Looks every ten seconds at what was redirected to mirrors that have a limit, over all nodes: what was
 * counted by day, which is an upper bound of what they served.
 */
export class QuotaWatch {
  readonly #options: QuotaWatchOptions;
  #factors: QuotaFactors = new Map();
  /** What is used of the quotas of mirrors, where that is worth a word. */
  #uses: readonly QuotaUse[] | null = null;
  #ratios: ReadonlyMap<number, QuotaRatio> = new Map();
  /** What was said of each mirror, so that it is said once. */
  readonly #said = new Map<string, number>();

  constructor(options: QuotaWatchOptions) {
    this.#options = options;
  }

  /** What is used of the quotas of mirrors, of each the most; `null`: nobody has looked yet. */
  get uses(): readonly QuotaUse[] | null {
    return this.#uses;
  }

  /** What mirrors that have a limit used of it, by ID, as of the last look. */
  get ratios(): ReadonlyMap<number, QuotaRatio> {
    return this.#ratios;
  }

  /** How much of its weight each mirror keeps, as of the last look. */
  get factors(): QuotaFactors {
    return this.#factors;
  }

  /** Looks until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    while (!signal.aborted) {
      try {
        await this.look();
      } catch (error) {
        // The store says itself that it is away; until it is back, the last factors hold.
        log.debug(`Cannot read what mirrors served: ${messageOf(error)}`);
      }
      await clock.delay(INTERVAL, signal);
    }
  }

  /** Looks once. @throws StoreUnavailableError */
  async look(): Promise<void> {
    const { store, changed, clock } = this.#options;
    const now = clock.now();
    const limited = (await store.mirrors()).filter(({ maxDay, maxMonth }) => maxDay + maxMonth > 0);
    const factors = new Map<number, number>();
    const uses = new Map<number, QuotaUse>();
    const ratios = new Map<number, QuotaRatio>();
    if (limited.length > 0) {
      const today = await store.mirrorDownloads([utcDay(now)]);
      for (const [monthStarts, mirrors] of Map.groupBy(limited, (one) => one.monthStarts)) {
        const month = await store.mirrorDownloads(daysOfMonth(now, monthStarts));
        for (const mirror of mirrors) {
          const { id, maxDay, maxMonth } = mirror;
          const [ofDay, ofMonth] = [today.get(id)?.bytes ?? 0, month.get(id)?.bytes ?? 0];
          ratios.set(id, {
            day: maxDay === 0 ? null : ofDay / maxDay,
            month: maxMonth === 0 ? null : ofMonth / maxMonth,
          });
          const ofMirror = [
            this.#tell(mirror, "MaxMonth", ofMonth, maxMonth, daysOfMonth(now, monthStarts)[0]!),
            this.#tell(mirror, "MaxDay", ofDay, maxDay, utcDay(now)),
          ].filter((use) => use !== null).sort((a, b) => b.mark - a.mark);
          if (ofMirror.length > 0) uses.set(id, ofMirror[0]!);
          const factor = Math.min(quotaFactor(ofDay, maxDay), quotaFactor(ofMonth, maxMonth));
          // In steps of a hundredth: each change makes all choices be made anew.
          if (factor < 1) factors.set(id, Math.max(0, Math.ceil(factor * 100 - 1e-9)) / 100);
        }
      }
    }
    this.#uses = [...uses.values()];
    this.#ratios = ratios;
    if (JSON.stringify([...factors]) === JSON.stringify([...this.#factors])) return;
    this.#factors = factors;
    changed(factors);
  }

  /** Says what is worth a word, once. @returns what is; `null`: nothing */
  #tell(
    mirror: MirrorRecord,
    key: string,
    used: number,
    limit: number,
    since: string,
  ): QuotaUse | null {
    const mark = limit === 0 ? undefined : MARKS.find((one) => used >= limit * one / 100);
    if (mark === undefined) return null;
    const size = formatQuantity(limit, "bytes");
    const text = mark === 100
      ? `${key} of ${size} is used up`
      : `${mark} % of ${key} (${size}) used`;
    const use = { mirrorId: mirror.id, mark, text, start: since };
    const about = `${mirror.id} ${key}`;
    const said = this.#said.get(`${about} ${since} ${limit}`) ?? 0;
    if (mark <= said) return use;
    for (const old of this.#said.keys()) if (old.startsWith(`${about} `)) this.#said.delete(old);
    this.#said.set(`${about} ${since} ${limit}`, mark);
    const of = key === "MaxDay" ? "day" : "month";
    this.#options.reached?.(mirror, { type: "quota", of, percent: mark, limit });
    const name = JSON.stringify(mirror.name);
    this.#options.log.warn(
      mark === 100
        ? `Mirror ${name} has used its ${key} of ${size} up: it gets nobody until that starts anew`
        : `Mirror ${name} has used ${mark} % of its ${key} of ${size}: it gets fewer and fewer`,
    );
    return use;
  }
}
