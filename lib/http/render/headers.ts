/** Name and value of a response header. */
export type Header = [name: string, value: string];

/** Answers that belong to one client at one moment. */
export const NOT_CACHED: Header = ["Cache-Control", "private, no-cache"];

/** Answers that no browser may take for something else. */
export const NO_SNIFF: Header = ["X-Content-Type-Options", "nosniff"];

/** Seconds after which a client may ask again for what cannot be answered now. */
export const RETRY_AFTER: Header = ["Retry-After", "30"];

/**
 * Makes the header that names the program, on every answer.
 *
 * @param version version of the program
 * @returns the header
 */
export function serverHeader(version: string): Header {
  return ["Server", `Mirrorbits/${version}`];
}
