/**
 * What it costs a redirect that requests are counted: one handler whose counters are switched off and on
 * again in short slices. The fastest slices tell, those that nothing else on the machine came between; a
 * handler of its own for each state would tell its luck with the compiler.
 *
 * `deno run -A tests/bench/counting.ts [--rounds=1000]`
 *
 * @module
 */
import { systemClock } from "../../lib/daemon/system_clock.ts";
import type { ExclusionType } from "../../lib/selection/exclusion_types.ts";
import type { AnswerKind } from "../../lib/stats/answer_kind.ts";
import { HourTally } from "../../lib/stats/hour_tally.ts";
import { type AskedPlace, RequestTally } from "../../lib/stats/request_tally.ts";
import { httpSide } from "./http_side.ts";

/** Redirects of one slice: some milliseconds. */
const SLICE = 1000;

/** Microseconds of processor that a redirect over a socket takes at least, with the download log. */
const WHOLE = 30;

/** Of so many slices one tells. */
const FASTEST = 50;

/** Counts for the metrics while it is on. */
class SwitchedTally extends RequestTally {
  on = true;

  override answered(kind: AnswerKind): void {
    if (this.on) super.answered(kind);
  }
  override answeredRedirect(): void {
    if (this.on) super.answeredRedirect();
  }
  override hit(milliseconds: number): void {
    if (this.on) super.hit(milliseconds);
  }
  override missed(milliseconds: number): void {
    if (this.on) super.missed(milliseconds);
  }
  override redirected(mirrorId: number): void {
    if (this.on) super.redirected(mirrorId);
  }
  override excluded(type: ExclusionType, count?: number): void {
    if (this.on) super.excluded(type, count);
  }
  override excludedAll(pairs: readonly number[]): void {
    if (this.on) super.excludedAll(pairs);
  }
  override asked(place: AskedPlace): void {
    if (this.on) super.asked(place);
  }
  override get timesNext(): boolean {
    return this.on && super.timesNext;
  }
}

/** Counts for the statistics while it is on. */
class SwitchedHours extends HourTally {
  on = true;

  override answered(kind: AnswerKind, time: number, bot: boolean): void {
    if (this.on) super.answered(kind, time, bot);
  }
  override downloaded(time: number, country: string, bytes: number): void {
    if (this.on) super.downloaded(time, country, bytes);
  }
}

/** What is switched on; the last is as the first, and says how exact the others are. */
const STATES = [
  { name: "all", metrics: true, hours: true },
  { name: "no metrics", metrics: false, hours: true },
  { name: "no metrics and no hours", metrics: false, hours: false },
  { name: "all, once more", metrics: true, hours: true },
] as const;

const rounds = Number(/--rounds=(\d+)/.exec(Deno.args.join(" "))?.[1] ?? 1000);
const [tally, hours] = [new SwitchedTally(), new SwitchedHours()];
const { answer } = httpSide(50, {}, { tally, hours });
const times = STATES.map((): number[] => []);
// The first rounds are for the compiler.
for (let round = -100; round < rounds; round++) {
  for (let turn = 0; turn < STATES.length; turn++) {
    // None is always the first.
    const place = (turn + round + 100) % STATES.length;
    const state = STATES[place]!;
    [tally.on, hours.on] = [state.metrics, state.hours];
    const began = systemClock.elapsed();
    for (let i = 0; i < SLICE; i++) answer();
    if (round >= 0) times[place]!.push((systemClock.elapsed() - began) / SLICE * 1e6);
  }
}
const fastest = times.map((all) => all.sort((a, b) => a - b)[Math.floor(all.length / FASTEST)]!);
for (const [place, { name }] of STATES.entries()) {
  const cost = fastest[0]! - fastest[place]!;
  const line =
    `${name}: ${fastest[place]!.toFixed(0)} ns in the handler, ${cost.toFixed(0)} less ` +
    `than with all: ${(cost / 10 / WHOLE).toFixed(2)} % of a whole redirect\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(line));
}
