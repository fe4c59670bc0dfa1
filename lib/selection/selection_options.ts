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
  /** What becomes of mirrors that are down on the client's family of addresses; see `Config`. */
  readonly ipFamilies: "prefer" | "strict" | "ignore";
  /** false: mirrors in range are drawn by their score alone. */
  readonly geographicalSort: boolean;
}
