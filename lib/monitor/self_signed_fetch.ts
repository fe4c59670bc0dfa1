import { request, type RequestOptions } from "node:https";
import { Readable } from "node:stream";
import type { AddressFamily } from "../catalog/families.ts";
import { pinnedFetch } from "./pinned_fetch.ts";

/** Whether Deno can be told to trust a self-signed certificate, as it can since 2.6. */
const [MAJOR = 0, MINOR = 0] = Deno.version.deno.split(".").map(Number);
const CAN_TRUST = MAJOR > 2 || MINOR >= 6;

/** Answers with these statuses have no body. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Asks a server that has a self-signed certificate. Redirects are not followed.
 *
 * @param url an `https:` URL
 * @param init method, headers and signal count
 * @param certificates what to trust, contents of PEM files
 * @param now milliseconds since the epoch
 * @param family of the addresses to use; default: any
 * @throws Error when the server cannot be trusted or does not answer
 */
export function selfSignedFetch(
  url: string,
  init: RequestInit,
  certificates: readonly string[],
  now: number,
  family?: AddressFamily,
): Promise<Response> {
  if (!CAN_TRUST) return pinnedFetch(url, init, certificates, now, family);
  const options: RequestOptions = {
    method: init.method ?? "GET",
    headers: Object.fromEntries(new Headers(init.headers)),
    ca: [...certificates],
    // A connection of its own, closed after the answer.
    agent: false,
    ...(family === undefined ? {} : { family }),
    ...(init.signal ? { signal: init.signal } : {}),
  };
  return new Promise((resolve, reject) => {
    const asked = request(url, options, (answer) => {
      const headers = new Headers();
      for (const [name, value] of Object.entries(answer.headers)) {
        if (value !== undefined) headers.set(name, String(value));
      }
      const { statusCode: status = 502 } = answer;
      const empty = options.method === "HEAD" || WITHOUT_BODY.has(status);
      if (empty) answer.resume();
      const body = empty ? null : Readable.toWeb(answer) as ReadableStream<Uint8Array>;
      resolve(new Response(body, { status, headers }));
    });
    asked.on("error", reject);
    asked.end();
  });
}
