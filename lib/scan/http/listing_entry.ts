import type { SizeInterval } from "./size_interval.ts";
import type { WrittenTime } from "./written_time.ts";

/** One child of a directory, as a listing shows it. */
export interface ListingEntry {
  /** As its link names it. */
  readonly name: string;
  /** As it is named when the link is taken as it stands: some servers do not escape `&`. */
  readonly rawName: string | null;
  /** Whether its link ends with a slash. */
  readonly directory: boolean;
  /** `null`: not shown. */
  readonly size: SizeInterval | null;
  /** `null`: not shown, or not so that it could be read. */
  readonly time: WrittenTime | null;
  /** Whether size and time may be those of a link, not of what it leads to. */
  readonly maybeLink: boolean;
}

/** What a page shows of a directory. */
export interface ListingPage {
  /**
   * `known`: it shows what is there, and what is not; `general`: it shows that something is there; `none`:
   * it is no listing.
   */
  readonly kind: "known" | "general" | "none";
  /** What wrote it, such as `apache-table`; empty: nobody known. */
  readonly format: string;
  readonly entries: readonly ListingEntry[];
  /** Whether its end was seen. */
  readonly whole: boolean;
  /** Names that no index holds. */
  readonly bad: number;
  /** Which the first of them is, and why it is none, for people; empty: there were none. */
  readonly problem: string;
}

/** A child before its size and time are read. */
export interface RawEntry extends Omit<ListingEntry, "size" | "time"> {
  /** Empty: not shown. */
  readonly size: string;
  /** Empty: not shown; with plain blanks. */
  readonly time: string;
}

/** Entries by name, and by what their links say to who does not decode them. */
export function entriesOf({ entries }: ListingPage): Map<string, ListingEntry> {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  for (const entry of entries) {
    if (entry.rawName !== null && !byName.has(entry.rawName)) byName.set(entry.rawName, entry);
  }
  return byName;
}
