import type { ComparisonRule } from "./compare_with_source.ts";
import type { FileTable } from "./file_table.ts";

/** A comparison of a mirror with the source. */
export interface Comparison {
  readonly mirrorId: number;
  /** `lastSuccessfulSync` of the scan that compared. */
  readonly scan: number;
  /** Files on the mirror. */
  readonly indexed: number;
  readonly rule: ComparisonRule;
}

/**
 * Remembers which comparison of each mirror with the source was the last: a scan that finds the same files
 * need not compare them again, and most do. It goes with the source, as soon as there is another one.
 */
export class ComparisonMemory {
  /** By source, then by mirror. */
  readonly #last = new WeakMap<FileTable, Map<number, string>>();

  /** Whether a comparison was made with this source, as the last one of its mirror. */
  has(source: FileTable, comparison: Comparison): boolean {
    return this.#last.get(source)?.get(comparison.mirrorId) === textOf(source, comparison);
  }

  /** Takes note of a comparison. */
  note(source: FileTable, comparison: Comparison): void {
    const mirrors = this.#last.get(source) ?? new Map<number, string>();
    mirrors.set(comparison.mirrorId, textOf(source, comparison));
    this.#last.set(source, mirrors);
  }
}

function textOf({ changes }: FileTable, { scan, indexed, rule }: Comparison): string {
  const { mirror: { compare, paths }, precision, timeZoneOffset, tolerance } = rule;
  return JSON.stringify(
    [changes, scan, indexed, compare, paths, precision, timeZoneOffset, tolerance],
  );
}
