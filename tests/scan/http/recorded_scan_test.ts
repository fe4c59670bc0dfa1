import { assert, assertEquals } from "@std/assert";
import { SourceTree } from "../../../lib/catalog/source_tree.ts";
import { HttpLister } from "../../../lib/scan/http/http_lister.ts";
import { ScanMemory } from "../../../lib/scan/http/scan_memory.ts";
import { headsOf, pagesOf, SERVERS, TREE } from "./recorded.ts";

const NOW = Date.UTC(2026, 10, 28, 14);

/** What nobody may read, leads elsewhere, or has names that no index holds. */
const APART = /^\/(?:denied|partly-denied|links|control)\//;

const FILES = [...TREE].filter(([path]) => !APART.test(path)).flatMap(([path, { files }]) =>
  files.map(({ name, size, modTime }) => ({ path: path + name, size, modTime }))
);

/** Servers that show neither sizes nor times. */
const PRESENCE_ONLY = new Set([
  ...["apache-plain", "apache-suppress", "go-fileserver", "node-serve-handler"],
  "python-http-server",
]);

/** Files that are asked for of the others at most: of sizes that prove nothing, hidden ones, and a few. */
const MOST_PROBES = 40;

/** How a recorded server answers; what was not recorded is as its files are. */
function replay(server: string): {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly asked: string[];
  readonly pages: ReadonlyMap<string, unknown>;
} {
  // What was asked for as usual, where it was.
  const pages = new Map(
    pagesOf(server).toSorted((one, other) => Number(one.plain) - Number(other.plain))
      .map((page) => [decoded(page.path), page]),
  );
  const heads = new Map(headsOf(server).map((head) => [decoded(head.path), head]));
  const files = new Map(FILES.map((file) => [file.path, file]));
  const asked: string[] = [];
  const answer = (method: string, { pathname, search }: URL): Response => {
    const path = decoded(pathname);
    asked.push(`${method} ${path}${search}`);
    const page = method === "GET" && search === "" ? pages.get(path) : undefined;
    if (page !== undefined) {
      const headers = { "content-type": page.contentType };
      return new Response(page.body.slice(), { status: page.status, headers });
    }
    const head = method === "HEAD" ? heads.get(path) : undefined;
    if (head !== undefined) return new Response(null, { status: head.status, headers: of(head) });
    const file = files.get(path);
    if (file === undefined) return new Response(null, { status: 404 });
    const modified = new Date(Math.floor(file.modTime / 1000) * 1000).toUTCString();
    return new Response(null, {
      headers: of({ length: file.size, modified, date: new Date(NOW).toUTCString() }),
    });
  };
  return {
    asked,
    pages,
    fetch: (url, { method = "GET" }) => Promise.resolve(answer(method, new URL(url))),
  };
}

function of(
  { length, modified, date }: {
    readonly length: number | null;
    readonly modified: string | null;
    readonly date: string | null;
  },
): Record<string, string> {
  return {
    ...(length === null ? {} : { "content-length": `${length}` }),
    ...(modified === null ? {} : { "last-modified": modified }),
    ...(date === null ? {} : { date }),
  };
}

/** What was asked for with bytes that are no text stays as it is. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

for (const server of SERVERS.filter((name) => name !== "s3rver")) {
  Deno.test(`a scan finds every file that ${server} has, and asks for few`, async () => {
    const source = new SourceTree();
    const { fetch, asked, pages } = replay(server);
    const files = FILES.filter(({ path }) => pages.has(path.slice(0, path.lastIndexOf("/") + 1)));
    for (const file of files) source.add(file);
    let elapsed = 0;
    const memory = new ScanMemory();
    const lister = new HttpLister({
      openClient: () => ({ fetch, [Symbol.dispose]() {} }),
      clock: {
        now: () => NOW + elapsed,
        elapsed: () => elapsed,
        delay: (milliseconds) => Promise.resolve(void (elapsed += milliseconds)),
        timeout: () => new AbortController().signal,
      },
      ...{ random: () => 0.5, rate: 200, redirects: true, memory },
      ...{ interval: 21_600_000, scanInterval: 1_800_000 },
      resolve: () => Promise.resolve([]),
    });
    const listing = lister.list("http://mirror.test/", new AbortController().signal, {
      ...{ source, timed: true },
    });
    const found = new Map<string, readonly [number, number | null]>();
    for await (const batch of listing.files) {
      for (const { path, size, modTime } of batch) found.set(path, [size, modTime]);
    }
    assertEquals(listing.unread!(), []);
    for (const { path, size, modTime } of files) {
      assertEquals(found.get(path), [size, Math.floor(modTime / 1000) * 1000], path);
    }
    assertEquals(found.size, files.length);
    const probes = asked.filter((one) => one.startsWith("HEAD "));
    // Where neither sizes nor times are shown, each file is asked for; and whether it says yes to all.
    const most = PRESENCE_ONLY.has(server) ? files.length + 1 : MOST_PROBES;
    assert(probes.length <= most, `${probes.length} of ${files.length}`);
    // Three tell of the zones, and a fourth of one day of a zone that has changed since.
    const timed = probes.filter((one) => one.startsWith("HEAD /times/"));
    if (server.includes("berlin")) assert(timed.length <= 4, `${timed}`);
    for (const { path } of files) {
      // An index page hides what is there.
      if (path.startsWith("/with-index/")) assert(probes.includes(`HEAD ${path}`), path);
    }
  });
}
