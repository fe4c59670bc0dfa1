import { lookup } from "node:dns/promises";
import type { AddressFamily } from "../catalog/families.ts";
import type { Clock } from "../clock/clock.ts";
import { requirePermission } from "../config/require_permission.ts";

/** What the monitor needs of `fetch()`. */
export type MonitorFetch = (url: string, init: RequestInit) => Promise<Response>;

/** An HTTP client of the monitor's own. */
export interface MonitorHttpClient extends Disposable {
  readonly fetch: MonitorFetch;
  /** What it trusts beside what Deno trusts: contents of PEM files. */
  readonly certificates: readonly string[];
}

/** What {@linkcode createMonitorHttpClient} takes. */
export interface MonitorHttpClientOptions {
  /**
   * Certificates to trust beside those that Deno trusts: contents of PEM files, such as the one that
   * `SSL_CERT_FILE` names. Deno itself obeys only `DENO_CERT`.
   */
  readonly certificates?: readonly string[];
  /** How many connections to a host are kept for the next requests; default: none. */
  readonly keptConnections?: number;
  /** URL of a proxy through which everything goes, perhaps with user and password; default: none. */
  readonly proxy?: string | null;
  /** Uses addresses of this family only; default: any. */
  readonly family?: AddressFamily;
  readonly clock: Pick<Clock, "after" | "now" | "timeout">;
  /** Milliseconds to connect; default 20 000. */
  readonly connectTimeout?: number;
}

/** Milliseconds for a second connection to a server that did not answer in time. */
const PROBE_TIMEOUT = 1000;

/**
 * Makes an HTTP client that opens a new connection for each request, unless told otherwise, and gives up a server that cannot
 * be connected to in time.
 *
 * @throws {TypeError} when a certificate is no PEM
 */
export function createMonitorHttpClient(
  options: MonitorHttpClientOptions,
): MonitorHttpClient {
  const { certificates = [], proxy = null, clock, family } = options;
  const { connectTimeout = 20_000, keptConnections = 0 } = options;
  const client = Deno.createHttpClient({
    poolMaxIdlePerHost: keptConnections,
    caCerts: [...certificates],
    ...(proxy === null ? {} : { proxy: proxyOf(proxy) }),
    // Where connections come from decides where they can go.
    ...(family === undefined ? {} : { localAddress: family === 4 ? "0.0.0.0" : "::" }),
  });
  return {
    certificates,
    async fetch(url, init) {
      const connected = proxy ?? url;
      const host = `${new URL(connected).hostname}:${portOf(connected)}`;
      requirePermission({ name: "net", host });
      const limit = new AbortController();
      const answered = new AbortController();
      using _timer = clock.after(connectTimeout, async () => {
        // fetch() does not tell whether it has connected. A server that takes so long to answer is
        // rare enough for another connection to find out.
        const patience = clock.timeout(PROBE_TIMEOUT);
        if (!await connects(connected, family, answered.signal, patience)) {
          limit.abort(new DOMException("Connection timed out", "TimeoutError"));
        }
      });
      const signals = init.signal ? [init.signal, limit.signal] : [limit.signal];
      try {
        const bounded = { ...init, signal: AbortSignal.any(signals) };
        try {
          return await fetch(url, { ...bounded, client });
        } catch (error) {
          if (certificates.length === 0 || proxy !== null || !refusedSelfSigned(error)) throw error;
          // What that takes is seldom needed.
          const { selfSignedFetch } = await import("./self_signed_fetch.ts");
          return await selfSignedFetch(url, bounded, certificates, clock.now(), family);
        }
      } finally {
        answered.abort();
      }
    },
    [Symbol.dispose]: () => client.close(),
  };
}

/** Whether a connection can be opened in time; `true` also when nobody wants to know any more. */
async function connects(
  url: string,
  family: AddressFamily | undefined,
  answered: AbortSignal,
  patience: AbortSignal,
): Promise<boolean> {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
  try {
    const hostname = family === undefined ? host : (await lookup(host, { family })).address;
    using _connection = await Deno.connect({
      hostname,
      port: portOf(url),
      signal: AbortSignal.any([answered, patience]),
    });
    return true;
  } catch {
    return answered.aborted;
  }
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  if (port !== "") return Number(port);
  return protocol === "https:" ? 443 : protocol.startsWith("socks") ? 1080 : 80;
}

function proxyOf(text: string): Deno.Proxy {
  const url = new URL(text);
  const [username, password] = [url.username, url.password].map(decodeURIComponent);
  url.username = url.password = "";
  return { url: url.href, ...(username ? { basicAuth: { username, password: password! } } : {}) };
}

/**
 * Whether an HTTPS request failed because the server shows a certificate that is itself one of the
 * trusted ones: a self-signed certificate. OpenSSL and Go accept it, Deno's `fetch()` does not.
 */
function refusedSelfSigned(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.message.includes("CaUsedAsEndEntity")) return true;
  }
  return false;
}
