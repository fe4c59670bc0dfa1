/** What was downloaded, and the bytes that mirrors were to send for it. */
export interface Counted {
  readonly downloads: number;
  readonly bytes: number;
}

/** What was downloaded in one step of a curve. */
export interface CurveStep extends Counted {
  /** A day (`2026-11-22`) or a month, in UTC. */
  readonly time: string;
}
