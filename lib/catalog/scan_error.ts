/**
 * Why a scan failed: the source has no index yet; the mirror has no URL that could be listed; another
 * scan of the same thing runs, here or on another node; the source repository cannot be used; the
 * listing failed.
 */
export type ScanFailure =
  | "not_indexed"
  | "no_url"
  | "in_progress"
  | "repository"
  | "listing";

/** A scan that failed, in words for the operator; never holds a password. */
export class ScanError extends Error {
  override readonly name = "ScanError";

  /**
   * @param reason why, for programs
   * @param message why, for people
   */
  constructor(readonly reason: ScanFailure, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
