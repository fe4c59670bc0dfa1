import type { RecordedAnswers } from "./recorder.ts";

/** {@linkcode RecordedAnswers} without anything that JSON does not know. */
export interface RecordedJson extends Pick<RecordedAnswers, "ranged" | "lines"> {
  readonly batches: readonly BatchJson[];
}

interface BatchJson extends Omit<RecordedAnswers["batches"][number], "files" | "mirrors"> {
  readonly files: readonly (readonly [path: string, downloads: number])[];
  readonly mirrors: readonly (readonly [
    id: number,
    counts: { readonly downloads: number; readonly bytes: number },
  ])[];
}

/** Writes what was recorded for another process. */
export function recordedToJson({ batches, ranged, lines }: RecordedAnswers): RecordedJson {
  return {
    batches: batches.map((batch) => ({
      ...batch,
      files: [...batch.files],
      mirrors: [...batch.mirrors],
    })),
    ranged,
    lines,
  };
}

/** Reads what another process recorded. */
export function recordedFromJson({ batches, ranged, lines }: RecordedJson): RecordedAnswers {
  return {
    batches: batches.map((batch) => ({
      ...batch,
      files: new Map(batch.files),
      mirrors: new Map(batch.mirrors),
    })),
    ranged,
    lines,
  };
}
