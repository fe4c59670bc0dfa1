import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { ExclusionPairs } from "./exclusion_counts.ts";
import type { Stop } from "./stop.ts";

/** The outcome of a request. */
export interface Chosen {
  /** Who serves it. */
  readonly mirror: MirrorRecord;
  /** Kilometres from the client to there; 0 when the client is unknown. */
  readonly distance: number;
  /** Whom the answer names, best first: at least one, at most as many as the selector was told. */
  readonly stops: readonly Stop[];
  /** Who was left out because of the file, whoever asks; `null`: nobody. */
  readonly unable: ExclusionPairs | null;
  /** Who was left out besides, because of the client; `null`: nobody. */
  readonly unwanted: ExclusionPairs | null;
}
