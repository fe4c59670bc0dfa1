import type { IndexedFile } from "../catalog/file.ts";
import type { GeoRecord } from "../geo/geo_record.ts";
import type { PreparedMirror } from "./prepared_mirror.ts";
import type { TlsChoice } from "./selection.ts";

/** What the operator configured about selection; a part of the configuration. */
export interface SelectionOptions {
  /** Mirrors up to this many times as far away as the closest are in range; above 0. */
  readonly weightDistributionRange: number;
  /** Whether the time-zone offset found in a mirror's listing is added to its times. */
  readonly fixTimezoneOffsets: boolean;
  /** Milliseconds by which times may differ either way. */
  readonly tolerance: number;
  /** Paths below which copies may be old, by that many minutes, and of any size; the first match counts. */
  readonly allowOutdatedFiles: readonly { readonly prefix: string; readonly minutes: number }[];
  /** false: mirrors in range are drawn by their score alone. */
  readonly geographicalSort: boolean;
}

/** Who asks for what. */
export interface SelectionRequest {
  /** The file asked for, with all its copies. */
  readonly indexed: IndexedFile;
  /** By ID; copies on a mirror that is not here are passed over. */
  readonly mirrors: ReadonlyMap<number, PreparedMirror>;
  /** `null`: in no database. One that is not located may still have an AS. */
  readonly client: GeoRecord | null;
  /** Which scheme the answer may use. */
  readonly tls: TlsChoice;
  /** What the operator configured. */
  readonly options: SelectionOptions;
  /** 0 to 1, exclusive. */
  readonly random: () => number;
  /** Whether to show everyone in order of rank, with nothing left to chance (the mirror list). */
  readonly ranked: boolean;
}
