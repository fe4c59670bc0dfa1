/** Name and value of a response header. */
export type Header = [name: string, value: string];

/** Answers that belong to one client at one moment. */
export const NOT_CACHED: Header = ["Cache-Control", "private, no-cache"];

/** Answers that are the same for everyone, and may be others the next moment. */
export const NO_CACHE: Header = ["Cache-Control", "no-cache"];

/** Answers that no browser may take for something else. */
export const NO_SNIFF: Header = ["X-Content-Type-Options", "nosniff"];

/** Answers whose form depends on what the client accepts. */
export const VARY_ACCEPT: Header = ["Vary", "Accept"];

/** Answers that are in the language that the client likes best. */
export const VARY_LANGUAGE: Header = ["Vary", "Accept-Language"];

/** Seconds after which a client may ask again for what cannot be answered now. */
export const RETRY_AFTER: Header = ["Retry-After", "30"];
