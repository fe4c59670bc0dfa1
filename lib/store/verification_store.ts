/** Copies of one mirror that are remembered as verified, at most: beyond that it begins anew. */
export const MOST_VERIFIED = 20_000;

/**
 * Port: which copies were asked for, so that of all nodes one asks, and once. Goes with its mirror, and is
 * not part of a copy of the store: to ask once more does no harm. Methods may throw
 * `StoreUnavailableError`.
 */
export interface VerificationStore {
  /**
   * Takes it upon the caller to ask for a copy.
   *
   * @param version stands for the file in its present version
   * @returns whether nobody did so before
   */
  claim(mirrorId: number, version: string): Promise<boolean>;
  /** Leaves it to whoever comes next. */
  release(mirrorId: number, version: string): Promise<void>;
}
