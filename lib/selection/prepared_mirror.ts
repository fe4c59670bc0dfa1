import type { MirrorRecord } from "../catalog/mirror_state.ts";

/** A mirror with everything that selection needs computed once, when the mirror changes. */
export interface PreparedMirror {
  readonly record: MirrorRecord;
  /** Base URL for HTTP; `null` when the mirror does not offer it. */
  readonly httpUrl: string | null;
  /** Base URL for HTTPS; `null` when the mirror does not offer it. */
  readonly httpsUrl: string | null;
  /** Latitude in radians. */
  readonly latitude: number;
  /** Longitude in radians. */
  readonly longitude: number;
  readonly cosLatitude: number;
}
