import type { TalliedRequests } from "./tallied_requests.ts";

/** How an HTTP thread is, as it says itself. */
export interface ThreadMeasure {
  /** Milliseconds by which it was late at most since it was asked before. */
  readonly lag: number;
  /** Bytes of its heap that are in use. */
  readonly heap: number;
  /** What it remembers of files. */
  readonly cache: { readonly entries: number; readonly bytes: number };
  /** What it counted and sent to nobody yet. */
  readonly tallied: TalliedRequests;
}
