import type { Listing } from "./listings.ts";

/** An answer that led past a mirror of which the redirector did not say that it has the file. */
export interface Unlisted {
  readonly path: string;
  /** Name of the mirror that was passed. */
  readonly passed: string;
  /** When the answer came, in milliseconds since the epoch. */
  readonly time: number;
  /** Since when the mirror had the file, in milliseconds since the epoch; `null`: it had none. */
  readonly since: number | null;
}

/**
 * Tells why a mirror was passed that the redirector did not know to have a file: by the mirror's disk and by the
 * logs of its listings, not by what the redirector says.
 *
 * @param listings of all mirrors
 * @returns the first listing that had shown the file: then there was no reason
 */
export function whyUnlisted(
  { path, passed, time, since }: Unlisted,
  listings: readonly Listing[],
): string | Listing {
  if (since === null) return "It did not have the file";
  const shown = listings.find(({ module, below, from, to }) =>
    module === passed && path.startsWith(below) && from >= since && to <= time
  );
  return shown ?? "It was not listed since it got the file";
}
