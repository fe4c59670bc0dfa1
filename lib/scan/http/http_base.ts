import type { Clock } from "../../clock/clock.ts";
import { ListingError } from "../lister.ts";
import { SCAN_HEADERS, type ScanFetch } from "./http_requests.ts";

/** Milliseconds to find out whether a host speaks HTTPS. */
const LOOK = 30_000;

/**
 * The base URL of a mirror. Without a scheme HTTPS is tried first, and HTTP where that cannot connect.
 *
 * @param url of the mirror, with a slash at its end, perhaps without a scheme
 * @throws {ListingError} when it is no URL
 * @throws the signal's reason when it was aborted
 */
export async function httpBaseOf(
  url: string,
  fetch: ScanFetch,
  clock: Pick<Clock, "timeout">,
  signal: AbortSignal,
): Promise<URL> {
  const written = /^https?:\/\//i.test(url);
  const bases = written ? [url] : [`https://${url}`, `http://${url}`];
  if (!bases.every((base) => URL.canParse(base))) {
    throw new ListingError(`Cannot parse the URL "${url}"`);
  }
  const [first, second] = bases.map((base) => new URL(base));
  if (second === undefined) return first!;
  try {
    const init: RequestInit = {
      method: "HEAD",
      redirect: "manual",
      headers: SCAN_HEADERS,
      signal: AbortSignal.any([signal, clock.timeout(LOOK)]),
    };
    await (await fetch(first!.href, init)).body?.cancel();
    return first!;
  } catch {
    signal.throwIfAborted();
    return second;
  }
}
