import { unicodeWidth } from "@std/cli/unicode-width";
import type { ScanProgress } from "../lib/catalog/scan_result.ts";
import type { CommandContext } from "./command.ts";
import { cutText } from "./terminal/cut_text.ts";
import { progressText } from "./terminal/progress_text.ts";

/** Columns that the facts want beside the label. */
const ROOM = 60;

/** Shows how far a scan is, behind its label, where somebody watches. */
export class ScanProgressLine {
  readonly #output: CommandContext["output"];
  readonly #now: () => number;
  readonly #label: string;
  #phase: ScanProgress["phase"] | null = null;
  #start: number;

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
  update(progress: ScanProgress): void {
    // Each phase has a pace of its own; the first began with the scan.
    if (this.#phase !== null && this.#phase !== progress.phase) this.#start = this.#now();
    this.#phase = progress.phase;
    const seconds = (this.#now() - this.#start) / 1000;
    const columns = Math.min(this.#output.columns, 160);
    const room = columns - unicodeWidth(this.#label) - 1;
    // Where there is little room, the facts go before the label, which returns at the end.
    const label = room < ROOM ? "" : this.#label;
    const text = progressText(progress, seconds, columns - unicodeWidth(label) - 1);
    this.#replace(label + text);
  }

  /** Writes the outcome behind the label; empty: none, only the line ends. */
  end(outcome: string): void {
    this.#replace(this.#label);
    this.#output.line(outcome);
  }

  /** The last column stays free for the cursor. */
  #replace(text: string): void {
    this.#output.replaceLine(cutText(text, this.#output.columns - 1, unicodeWidth));
  }
}
