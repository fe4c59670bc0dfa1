import { spreadOf } from "../spread.ts";
import type { Measured } from "./load.ts";

/** Writes what was measured as a table in Markdown, line by line as it comes. */
export class Report {
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
    say("");
    say(
      "| | | requests/s (spread) | p99 in ms | µs of processor a request | 1 000 instructions | of the floor | of the original | of without | MB |",
    );
    say("|---|---|---|---|---|---|---|---|---|---|");
  }

  /**
   * Adds one scenario.
   *
   * @param results of each contestant, `server` and `floor` at least, round by round
   * @param memory of the server after the load, in megabytes
   */
  add(
    scenario: string,
    results: ReadonlyMap<string, readonly Measured[]>,
    memory: number | null,
  ): void {
    for (const [name, rounds] of results) {
      const rate = spreadOf(rounds.map((round) => round.rate));
      const failed = rounds.reduce((sum, round) => sum + round.failed, 0);
      const cells = [
        scenario,
        name + (failed > 0 ? ` (${failed} failed)` : ""),
        `${thousands(rate.median)} (${thousands(rate.low)}–${thousands(rate.high)})`,
        spreadOf(rounds.map((round) => round.p99)).median.toFixed(1),
        median(rounds.map((round) => round.cpu)),
        median(rounds.map((round) => round.instructions && round.instructions / 1000)),
        name === "floor" ? "" : ratio(rounds, results.get("floor")),
        name === "server" ? ratio(rounds, results.get("original")) : "",
        name === "server" ? ratio(rounds, results.get("without")) : "",
        name === "server" && memory !== null ? memory.toFixed(0) : "",
      ];
      this.#say(`| ${cells.join(" | ")} |`);
    }
  }
}

/** @returns nothing when a value is unknown */
function median(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? "" : spreadOf(known).median.toFixed(1);
}

function thousands(rate: number): string {
  return `${(rate / 1000).toFixed(1)}k`;
}

/** Median of the ratios within one round: neighbours in time share whatever disturbs them. */
function ratio(rounds: readonly Measured[], others: readonly Measured[] | undefined): string {
  if (others === undefined) return "";
  return spreadOf(rounds.map((round, index) => round.rate / others[index]!.rate)).median.toFixed(2);
}
