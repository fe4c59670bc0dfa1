/** A lock that is renewed until it is disposed of. */
export interface StoreLock extends AsyncDisposable {
  /** Aborted when the lock could not be renewed and may belong to someone else. */
  readonly signal: AbortSignal;
}

/**
 * What a lock guards: the scan of one mirror, the sending of one message, the scan of the source, the
 * hashing of pieces after it, the removal of old statistics.
 */
export type LockTarget =
  | { readonly mirrorId: number }
  | { readonly messageId: string }
  | "source"
  | "pieces"
  | "stats";
