import type { ScanProgress } from "../lib/catalog/scan_result.ts";
import type { CommandContext } from "./command.ts";

const VERBS = { listing: "listed", hashing: "hashed", writing: "written" } as const;

/** Shows how far a scan is, behind its label, where somebody watches. */
export class ScanProgressLine {
  readonly #output: CommandContext["output"];
  readonly #now: () => number;
  readonly #label: string;
  readonly #start: number;

  /**
   * Writes the label.
   *
   * @param label what is being done, without a line break
   */
  constructor(label: string, { output, now }: Pick<CommandContext, "output" | "now">) {
    this.#output = output;
    this.#now = now;
    this.#label = label;
    this.#start = now();
    output.write(label);
  }

  /** Shows how far it is. */
  update({ phase, files, total }: ScanProgress): void {
    const seconds = Math.max((this.#now() - this.#start) / 1000, 0.001);
    const of = total === null ? "" : ` of ${total}`;
    const rate = Math.round(files / seconds);
    this.#output.replaceLine(`${this.#label}${files}${of} files ${VERBS[phase]} (${rate}/s)`);
  }

  /** Writes the outcome behind the label; empty: none, only the line ends. */
  end(outcome: string): void {
    this.#output.replaceLine(this.#label);
    this.#output.line(outcome);
  }
}
