import { httpBaseOf } from "./http_base.ts";
import { HttpProber } from "./http_probe.ts";
import { HttpRequests, type HttpRequestsOptions, type ScanFetch } from "./http_requests.ts";
import { privateRedirects } from "./private_redirects.ts";

/** What {@linkcode openProber} takes. */
export interface OpenProberOptions
  extends Pick<HttpRequestsOptions, "clock" | "rate" | "redirects" | "signal"> {
  readonly fetch: ScanFetch;
  /** 0 to 1, exclusive. */
  readonly random: () => number;
  /** Addresses of a host. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
}

/**
 * Opens what asks a mirror for single files without a scan: at most so many requests a second, slower
 * when the mirror asks for that. It asks for one file after the other as long as its caller does. What it
 * says of a file is for `isSame()`.
 *
 * It throws an `EndsEarlyError` when the mirror answers nothing any more; then another one may be opened
 * later.
 *
 * @param url of the mirror, with a slash at its end, perhaps without a scheme
 * @throws {ListingError} when it is no URL
 * @throws the signal's reason when it was aborted
 */
export async function openProber(url: string, options: OpenProberOptions): Promise<HttpProber> {
  const { fetch, clock, rate, redirects, random, resolve, signal } = options;
  const base = await httpBaseOf(url, fetch, clock, signal);
  const mayAsk = privateRedirects(resolve);
  return new HttpProber(
    new HttpRequests({ base, fetch, clock, rate, redirects, mayAsk, signal }),
    random,
  );
}
