import { isPrivateAddress } from "../net/private_address.ts";
import type { MonitorFetch } from "./http_client.ts";

/** How checks follow redirects. */
export interface RedirectRule {
  readonly fetch: MonitorFetch;
  /** Whether the mirror may redirect at all. */
  readonly redirects: boolean;
  /** Addresses of a host. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** Whether a proxy asks in our place: it may know hosts that nobody here does. Default: no. */
  readonly proxied?: boolean;
}

/** A redirect that is not followed, in words for the operator. */
export class RedirectError extends Error {
  /** See `Error.name`. */
  override readonly name = "RedirectError";

  /**
   * Says why.
   *
   * @param message why, for people
   * @param target where it leads
   */
  constructor(message: string, readonly target: string) {
    super(message);
  }
}

const MAX_REDIRECTS = 10;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Asks a mirror, and follows its redirects as far as it may: not at all where it must not redirect, not
 * from HTTPS to HTTP, and not from a public host to a private address, where whoever controls the mirror
 * would have us ask what is behind a firewall. What a name leads to may change between the look at it and
 * the request.
 *
 * @param url what to ask for
 * @param init `signal` bounds everything
 * @returns the first answer that is no redirect
 * @throws {RedirectError} when one is not followed
 * @throws Error when there is no answer in the end
 */
export async function followRedirects(
  url: string,
  init: RequestInit,
  rule: RedirectRule,
): Promise<Response> {
  const start = new URL(url);
  let isPublic: boolean | undefined;
  let at = start;
  for (let followed = 0; followed <= MAX_REDIRECTS; followed++) {
    const response = await rule.fetch(at.href, { ...init, redirect: "manual" });
    const location = response.headers.get("location");
    if (!REDIRECTS.has(response.status) || location === null) return response;
    await response.body?.cancel();
    if (!rule.redirects) throw new RedirectError("Unauthorized redirect", location);
    const target = targetOf(location, at);
    if (start.protocol === "https:" && target.protocol === "http:") {
      throw new RedirectError("Redirects to HTTP", target.href);
    }
    if (target.host !== start.host) {
      isPublic ??= !await leadsToPrivate(start, init.signal, rule);
      if (isPublic && await leadsToPrivate(target, init.signal, rule)) {
        throw new RedirectError("Redirects to a private address", target.href);
      }
    }
    at = target;
  }
  throw new Error("Redirects without end");
}

/** @throws Error when it is nothing that can be asked for */
function targetOf(location: string, base: URL): URL {
  const target = URL.canParse(location, base.href) ? new URL(location, base) : null;
  // fetch() would read local files, too.
  if (target === null || (target.protocol !== "http:" && target.protocol !== "https:")) {
    throw new Error(`redirected to ${location}`);
  }
  // Nobody but the operator tells us to log in.
  target.username = target.password = "";
  return target;
}

/** Whether a host has any address that is not for everybody. */
async function leadsToPrivate(
  { hostname }: URL,
  signal: AbortSignal | null | undefined,
  { resolve, proxied = false }: RedirectRule,
): Promise<boolean> {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  if (isPrivateAddress(host)) return true;
  if (/^[\d.]+$/.test(host) || host.includes(":")) return false;
  try {
    return (await orAborted(resolve(host), signal)).some(isPrivateAddress);
  } catch (error) {
    signal?.throwIfAborted();
    if (proxied) return false;
    throw error;
  }
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return work;
  if (signal.aborted) return Promise.reject(signal.reason);
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener("abort", stop));
}
