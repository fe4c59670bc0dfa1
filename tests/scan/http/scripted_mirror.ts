import { SourceTree } from "../../../lib/catalog/source_tree.ts";
import type { ListedFile } from "../../../lib/catalog/file.ts";
import { HttpLister, type HttpListerOptions } from "../../../lib/scan/http/http_lister.ts";
import type { ScanFetch } from "../../../lib/scan/http/http_requests.ts";
import { ScanMemory } from "../../../lib/scan/http/scan_memory.ts";
import type { ListingOptions } from "../../../lib/scan/lister.ts";

/** What a request gets instead of what is there; `null`: what is there. */
export type Reaction = (
  method: string,
  path: string,
  headers: Headers,
  url: URL,
) => Response | null;

/** Milliseconds since the epoch of the files of these tests. */
export const TIME = Date.UTC(2026, 5, 1, 12, 30, 45);

const START = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;

/** A mirror that answers over HTTP without a network, and a clock that jumps over every pause. */
export class ScriptedMirror {
  readonly files = new Map<string, { size: number; modTime: number }>();
  readonly source: (ListedFile & { readonly md5?: string })[] = [];
  /** What it was asked, oldest first: method and path. */
  readonly asked: string[] = [];
  /** When, in milliseconds. */
  readonly times: number[] = [];
  listing: "json" | "html" | "list" | "none" = "json";
  react: Reaction = () => null;
  /** Time of a directory as its parent shows it. @param path with slashes around */
  directoryTime: (path: string) => number = () => TIME;
  readonly memory = new ScanMemory();
  known = new Map<string, ListedFile>();
  #elapsed = 0;
  readonly #waiting: number[] = [];
  /** Whether pauses end in their order, which takes its time, or at once. */
  orderly = false;
  /** Milliseconds to add to the wall clock. */
  passed = 0;

  /** Has a file, as the source does. */
  add(path: string, size = path.length): this {
    this.files.set(path, { size, modTime: TIME });
    this.source.push({ path, size, modTime: TIME });
    return this;
  }

  get clock(): HttpListerOptions["clock"] {
    return {
      now: () => START + this.#elapsed + this.passed,
      elapsed: () => this.#elapsed,
      delay: async (milliseconds) => {
        if (!this.orderly) {
          this.#elapsed += milliseconds;
          return;
        }
        const due = this.#elapsed + milliseconds;
        this.#waiting.push(due);
        do await new Promise((resolve) => setTimeout(resolve, 0)); while (
          due !== Math.min(...this.#waiting)
        );
        this.#waiting.splice(this.#waiting.indexOf(due), 1);
        this.#elapsed = Math.max(this.#elapsed, due);
      },
      timeout: () => new AbortController().signal,
    };
  }

  /** What asks it. */
  readonly fetch: ScanFetch = (url, init) => Promise.resolve(this.#answer(url, init));

  /** What lists it, at `http://mirror.test/base/`. */
  lister(options: Partial<HttpListerOptions> = {}): HttpLister {
    this.asked.length = this.times.length = 0;
    this.#children = null;
    return new HttpLister({
      openClient: () => ({
        fetch: this.fetch,
        [Symbol.dispose]() {},
      }),
      clock: this.clock,
      random: () => 0.5,
      rate: 100,
      interval: 360 * MINUTE,
      scanInterval: 30 * MINUTE,
      redirects: true,
      resolve: () => Promise.resolve(["192.0.2.1"]),
      memory: this.memory,
      ...options,
    });
  }

  /** Scans it, and remembers what was found as a store does. */
  async scan(
    options: Partial<HttpListerOptions> = {},
    how: ListingOptions = {},
  ): Promise<{ files: ListedFile[]; unread: readonly string[]; warnings: readonly string[] }> {
    const tree = new SourceTree();
    for (const file of this.source) tree.add(file);
    const lister = this.lister(options);
    const listing = lister.list("http://mirror.test/base/", new AbortController().signal, {
      source: tree,
      known: (path) => this.known.get(path) ?? null,
      ...how,
    });
    const files: ListedFile[] = [];
    for await (const batch of listing.files) files.push(...batch);
    const unread = listing.unread!();
    const hidden = (path: string): boolean =>
      unread.some((one) =>
        one.endsWith("/") && one !== ""
          ? path.slice(0, path.lastIndexOf("/") + 1) === one
          : path === one || path.startsWith(`${one}/`)
      );
    const kept = [...this.known.values()].filter(({ path }) => hidden(path));
    this.known = new Map([...kept, ...files].map((file) => [file.path, file]));
    return {
      files: files.toSorted((a, b) => a.path < b.path ? -1 : 1),
      unread,
      warnings: listing.warnings(),
    };
  }

  #answer(url: string, init: RequestInit): Response {
    const asked = new URL(url);
    const { pathname, host } = asked;
    const path = decodeURIComponent(pathname);
    const method = init.method ?? "GET";
    this.asked.push(`${method} ${host === "mirror.test" ? "" : `//${host}`}${path}`);
    this.times.push(this.#elapsed);
    const reaction = this.react(method, path, new Headers(init.headers), asked);
    if (reaction !== null) return reaction;
    if (!path.startsWith("/base/")) return missing();
    const below = path.slice(5);
    const file = this.files.get(below);
    if (file !== undefined) return headOf(file, method);
    return below.endsWith("/") && method === "GET" ? this.#list(below) : missing();
  }

  /** Of each directory, with slashes around, as long as a scan runs. */
  #children: Map<string, Map<string, string | null>> | null = null;

  /** What is directly in a directory; `null`: a directory. */
  #childrenOf(directory: string): Map<string, { size: number; modTime: number } | null> {
    if (this.#children === null) {
      this.#children = new Map();
      for (const path of this.files.keys()) {
        for (let end = path.lastIndexOf("/"); end >= 0; end = path.lastIndexOf("/", end - 1)) {
          const above = path.slice(0, end + 1);
          const [name, ...rest] = path.slice(end + 1).split("/");
          const children = this.#children.get(above) ?? new Map();
          this.#children.set(above, children);
          children.set(name!, rest.length === 0 ? path : null);
          if (end === 0) break;
        }
      }
    }
    const found = [...this.#children.get(directory) ?? []];
    return new Map(
      found.map(([name, path]) => [name, path === null ? null : this.files.get(path)!]),
    );
  }

  #list(directory: string): Response {
    const children = this.#childrenOf(directory);
    if (this.listing === "none" || (children.size === 0 && directory !== "/")) return missing();
    if (this.listing === "json") {
      return Response.json([...children].map(([name, file]) => ({
        name,
        type: file === null ? "directory" : "file",
        mtime: new Date(file?.modTime ?? this.directoryTime(`${directory}${name}/`)).toUTCString(),
        ...(file === null ? {} : { size: file.size }),
      })));
    }
    const rows = [...children].map(([name, file]) => {
      const link = encodeURIComponent(name) + (file === null ? "/" : "");
      if (this.listing === "list") return `<li><a href="${link}"> ${name}</a></li>\n`;
      const time = new Date(file?.modTime ?? TIME).toISOString();
      const [, month] = new Date(file?.modTime ?? TIME).toUTCString().match(/\d+ (\w+) /)!;
      const date = `${time.slice(8, 10)}-${month}-${time.slice(0, 4)} ${time.slice(11, 16)}`;
      return `<a href="${link}">${name}</a>   ${date}   ${file?.size ?? "-"}\n`;
    }).join("");
    const body = this.listing === "list"
      ? `<html><title>Index of /</title><ul>${rows}</ul></html>`
      : `<html><h1>Index of /</h1><hr><pre><a href="../">../</a>\n${rows}</pre><hr></html>`;
    return new Response(body, { headers: { "content-type": "text/html" } });
  }
}

function headOf({ size, modTime }: { size: number; modTime: number }, method: string): Response {
  const headers = {
    "content-length": `${size}`,
    "last-modified": new Date(modTime).toUTCString(),
    date: new Date(START).toUTCString(),
  };
  return new Response(method === "HEAD" ? null : "x", { headers });
}

/** No such file. */
export function missing(): Response {
  return new Response("Not Found", { status: 404 });
}
