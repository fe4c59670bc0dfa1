import { assert, assertEquals, assertMatch } from "@std/assert";
import { Breather } from "../../../lib/scan/breather.ts";
import { isHiddenName } from "../../../lib/scan/http/hidden_name.ts";
import type { ListingEntry, ListingPage } from "../../../lib/scan/http/listing_entry.ts";
import { decodePage, type PageMemory, readListing } from "../../../lib/scan/http/listing_page.ts";
import { offsetSamples } from "../../../lib/scan/http/offset_samples.ts";
import { judge, type Version } from "../../../lib/scan/http/verdict.ts";
import { ZoneOffsets } from "../../../lib/scan/http/zone_offsets.ts";
import { pagesOf, type RecordedFile, type RecordedPage, SERVERS, TREE } from "./recorded.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const breather = new Breather(() => 0, new AbortController().signal);

/** Pages that hold listings of the tree: with an index, or refused, there is none. */
function listingsOf(server: string): RecordedPage[] {
  return pagesOf(server).filter(({ path, status }) =>
    status === 200 && TREE.has(decoded(path)) && path !== "/with-index/"
  );
}

const decoded = (path: string): string => decodeURIComponent(path);

function read(
  { path, contentType, body }: Pick<RecordedPage, "path" | "contentType" | "body">,
  memory: PageMemory = { slashOrder: null, format: "" },
): Promise<ListingPage> {
  const url = new URL(`http://mirror.test${path}`);
  return readListing(decodePage(body, contentType), contentType, url, memory, breather);
}

/** Entries by the name that the source has. */
function byName(page: ListingPage): Map<string, ListingEntry> {
  const entries = new Map(page.entries.map((entry) => [entry.name, entry]));
  for (const entry of page.entries) {
    if (entry.rawName !== null && !entries.has(entry.rawName)) entries.set(entry.rawName, entry);
  }
  return entries;
}

/** Offsets learnt as a scan learns them: from three files of different half-years. */
function offsetsOf(
  files: readonly RecordedFile[],
  entries: Map<string, ListingEntry>,
): ZoneOffsets {
  const offsets = new ZoneOffsets();
  const timed = files.filter(({ name }) => entries.get(name)?.time);
  for (const file of offsetSamples(timed)) {
    offsets.learn(entries.get(file.name)!.time!, file.modTime);
  }
  return offsets;
}

for (const server of SERVERS.filter((name) => name !== "s3rver")) {
  Deno.test(`every file that ${server} lists is the same, or asked for`, async () => {
    const memory: PageMemory = { slashOrder: null, format: "" };
    // Dates that tell the order come first.
    for (const page of listingsOf(server)) await read(page, memory);
    for (const page of listingsOf(server)) {
      const listing = await read(page, memory);
      if (listing.kind === "none") {
        // What Caddy says of an empty directory; names alone.
        assert(TREE.get(decoded(page.path))!.files.length === 0 || page.body[1] === 34, page.path);
        continue;
      }
      const { files, directories } = TREE.get(decoded(page.path))!;
      const entries = byName(listing);
      const offsets = offsetsOf(files, entries);
      let same = 0;
      for (const file of files) {
        const entry = entries.get(file.name);
        if (entry === undefined) {
          assert(isHiddenName(file.name) || listing.kind === "general", page.path + file.name);
          continue;
        }
        assert(!entry.directory, file.name);
        const { type } = judge(entry, file, null, offsets);
        assert(type !== "different", `${page.path}${file.name} ${JSON.stringify(entry)}`);
        if (type === "same") same++;
        // A scan that kept it does not ask again, where anything is shown.
        const kept = judge(entry, file, { size: file.size, modTime: file.modTime }, offsets);
        if (entry.time !== null && type === "probe" && offsets.may(entry.time, file.modTime)) {
          assertEquals(kept, { type: "same" });
        }
      }
      if (listing.entries.some(({ time, size }) => time !== null && size !== null)) {
        assert(same > 0 || files.every(({ size }) => size > 10_000_000), page.path);
      }
      for (const name of directories) {
        const entry = entries.get(name);
        if (entry !== undefined && listing.format !== "serve-index") assert(entry.directory, name);
      }
    }
  });
}

const EXACT = new Set(["nginx-json", "nginx-xml", "caddy-json", "caddy"]);

Deno.test("a file that is another is not taken for the same beyond what a listing rounds", async () => {
  for (const server of SERVERS.filter((name) => name !== "s3rver")) {
    const memory: PageMemory = { slashOrder: null, format: "" };
    for (const page of listingsOf(server)) await read(page, memory);
    for (const page of listingsOf(server)) {
      const listing = await read(page, memory);
      const { files } = TREE.get(decoded(page.path))!;
      const entries = byName(listing);
      const offsets = offsetsOf(files, entries);
      for (const file of files.slice(0, 100)) {
        const entry = entries.get(file.name);
        if (entry === undefined) continue;
        const others: Version[] = [
          { ...file, size: file.size + 1 },
          ...[SECOND, MINUTE, HOUR].map((off) => ({ ...file, modTime: file.modTime + off })),
        ];
        for (const [index, other] of others.entries()) {
          const { type } = judge(entry, other, null, offsets);
          if (type !== "same") continue;
          assert(!EXACT.has(listing.format), `${server} ${file.name} ${index}`);
          if (index === 0) {
            assert(entry.size !== null && entry.size.high > entry.size.low, file.name);
          } else if (index === 1 || file.modTime % SECOND === 999) {
            // What is shown to the minute hides seconds, and the last millisecond may be rounded up.
            const { step } = entry.time!;
            assert(step > SECOND || file.modTime % SECOND === 999, `${server} ${file.name}`);
          } else {
            // Two offsets of summer and winter may hide an hour.
            assert(index === 3 && offsets.all.length > 1, `${server} ${file.name} ${index}`);
          }
        }
      }
    }
  }
});

Deno.test("a page that is cut anywhere shows nothing, or what the whole one shows", async () => {
  for (const server of SERVERS.filter((name) => name !== "s3rver")) {
    const page = listingsOf(server).find(({ path }) => path === "/times/") ??
      listingsOf(server)[0]!;
    const whole = await read(page);
    for (let length = 0; length < page.body.length; length += 100) {
      const cut = await read({ ...page, body: page.body.subarray(0, length) });
      if (cut.kind === "none") assertEquals(cut.entries, []);
      else assertEquals(cut.entries, whole.entries, `${server} ${length}`);
    }
  }
});

Deno.test("a page that nests or opens without end is broken, after no more work than it is long", async () => {
  const pages = [
    ["<html>" + "<table><tr><td>".repeat(60_000), 0],
    // A link closes the one before.
    ["<html>" + '<a href="x">'.repeat(50_000), 37],
    ["<html><pre>" + '<a href="x">x</a>\n'.repeat(250_000) + "</pre></html>", 219],
  ] as const;
  // Each tag costs as much as the depth: without a limit the first takes half a minute.
  for (const [text, read] of pages) {
    let parts = 0;
    const counting = {
      // Asked after each part of 16 KiB that was read.
      get due() {
        parts++;
        return false;
      },
      pause: () => Promise.resolve(),
    } as Breather;
    const url = new URL("http://mirror.test/");
    const memory: PageMemory = { slashOrder: null, format: "" };
    const { kind, whole } = await readListing(text, "text/html", url, memory, counting);
    assertEquals([kind, whole], ["none", false]);
    assertEquals(parts, read);
  }
});

Deno.test("the format of a page is tried first on the next one of its server", async () => {
  const page = async (title: string, table: string, memory: PageMemory): Promise<string> => {
    const text = `<html><title>${title}</title><h1>${title}</h1><table ${table}>` +
      '<tr><td><a href="a">a</a></td></tr></table></html>';
    const body = new TextEncoder().encode(text);
    return (await read({ path: "/", contentType: "text/html", body }, memory)).format;
  };
  const [python, fancyindex] = ["Directory listing for /", 'id="list"'];
  for (const [first, title, table] of [["python", python, ""], ["fancyindex", "", fancyindex]]) {
    const memory: PageMemory = { slashOrder: null, format: "" };
    assertEquals(await page(title!, table!, memory), first);
    // Who sent this one cannot be told from it alone.
    assertEquals(await page(python, fancyindex, memory), first);
    // What is none says nothing of the next.
    assertEquals(await page("Welcome", "", memory), "");
    assertEquals(await page(python, fancyindex, memory), first);
  }
});

Deno.test("a page is read as it is, whatever the one before was", async () => {
  const pages = SERVERS.filter((name) => name !== "s3rver").flatMap((server) =>
    listingsOf(server).slice(0, 4)
  );
  const alone = await Promise.all(pages.map((page) => read(page)));
  const formats = new Set(alone.map(({ format }) => format));
  assert(formats.size >= 12, [...formats].join());
  for (const format of formats) {
    for (const [at, page] of pages.entries()) {
      const memory: PageMemory = { slashOrder: null, format };
      assertEquals(await read(page, memory), alone[at], `${format} ${page.path}`);
      if (alone[at]!.kind === "known") assertEquals(memory.format, alone[at]!.format);
    }
  }
});

Deno.test("a page has no more than so many rows, however it is written", async () => {
  const time = "2026-06-01T12:30:45Z";
  const pages = {
    "text/html": (row: number) => `<tr><td><a href="${row}">${row}</a></td><td>1</td></tr>`,
    "application/json": (row: number) =>
      `{"name":"${row}","type":"file","size":1,"mtime":"${time}"}`,
    "application/xml": (row: number) => `<file mtime="${time}" size="1">${row}</file>`,
  };
  for (const [contentType, row] of Object.entries(pages)) {
    const rows = Array.from({ length: 200_002 }, (_, at) => row(at));
    const text = contentType === "text/html"
      ? `<html><table>${rows.join("")}</table></html>`
      : contentType === "application/json"
      ? `[${rows.join(",")}]`
      : `<?xml version="1.0"?><list>${rows.join("")}</list>`;
    const page = await read({ path: "/", contentType, body: new TextEncoder().encode(text) });
    assertEquals([page.kind, page.whole, page.entries.length], ["none", false, 0], contentType);
  }
});

Deno.test("what is no listing is none", async () => {
  const { path, body } = pagesOf("nginx-html").find(({ path }) => path === "/with-index/")!;
  for (
    const [contentType, text] of [
      ["text/html", new TextDecoder().decode(body)],
      ["text/html", "<html><body><form action=login><a href='https://id.example/'>in</a></html>"],
      ["text/html", "<html><ul><li><a href='/'>home</a><li><a href='/about/'>us</a></ul></html>"],
      ["application/json", '{"error": "no"}'],
      ["application/json", '["a", "b"]'],
      ["application/xml", "<error>no</error>"],
      ["text/plain", "Index of nothing"],
      ["application/octet-stream", "<pre></pre>"],
    ] as const
  ) {
    const page = await read({ path, contentType, body: new TextEncoder().encode(text) });
    assertEquals([page.kind, page.entries], ["none", []], text);
  }
});

Deno.test("the general rules cover servers that nobody recorded", async () => {
  const size = (low: number, high = low) => ({ low, high });
  const time = (step: number, zoned: boolean, second = 0) => ({
    time: Date.UTC(2021, 0, 31, 16, 5, second),
    step,
    zoned,
  });
  for (
    const [what, text, expected] of [
      [
        "IIS",
        '<html><pre><A HREF="/">[To Parent Directory]</A><br><br> 1/31/2021  4:05 PM          1234 ' +
        '<A HREF="/d/a%20b">a b</A><br> 1/31/2021  4:05 PM        &lt;dir&gt; <A HREF="/d/sub/">sub</A>' +
        "<br></pre></html>",
        [["a b", size(1234), time(60_000, false)], ["sub", null, time(60_000, false)]],
      ],
      [
        "Tomcat",
        "<html><title>Directory Listing For [/d/]</title><table><tr><td><a href='/d/x'><tt>x</tt></a>" +
        "</td><td align=right><tt>1.5 kb</tt></td><td align=right><tt>Sun, 31 Jan 2021 16:05:00 GMT" +
        "</tt></td></tr></table></html>",
        [["x", size(1400, 1638), time(1000, true)]],
      ],
      [
        "h5ai",
        '<html><div id="fallback"><table><tr><th></th><th>Name</th><th>Last modified</th><th>Size</th>' +
        '</tr><tr><td><img></td><td><a href="/d/x">x</a></td><td>2021-01-31 16:05</td><td>123 KB</td>' +
        "</tr></table></div></html>",
        [["x", size(122_000, 126_976), time(60_000, false)]],
      ],
      [
        "Nexus",
        '<html><title>Index of /d/</title><table><tr><td><a href="http://mirror.test/d/x">x</a></td>' +
        "<td>Sun Jan 31 16:05:00 UTC 2021</td><td>42</td><td></td></tr></table></html>",
        [["x", size(42), time(1000, true)]],
      ],
    ] as const
  ) {
    const body = new TextEncoder().encode(text);
    const page = await read({ path: "/d/", contentType: "text/html", body });
    assertEquals(
      page.entries.map(({ name, size, time }) => [name, size, time]),
      expected as never,
      what,
    );
    assertEquals(page.kind, "general", what);
  }
});

Deno.test("a row names one child, the first of a name counts, and what is no file does not", async () => {
  const rows = [
    '<a href="a"><img></a><a href="a">a</a> 01-Sep-2025 10:00 11',
    '<a href="b">b</a> <a href="c">c</a> 01-Sep-2025 10:00 22',
    '<a href="d">d</a> 01-Sep-2025 10:00 33',
    '<a href="d">d</a> 01-Sep-2025 10:00 44',
    '<a href="e">55 01-Sep-2025 10:00</a>',
    '<a href="f">f</a> 01-Sep-2025 10:00 66 77',
    '<a href="f%00">f</a> 01-Sep-2025 10:00 88',
  ];
  const html = `<html><h1>Index of /</h1><hr><pre><a href="../">../</a>\n${
    rows.join("\n")
  }\n</pre></html>`;
  const sizes = (page: ListingPage): (readonly [string, number | null])[] =>
    page.entries.map(({ name, size }) => [name, size?.low ?? null]);
  const encoder = new TextEncoder();
  const page = await read({ path: "/", contentType: "text/html", body: encoder.encode(html) });
  assertEquals([page.format, page.bad, page.problem], [
    "nginx",
    1,
    'The name has control characters: "f%00"',
  ]);
  assertEquals(sizes(page), [["a", 11], ["d", 33], ["e", null], ["f", 66]]);

  const json = [
    { name: "a", type: "file", size: 1, mtime: "Mon, 01 Sep 2025 10:00:00 GMT" },
    { name: "pipe", type: "other", mtime: "Mon, 01 Sep 2025 10:00:00 GMT" },
    { name: "a", type: "file", size: 2, mtime: "Mon, 01 Sep 2025 10:00:00 GMT" },
    { name: "sub", type: "directory", mtime: "Mon, 01 Sep 2025 10:00:00 GMT" },
  ];
  const body = encoder.encode(JSON.stringify(json));
  const other = await read({ path: "/", contentType: "application/json", body });
  assertEquals(sizes(other), [["a", 1], ["sub", null]]);

  const files = [
    { base: "a", type: "file", size: "1 B" },
    { base: "b\0", type: "file", size: "3 B" },
    { base: "a", type: "file", size: "2 B" },
    { base: "sub/", type: "folder" },
  ];
  const served = await read({
    path: "/",
    contentType: "application/json",
    body: encoder.encode(JSON.stringify({ files })),
  });
  assertEquals(sizes(served), [["a", 1], ["sub", null]]);
  assertEquals([served.format, served.bad], ["serve", 1]);
  assertMatch(served.problem, /^The name has control characters: /);
});

Deno.test("a long page is read by parts, between which others have their turn", async () => {
  const text = `<html><pre>${'<a href="x">x</a>\n'.repeat(20_000)}</pre></html>`;
  for (const contentType of ["text/html", "application/xml"]) {
    let pauses = 0;
    let now = 0;
    const slow = new Breather(() => now += 5, new AbortController().signal);
    const counting = new Proxy(slow, {
      get(target, name) {
        if (name === "pause") pauses++;
        const value = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const url = new URL("http://mirror.test/");
    await readListing(text, contentType, url, { slashOrder: null, format: "" }, counting);
    assert(pauses >= text.length / 16_384 / 2, `${pauses}`);
  }
});
