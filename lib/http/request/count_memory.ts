import { StoreUnavailableError } from "../../store/store.ts";
import type { StoreReader } from "../../store/store_reader.ts";

/** What was counted for each mirror, by ID. */
export type MirrorCounts = ReadonlyMap<
  number,
  { readonly downloads: number; readonly bytes: number }
>;

/** What was counted on a day, and when that was read. */
export interface ReadCounts {
  readonly counts: MirrorCounts;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** The downloads of mirrors on a day, as they were read last: for the time in which the store is away. */
export class CountMemory {
  readonly #reader: Pick<StoreReader, "mirrorDownloads">;
  #last: (ReadCounts & { readonly day: string }) | null = null;

  constructor(reader: Pick<StoreReader, "mirrorDownloads">) {
    this.#reader = reader;
  }

  /**
   * What was counted on a day.
   *
   * @param now milliseconds since the epoch
   * @returns `null` when the store is away and nothing of that day was read
   */
  async of(day: string, now: number): Promise<ReadCounts | null> {
    try {
      const counts = await this.#reader.mirrorDownloads([day]);
      this.#last = { day, counts, time: now };
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
    }
    return this.#last?.day === day ? this.#last : null;
  }
}
