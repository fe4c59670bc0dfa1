import { dayCounts } from "../store/day_counts.ts";
import type { RecordedAnswers } from "./recorder.ts";

/** {@linkcode RecordedAnswers} without anything that JSON does not know. */
export interface RecordedJson extends Omit<RecordedAnswers, "batches" | "opened"> {
  readonly opened: readonly number[];
  readonly batches: readonly BatchJson[];
}

const NONE_REFUSED: RecordedAnswers["refused"] = { lines: [], more: 0 };
const NONE_ANSWERED: RecordedAnswers["answers"] = { all: 0, fallback: 0 };
const NONE_DROPPED: RecordedAnswers["dropped"] = { parts: 0, lines: 0 };

interface BatchJson extends Omit<RecordedAnswers["batches"][number], "files" | "mirrors"> {
  readonly files: readonly (readonly [path: string, downloads: number])[];
  readonly mirrors: readonly (readonly [
    id: number,
    counts: { readonly downloads: number; readonly bytes: number },
  ])[];
}

/** Writes what was recorded for another process. */
export function recordedToJson({ batches, opened, ...rest }: RecordedAnswers): RecordedJson {
  return {
    ...rest,
    opened: [...opened],
    batches: batches.map((batch) => ({
      ...batch,
      files: [...batch.files],
      mirrors: [...batch.mirrors],
    })),
  };
}

/** Reads what another process recorded, which may be of an earlier version. */
export function recordedFromJson(
  {
    batches,
    opened = [],
    ranged,
    lines,
    refused = NONE_REFUSED,
    answers = NONE_ANSWERED,
    hours,
    large,
    dropped = NONE_DROPPED,
    tallied,
  }:
    & Partial<RecordedJson>
    & Pick<RecordedJson, "batches" | "ranged" | "lines">,
): RecordedAnswers {
  const counted = batches.map((batch) => ({
    ...batch,
    files: new Map(batch.files),
    mirrors: new Map(batch.mirrors),
  }));
  // Who counts by name has counted each of these downloads so.
  const unnamed = hours === undefined
    ? counted.map((batch) => ({ hour: batch.day, counts: Object.fromEntries(dayCounts(batch)) }))
    : [];
  return {
    opened: Float64Array.from(opened),
    ranged: ranged.filter(({ clientHash }) => clientHash !== undefined)
      .map((part) => ({ ...part, country: part.country ?? "" })),
    lines,
    refused,
    answers,
    ...(hours !== undefined && { hours }),
    ...(unnamed.length > 0 && { hours: unnamed }),
    ...(large === undefined ? {} : { large }),
    dropped,
    ...(tallied !== undefined && { tallied }),
    batches: counted,
  };
}
