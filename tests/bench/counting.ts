/**
 * What it costs a redirect that requests are counted, in processor time of this process: the same handler
 * with what counts and with what does nothing in its place, in many alternations.
 *
 * `deno run -A tests/bench/counting.ts [--rounds=200]`
 *
 * @module
 */
import process from "node:process";
import { HourTally } from "../../lib/stats/hour_tally.ts";
import { RequestTally } from "../../lib/stats/request_tally.ts";
import { httpSide, type SideTallies } from "./http_side.ts";

/** Redirects of one slice. */
const SLICE = 10_000;

/** Microseconds of processor that a redirect over a socket takes, by `deno task bench:http`. */
const WHOLE = 52;

class NoTally extends RequestTally {
  override answered(): void {}
  override answeredRedirect(): void {}
  override hit(): void {}
  override missed(): void {}
  override redirected(): void {}
  override excludedAll(): void {}
  override asked(): void {}
  override get timesNext(): boolean {
    return false;
  }
}

class NoHours extends HourTally {
  override answered(): void {}
  override downloaded(): void {}
}

/** Microseconds of processor for a redirect. */
function slice({ answer }: { readonly answer: () => unknown }): number {
  const before = process.cpuUsage();
  for (let i = 0; i < SLICE; i++) answer();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / SLICE;
}

function quantile(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * part)]!;
}

function measure(name: string, tallies: SideTallies, rounds: number): void {
  const counting = httpSide(50, {}, { tally: new RequestTally(), hours: new HourTally() });
  const other = httpSide(50, {}, tallies);
  const differences: number[] = [];
  const whole: number[] = [];
  for (let round = -10; round < rounds; round++) {
    // Neither is always the first.
    const order = round % 2 === 0 ? [counting, other] : [other, counting];
    const times = new Map(order.map((one) => [one, slice(one)]));
    // The first rounds are for the compiler.
    if (round < 0) continue;
    whole.push(times.get(counting)!);
    differences.push(times.get(counting)! - times.get(other)!);
  }
  const [low, middle, high] = [0.25, 0.5, 0.75].map((part) => quantile(differences, part) * 1000);
  const line =
    `${name}: ${middle!.toFixed(0)} ns for a redirect (quartiles ${low!.toFixed(0)} to ` +
    `${high!.toFixed(0)}), of ${quantile(whole, 0.5).toFixed(2)} µs in the handler: ` +
    `${(middle! / 10 / WHOLE).toFixed(2)} % of the ${WHOLE} µs of a whole one\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(line));
}

const rounds = Number(/--rounds=(\d+)/.exec(Deno.args.join(" "))?.[1] ?? 200);
measure("metrics", { tally: new NoTally(), hours: new HourTally() }, rounds);
measure("metrics and hours", { tally: new NoTally(), hours: new NoHours() }, rounds);
measure(
  "nothing (how exact this is)",
  { tally: new RequestTally(), hours: new HourTally() },
  rounds,
);
