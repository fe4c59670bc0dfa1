import { Buffer } from "node:buffer";
import { once } from "node:events";
import {
  checkServerIdentity,
  connect,
  type ConnectionOptions,
  type PeerCertificate,
  type TLSSocket,
} from "node:tls";
import type { AddressFamily } from "../catalog/families.ts";

/** Bytes that the head of an answer may have. */
const MAX_HEAD = 65_536;

/**
 * Asks a server whose certificate is, byte for byte, one of those given, in HTTP/1.0. It is for Deno
 * before 2.6, which can neither be told to trust such a certificate nor keep it from being checked
 * by its own rules, and then does not check either that the server holds the certificate's key: who
 * controls the way to a mirror could answer in its place. So nothing secret may be asked for.
 *
 * @param url an `https:` URL; a user and a password in it are not sent
 * @param init method, headers and signal count
 * @param certificates contents of PEM files
 * @param now milliseconds since the epoch
 * @param family of the addresses to use; default: any
 * @throws Error when the certificate is another, has expired or is not for this host, or when the
 *   server does not answer
 */
export async function pinnedFetch(
  url: string,
  init: RequestInit,
  certificates: readonly string[],
  now: number,
  family?: AddressFamily,
): Promise<Response> {
  const { hostname, port, host, pathname, search } = new URL(url);
  const name = hostname.replace(/^\[(.*)\]$/, "$1");
  const method = init.method ?? "GET";
  init.signal?.throwIfAborted();
  const socket = connect({
    host: name,
    port: Number(port || 443),
    rejectUnauthorized: false,
    ...(family === undefined ? {} : { family }),
  } as ConnectionOptions);
  // An error that comes when nobody waits any more would end the program.
  socket.on("error", () => {});
  const abort = (): void => {
    socket.destroy(init.signal?.reason);
  };
  init.signal?.addEventListener("abort", abort, { once: true });
  const close = (): void => {
    init.signal?.removeEventListener("abort", abort);
    socket.destroy();
  };
  try {
    await once(socket, "secureConnect");
    checkCertificate(socket.getPeerCertificate(true), name, certificates, now);
    const headers = new Headers(init.headers);
    const lines = [...headers].map(([key, value]) => `${key}: ${value}\r\n`).join("");
    socket.write(`${method} ${pathname}${search} HTTP/1.0\r\nhost: ${host}\r\n${lines}\r\n`);
    return await readAnswer(socket, method, close);
  } catch (error) {
    close();
    throw error;
  }
}

/** @throws Error when it is not one of those that are trusted, for this host and now */
function checkCertificate(
  certificate: PeerCertificate,
  hostname: string,
  trusted: readonly string[],
  now: number,
): void {
  const { raw, subjectaltname, valid_from, valid_to } = certificate;
  if (!trusted.flatMap(derOf).some((der) => der.equals(raw))) {
    throw new Error("The certificate is not a trusted one");
  }
  if (!(Date.parse(valid_from) <= now && now <= Date.parse(valid_to))) {
    throw new Error("The certificate is not valid at this time");
  }
  const mismatch = checkServerIdentity(hostname, {
    ...certificate,
    ...(subjectaltname ? { subjectaltname: plainAddresses(subjectaltname) } : {}),
  });
  if (mismatch) throw mismatch;
}

/** The certificates in a PEM file, in their binary form. */
function derOf(pem: string): Buffer[] {
  const blocks = pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g);
  return Array.from(blocks, ([, base64]) => Buffer.from(base64!, "base64"));
}

/** Deno before 2.6 writes the addresses of a certificate in hexadecimal, without separators. */
function plainAddresses(names: string): string {
  return names.replaceAll(/(?<=IP Address:)([0-9a-f]{8}|[0-9a-f]{32})(?=,|$)/gi, (address) => {
    const group = address.length === 8 ? /../g : /..../g;
    const parts = address.match(group)!;
    return address.length === 8
      ? parts.map((part) => Number.parseInt(part, 16)).join(".")
      : parts.join(":");
  });
}

/**
 * Receives everything that comes before an error, which the stream's own iterator does not: many
 * servers close a connection without the word that TLS has for it.
 *
 * @returns the next bytes; `null` at the end
 */
function receive(socket: TLSSocket): () => Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let end: { readonly error: Error | null } | null = null;
  let changed = Promise.withResolvers<void>();
  const note = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  socket.on("data", (chunk: Uint8Array) => {
    socket.pause();
    chunks.push(chunk);
    note();
  });
  socket.on("error", (error) => {
    end ??= { error };
    note();
  });
  socket.on("close", () => {
    end ??= { error: null };
    note();
  });
  return async () => {
    while (chunks.length === 0 && end === null) {
      socket.resume();
      await changed.promise;
    }
    const chunk = chunks.shift();
    if (chunk === undefined && end?.error) throw end.error;
    return chunk ?? null;
  };
}

/** Reads the head of an answer; the body is read when somebody wants it. */
async function readAnswer(
  socket: TLSSocket,
  method: string,
  close: () => void,
): Promise<Response> {
  const next = receive(socket);
  let bytes = Buffer.alloc(0);
  let end = -1;
  while (end < 0) {
    const chunk = await next();
    if (chunk === null || bytes.length > MAX_HEAD) {
      throw new Error("The server does not answer in HTTP");
    }
    bytes = Buffer.concat([bytes, chunk]);
    end = bytes.indexOf("\r\n\r\n");
  }
  const [statusLine = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const status = Number(/^HTTP\/1\.[01] ([2-5]\d\d)/.exec(statusLine)?.[1] ?? Number.NaN);
  if (Number.isNaN(status)) throw new Error("The server does not answer in HTTP");
  const headers = new Headers(lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  }));
  if (method === "HEAD" || status === 204 || status === 205 || status === 304) {
    close();
    return new Response(null, { status, headers });
  }
  const body = bodyOf(bytes.subarray(end + 4), next, headers, close);
  return new Response(body, { status, headers });
}

/** The body; reading it fails when the connection ends before it does. */
function bodyOf(
  first: Uint8Array,
  next: () => Promise<Uint8Array | null>,
  headers: Headers,
  close: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const length = headers.get("content-length");
  let left = length === null ? Infinity : Number(length);
  type Controller = ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  const give = (controller: Controller, chunk: Uint8Array): void => {
    left -= chunk.length;
    if (chunk.length > 0) controller.enqueue(new Uint8Array(chunk));
    if (left <= 0) end(controller);
  };
  const end = (controller: Controller): void => {
    close();
    controller.close();
  };
  return new ReadableStream({
    start: (controller) => give(controller, first),
    async pull(controller) {
      const chunk = await next();
      if (chunk !== null) return give(controller, chunk);
      if (left !== Infinity) throw new Error("The connection ended within the answer");
      end(controller);
    },
    cancel: close,
  });
}
