import { createHash } from "node:crypto";
import { gzipped, tarOf } from "./packed_files.ts";

/** A file that a {@linkcode DatabaseServer} has. */
export interface ServedFile {
  readonly body: Uint8Array;
  readonly lastModified: Date;
}

/** The account that the server knows. */
export const ACCOUNT = { id: "123456", key: "s3cret_key" };

/** Where MaxMind sends those who download. */
const STORAGE = "mm-prod-geoip-databases.a2649acb697e2c09b632799562c076f2.r2.cloudflarestorage.com";

/** Hosts that the server stands for. */
export const DATABASE_HOSTS: readonly string[] = [
  "download.db-ip.com",
  "download.maxmind.com",
  STORAGE,
];

/**
 * A server on loopback that answers as download.db-ip.com, download.maxmind.com and what that sends on to
 * do: 404 for a month that is not there yet, 304, basic authentication, a redirect to signed URLs.
 */
export class DatabaseServer implements AsyncDisposable {
  /** Path → file. What belongs to MaxMind is asked for below `/geoip/databases/`, stored below `/signed/`. */
  readonly files = new Map<string, ServedFile>();
  /** Method, path with query and whether a condition or a password came with it. */
  readonly requests: string[] = [];
  /** Answers in place of the server; `null`: does not. */
  answer: ((request: Request) => Response | null) | null = null;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
  }

  /** Without a trailing slash. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Publishes a database as DB-IP does. */
  async publishDbip(
    edition: "city" | "asn",
    month: string,
    bytes: Uint8Array,
    lastModified: Date,
  ): Promise<void> {
    const body = await gzipped(bytes);
    this.files.set(`/free/dbip-${edition}-lite-${month}.mmdb.gz`, { body, lastModified });
  }

  /** Publishes a database as MaxMind does. @param digest in place of the right one */
  async publishMaxmind(
    edition: string,
    bytes: Uint8Array,
    lastModified: Date,
    digest?: string,
  ): Promise<void> {
    const name = `${edition}_20261120`;
    const license = new TextEncoder().encode("Use of it is governed by the EULA");
    const archive = tarOf({ [`${name}/LICENSE.txt`]: license, [`${name}/${edition}.mmdb`]: bytes });
    const body = await gzipped(archive);
    const sum = digest ?? createHash("sha256").update(body).digest("hex");
    const line = new TextEncoder().encode(`${sum}  ${name}.tar.gz\n`);
    this.files.set(`/signed/${edition}.tar.gz`, { body, lastModified });
    this.files.set(`/signed/${edition}.tar.gz.sha256`, { body: line, lastModified });
  }

  /** The same URL on this server, where it is one of those that it stands for. */
  here(url: string): string {
    const host = DATABASE_HOSTS.find((name) => url.startsWith(`https://${name}/`));
    return host === undefined ? url : url.replace(`https://${host}`, this.url);
  }

  #answer(request: Request): Response {
    const { pathname, search } = new URL(request.url);
    const { headers } = request;
    const since = headers.get("if-modified-since");
    this.requests.push([
      `${request.method} ${pathname}${search}`,
      ...(since === null ? [] : ["conditional"]),
      ...(headers.has("authorization") ? ["password"] : []),
    ].join(" "));
    const other = this.answer?.(request);
    if (other) return other;
    const [, edition] = /^\/geoip\/databases\/([\w-]+)\/download$/.exec(pathname) ?? [];
    if (edition !== undefined) return this.#sendOn(edition, search, headers);
    const file = this.files.get(pathname);
    if (file === undefined) return new Response("Not Found", { status: 404 });
    if (since !== null && Date.parse(since) >= Math.floor(+file.lastModified / 1000) * 1000) {
      return new Response(null, { status: 304 });
    }
    return new Response(new Uint8Array(file.body), {
      headers: {
        "content-type": "application/gzip",
        "last-modified": file.lastModified.toUTCString(),
      },
    });
  }

  #sendOn(edition: string, search: string, headers: Headers): Response {
    const expected = `Basic ${btoa(`${ACCOUNT.id}:${ACCOUNT.key}`)}`;
    if (headers.get("authorization") !== expected) {
      return new Response("Invalid license key", { status: 401 });
    }
    const suffix = new URLSearchParams(search).get("suffix");
    const location = `https://${STORAGE}/signed/${edition}.${suffix}?X-Amz-Signature=0123`;
    return new Response(null, { status: 302, headers: { location } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}
