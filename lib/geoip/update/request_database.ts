import { GeoDatabaseError } from "../geo_database_error.ts";
import { failureText } from "./failure_text.ts";
import { shownUrl } from "./shown_url.ts";

/** What fetching needs of `fetch()`. */
export type UpdateFetch = (url: string, init: RequestInit) => Promise<Response>;

/** What {@linkcode requestDatabase} asks with. */
export interface DatabaseRequest {
  /** Absolute; may hold secrets in its query. */
  readonly url: string;
  /** For the host of the URL alone; `null`: none. */
  readonly authorization: string | null;
  /** What was told with what is here, in the form of the header; `null`: nothing is here. */
  readonly lastModified: string | null;
  readonly userAgent: string;
  readonly signal: AbortSignal;
}

/** What was answered. */
export type DatabaseAnswer =
  | { readonly type: "sent"; readonly response: Response; readonly lastModified: string | null }
  /** What is here is still the newest. */
  | { readonly type: "unchanged" }
  /** There is nothing there, not yet. */
  | { readonly type: "missing" };

/** Redirects that are followed. */
const MOST_REDIRECTS = 5;

/**
 * Asks for a database, and follows where that leads: the password goes to the first host only, and from
 * HTTPS nothing leads to HTTP.
 *
 * @param fetch what connects
 * @param request what is asked for
 * @throws GeoDatabaseError with what was answered, or why nothing was
 */
export async function requestDatabase(
  fetch: UpdateFetch,
  { url, authorization, lastModified, userAgent, signal }: DatabaseRequest,
): Promise<DatabaseAnswer> {
  const origin = new URL(url).origin;
  let at = url;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const headers: Record<string, string> = {
      "user-agent": userAgent,
      "accept-encoding": "identity",
    };
    if (lastModified !== null) headers["if-modified-since"] = lastModified;
    if (authorization !== null && new URL(at).origin === origin) {
      headers.authorization = authorization;
    }
    const response = await fetch(at, { headers, redirect: "manual", signal }).catch((error) => {
      throw new GeoDatabaseError(`${shownUrl(at)} cannot be reached: ${failureText(error)}`, {
        cause: error,
      });
    });
    const { status } = response;
    if (status === 200) return await received(response, lastModified);
    await response.body?.cancel();
    if (status === 304 && lastModified !== null) return { type: "unchanged" };
    if (status === 404) return { type: "missing" };
    const location = response.headers.get("location");
    if (![301, 302, 303, 307, 308].includes(status) || location === null) {
      throw new GeoDatabaseError(`${shownUrl(at)} answers ${status}${hintOf(status)}`);
    }
    at = nextUrl(at, location);
  }
  throw new GeoDatabaseError(`${shownUrl(url)} leads on more than ${MOST_REDIRECTS} times`);
}

/** Not every server heeds If-Modified-Since. */
async function received(response: Response, known: string | null): Promise<DatabaseAnswer> {
  const lastModified = response.headers.get("last-modified");
  if (known !== null && lastModified !== null && Date.parse(lastModified) <= Date.parse(known)) {
    await response.body?.cancel();
    return { type: "unchanged" };
  }
  return { type: "sent", response, lastModified };
}

function nextUrl(from: string, location: string): string {
  const next = URL.canParse(location, from) ? new URL(location, from) : null;
  const safe = next !== null &&
    (next.protocol === "https:" || (next.protocol === "http:" && from.startsWith("http:")));
  if (safe) return next.href;
  throw new GeoDatabaseError(`${shownUrl(from)} leads to a place that cannot be followed`);
}

function hintOf(status: number): string {
  if (status === 401) return ": the account or its key is not accepted";
  if (status === 403) return ": the key may not have this database";
  return status === 429 ? ": too many downloads today" : "";
}
