import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Stop } from "./stop.ts";

/** The outcome of a request. */
export interface Chosen {
  /** Who serves it. */
  readonly mirror: MirrorRecord;
  /** Kilometres from the client to there; 0 when the client is unknown. */
  readonly distance: number;
  /** Whom the answer names, best first: at least one, at most as many as the selector was told. */
  readonly stops: readonly Stop[];
}
