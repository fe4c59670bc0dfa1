import type { TransferPart } from "./transfer.ts";

/** What a store holds, in numbers. */
export interface TransferTally {
  readonly mirrors: number;
  /** The last ID that was given to a mirror. */
  readonly lastId: number;
  readonly files: number;
  /** Files of which the hashes of the pieces are known. */
  readonly pieces: number;
  /** Files of which is known what zsync needs. */
  readonly zsync: number;
  /** Former versions of files. */
  readonly revisions: number;
  readonly notes: number;
  readonly copies: number;
  readonly events: number;
  /** Counters of files and of mirrors, and what is counted by name, of all periods. */
  readonly counters: number;
  /** Sum of all counters. */
  readonly downloads: number;
  /** Sum of all bytes. */
  readonly bytes: number;
  /** Downloads ever. */
  readonly total: number;
  /** Messages that wait, and notes of what was told. */
  readonly messages: number;
}

/** Nothing. */
export const EMPTY_TALLY: TransferTally = {
  mirrors: 0,
  lastId: 0,
  files: 0,
  pieces: 0,
  zsync: 0,
  revisions: 0,
  notes: 0,
  copies: 0,
  events: 0,
  counters: 0,
  downloads: 0,
  bytes: 0,
  total: 0,
  messages: 0,
};

/** Adds a piece to a tally. What is remembered does not count: it runs out by itself. */
export function addToTally(tally: TransferTally, part: TransferPart): TransferTally {
  switch (part.type) {
    case "mirrors":
      return { ...tally, mirrors: tally.mirrors + part.mirrors.length, lastId: part.lastId };
    case "source":
      return { ...tally, files: tally.files + part.files.length };
    case "pieces":
      return {
        ...tally,
        pieces: tally.pieces + part.records.length,
        zsync: tally.zsync + part.records.filter(({ zsync }) => zsync !== null).length,
      };
    case "revisions":
      return { ...tally, revisions: tally.revisions + part.revisions.length };
    case "notes":
      return { ...tally, notes: tally.notes + part.notes.size };
    case "salt":
      return { ...tally, notes: tally.notes + 1 };
    case "copies":
      return { ...tally, copies: tally.copies + part.files.length };
    case "events":
      return { ...tally, events: tally.events + part.events.length };
    case "file_downloads": {
      const downloads = sum(part.counts.values());
      return {
        ...tally,
        counters: tally.counters + part.counts.size,
        downloads: tally.downloads + downloads,
      };
    }
    case "mirror_downloads": {
      const counts = [...part.counts.values()];
      return {
        ...tally,
        counters: tally.counters + counts.length,
        downloads: tally.downloads + sum(counts.map(({ downloads }) => downloads)),
        bytes: tally.bytes + sum(counts.map(({ bytes }) => bytes)),
      };
    }
    case "series": {
      const downloads = sum(part.counts.values());
      return {
        ...tally,
        counters: tally.counters + part.counts.size,
        downloads: tally.downloads + downloads,
      };
    }
    case "total":
      return { ...tally, total: part.downloads };
    case "messages":
      return { ...tally, messages: tally.messages + part.waiting.length + part.told.size };
    case "remembered":
      return tally;
  }
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
