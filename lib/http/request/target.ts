/** The parts of a request's URL, as received. */
export interface RequestTarget {
  /** Still percent-encoded, with a leading slash. */
  readonly path: string;
  /** Without the question mark; empty when there is none. */
  readonly query: string;
}

/**
 * Cuts a request's URL into path and query. Parsing it as a URL object would cost more than the rest
 * of the request, and would clean the path before anyone can see that it was not clean.
 *
 * @param url absolute URL; the host is ignored
 * @returns its path and its query
 */
export function splitTarget(url: string): RequestTarget {
  const scheme = url.indexOf("://");
  const start = url.indexOf("/", scheme < 0 ? 0 : scheme + 3);
  if (start < 0) return { path: "/", query: "" };
  const question = url.indexOf("?", start);
  return question < 0
    ? { path: url.slice(start), query: "" }
    : { path: url.slice(start, question), query: url.slice(question + 1) };
}
