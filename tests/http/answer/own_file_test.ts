import { assertEquals, assertStringIncludes } from "@std/assert";
import { repositoryDisk } from "../../../lib/http/request/repository_disk.ts";
import type { ServeLocallyConfig } from "../../../lib/config/config.ts";
import type { IndexedFile } from "../../../lib/catalog/file.ts";
import { READY_SETS } from "../../../lib/catalog/set_rule.ts";
import { formatHistory, formatStanding, standingName } from "../../../lib/catalog/set_state.ts";
import { RequestTally } from "../../../lib/stats/request_tally.ts";
import { tempDir } from "../../support/temp_dir.ts";
import {
  FILE_TIME,
  indexedFile,
  NOW,
  type RequestOptions,
  Site,
  type SiteOptions,
} from "../fixtures.ts";

const FALLBACK = { url: "https://fallback.example/", countryCode: "", continentCode: "" };

const OFF: ServeLocallyConfig = {
  below: 0,
  patterns: [],
  lastResort: false,
  maxBytesPerSecond: 50e6,
  maxConnections: 200,
  accel: null,
};

const TEXT = "0123456789".repeat(10);
const TAG = `"${Math.floor(FILE_TIME / 1000).toString(16)}-64"`;
const MODIFIED = new Date(FILE_TIME).toUTCString();

/** What the index knows of a file on disk. */
function entry(path: string, size: number, copies = true): IndexedFile {
  const indexed = indexedFile(path, { size });
  return copies ? indexed : { ...indexed, copies: [] };
}

/** A site over a real directory with some files. */
async function open(root: string, here: Partial<ServeLocallyConfig>, options: SiteOptions = {}) {
  await Deno.mkdir(`${root}/pool`, { recursive: true });
  const put = async (path: string, content: string | Uint8Array): Promise<void> => {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(root + path, bytes);
    await Deno.utime(root + path, FILE_TIME / 1000, FILE_TIME / 1000);
  };
  await put("/pool/small.txt", TEXT);
  await put("/pool/sum.asc", "x".repeat(5000));
  await put("/pool/large.iso", "y".repeat(6000));
  await put("/pool/only here #1.iso", "z".repeat(200_000));
  const { config, ...rest } = options;
  const site = new Site({
    files: [
      entry("/pool/small.txt", TEXT.length),
      entry("/pool/sum.asc", 5000),
      entry("/pool/large.iso", 6000),
      entry("/pool/only here #1.iso", 200_000, false),
    ],
    ...rest,
    config: {
      directories: null,
      repository: root,
      serveLocally: { ...OFF, ...here },
      ...config,
    },
    repository: repositoryDisk,
  });
  return { site, put };
}

const ONLY = "/pool/only%20here%20%231.iso";
const from = (headers: Record<string, string>): RequestOptions => ({ headers });

Deno.test("small files and patterns are sent from here, all else is sent to mirrors", async () => {
  await using root = await tempDir();
  const tally = new RequestTally();
  const { site } = await open(root.path, { below: 4000, patterns: ["*.asc"] }, { tally });
  const small = await site.get("/pool/small.txt");
  assertEquals(small.status, 200);
  assertEquals(await small.text(), TEXT);
  assertEquals([...small.headers], [
    ["accept-ranges", "bytes"],
    ["cache-control", "no-cache, no-transform"],
    ["content-length", "100"],
    ["content-type", "text/plain; charset=utf-8"],
    ["etag", TAG],
    ["last-modified", MODIFIED],
    ["server", "Mirrorbits/1.2.3"],
    ["x-content-type-options", "nosniff"],
  ]);
  assertEquals((await (await site.get("/pool/sum.asc")).text()).length, 5000);
  assertEquals((await site.get("/pool/large.iso")).status, 302);
  assertEquals((await site.get(ONLY)).status, 503);
  assertEquals(
    site.facts.map(({ type, status, path, download, candidate, size }) =>
      [type, status, path, download, candidate?.mirror.name ?? "", size].join(" ")
    ),
    [
      "LOCAL 200 /pool/small.txt whole local 100",
      "LOCAL 200 /pool/sum.asc whole local 5000",
      "REDIRECT 302 /pool/large.iso whole m1 6000",
      "REDIRECT 503 /pool/only here #1.iso none  200000",
    ],
  );
  assertEquals(tally.take().answers, { local: 2, redirect: 1, unavailable: 1 });
});

Deno.test("what no mirror has is sent from here before the fallbacks are asked", async () => {
  await using root = await tempDir();
  const { site } = await open(root.path, { lastResort: true }, {
    config: { fallbacks: [FALLBACK] },
  });
  const answer = await site.get(ONLY);
  assertEquals(answer.status, 200);
  assertEquals(answer.headers.get("Content-Length"), "200000");
  assertEquals(await answer.text(), "z".repeat(200_000));
  assertEquals((await site.get("/pool/large.iso")).status, 302);
  // Not in the index yet.
  await Deno.writeTextFile(`${root.path}/pool/new.iso`, "new");
  site.now += 5000;
  assertEquals(await (await site.get("/pool/new.iso")).text(), "new");
  // Where the disk has lost it, too, the fallbacks are all that is left.
  await Deno.remove(`${root.path}/pool/only here #1.iso`);
  assertEquals((await site.get(ONLY)).headers.get("Location"), `${FALLBACK.url}${ONLY.slice(1)}`);
});

Deno.test("a small file that is not in the index yet is sent from here, once nobody writes it", async () => {
  await using root = await tempDir();
  const { site, put } = await open(root.path, { below: 4000 });
  await put("/pool/new.txt", "new");
  await put("/pool/new.iso", "y".repeat(4000));
  const growing = async (): Promise<void> => {
    await put("/pool/upload.iso", "beginning");
    await Deno.utime(`${root.path}/pool/upload.iso`, site.now / 1000, site.now / 1000);
  };
  await growing();
  const statuses = async (): Promise<number[]> => {
    const paths = ["/pool/new.txt", "/pool/new.iso", "/pool/upload.iso"];
    return await Promise.all(paths.map(async (path) => (await site.get(path)).status));
  };
  assertEquals(await statuses(), [200, 503, 503]);
  assertEquals(await (await site.get("/pool/new.txt")).text(), "new");
  site.now += 5000;
  await growing();
  assertEquals(await statuses(), [200, 503, 503]);
  site.now += 2500;
  assertEquals(await statuses(), [200, 503, 200]);
});

Deno.test("parts, conditions and HEAD of what is sent from here", async () => {
  await using root = await tempDir();
  const { site } = await open(root.path, { below: 4000 });
  const get = (headers: Record<string, string>, method = "GET") =>
    site.get("/pool/small.txt", { headers, method });
  const before = new Date(FILE_TIME - 5000).toUTCString();
  const whole: readonly (readonly [Record<string, string>, string?])[] = [
    [{ Range: "bytes=0-1,4-5" }],
    [{ Range: "lines=1-2" }],
    [{ Range: "bytes=5-3" }],
    [{ Range: "bytes=-" }],
    [{ Range: "bytes=0-9" }, "HEAD"],
    [{ Range: "bytes=0-9", "If-Range": '"other"' }],
    [{ Range: "bytes=0-9", "If-Range": `W/${TAG}` }],
    [{ Range: "bytes=0-9", "If-Range": before }],
    [{ "If-None-Match": '"other"', "If-Modified-Since": MODIFIED }],
    [{ "If-Modified-Since": before }],
    [{ "If-Match": `"a", ${TAG}` }],
    [{ "If-Match": "*" }],
    [{ "If-Unmodified-Since": MODIFIED }],
  ];
  for (const [headers, method] of whole) {
    const answer = await get(headers, method);
    const what = JSON.stringify([headers, method]);
    assertEquals([answer.status, answer.headers.get("Content-Length")], [200, "100"], what);
    assertEquals(await answer.text(), method === "HEAD" ? "" : TEXT, what);
    assertEquals(answer.headers.get("Content-Range"), null);
  }
  const parts: readonly (readonly [Record<string, string>, number, number])[] = [
    [{ Range: "bytes=0-9" }, 0, 9],
    [{ Range: "bytes=3-3", "If-Range": TAG }, 3, 3],
    [{ Range: "bytes=-7", "If-Range": MODIFIED }, 93, 99],
    [{ Range: "bytes=95-" }, 95, 99],
    [{ Range: "bytes=95-1000000" }, 95, 99],
    [{ Range: "bytes=-1000" }, 0, 99],
  ];
  for (const [headers, start, end] of parts) {
    const answer = await get(headers);
    const what = JSON.stringify(headers);
    assertEquals(answer.status, 206, what);
    assertEquals(answer.headers.get("Content-Range"), `bytes ${start}-${end}/100`, what);
    assertEquals(answer.headers.get("ETag"), TAG);
    assertEquals(await answer.text(), TEXT.slice(start, end + 1), what);
  }
  const none: readonly (readonly [Record<string, string>, number])[] = [
    [{ Range: "bytes=100-" }, 416],
    [{ Range: "bytes=-0" }, 416],
    [{ "If-None-Match": TAG }, 304],
    [{ "If-None-Match": `"x", W/${TAG}` }, 304],
    [{ "If-None-Match": "*" }, 304],
    [{ "If-Modified-Since": MODIFIED }, 304],
    [{ "If-Match": '"other"' }, 412],
    [{ "If-Match": `W/${TAG}` }, 412],
    [{ "If-Unmodified-Since": before }, 412],
  ];
  for (const [headers, status] of none) {
    const answer = await get(headers);
    assertEquals(answer.status, status, JSON.stringify(headers));
    if (status === 304) assertEquals(answer.headers.get("ETag"), TAG);
    if (status === 416) assertEquals(answer.headers.get("Content-Range"), "bytes */100");
    await answer.body?.cancel();
  }
  assertEquals(
    site.facts.map(({ status, download }) => `${status} ${download}`),
    [...whole.map(([, method]) => `200 ${method === "HEAD" ? "none" : "whole"}`)]
      .concat(parts.map(() => "206 ranged")),
  );
});

Deno.test("a large part begins where it is to, and ends there", async () => {
  await using root = await tempDir();
  const { site, put } = await open(root.path, { lastResort: true });
  const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => i * 7 + (i >> 8));
  await put("/pool/only here #1.iso", bytes);
  const answer = await site.get(ONLY, from({ Range: "bytes=1000-180999" }));
  assertEquals(answer.status, 206);
  assertEquals(await answer.bytes(), bytes.slice(1000, 181_000));
  assertEquals(answer.headers.get("Content-Length"), "180000");
});

Deno.test("a file that is cut while it is sent ends the connection", async () => {
  await using root = await tempDir();
  const { site } = await open(root.path, { lastResort: true, maxConnections: 1 });
  const reader = (await site.get(ONLY)).body!.getReader();
  const first = await reader.read();
  assertEquals(first.value?.length, 65_536);
  await Deno.truncate(`${root.path}/pool/only here #1.iso`, 100);
  // The runtime misses the rest, and ends the connection.
  assertEquals((await reader.read()).done, true);
  assertEquals(site.log.lines.filter((line) => line.includes("Broke off sending")).length, 1);
  // Its place is free again.
  const next = await site.get(ONLY);
  assertEquals((await next.text()).length, 100);
});

Deno.test("links that leave the repository are refused", async () => {
  await using directory = await tempDir();
  const root = `${directory.path}/repository`;
  const { site } = await open(root, { below: 4000, lastResort: true });
  await Deno.writeTextFile(`${directory.path}/secret.txt`, "secret");
  await Deno.remove(`${root}/pool/small.txt`);
  // The index does not know yet.
  await Deno.symlink(`${directory.path}/secret.txt`, `${root}/pool/small.txt`);
  const answer = await site.get("/pool/small.txt");
  assertEquals(answer.status, 403);
  await Deno.remove(`${root}/pool/small.txt`);
  await Deno.symlink("large.iso", `${root}/pool/small.txt`);
  assertEquals((await (await site.get("/pool/small.txt")).text()).length, 6000);
  assertEquals(site.facts.length, 1);
});

Deno.test("above the limits the fallbacks answer, then nobody", async () => {
  await using root = await tempDir();
  const fallbacks = [FALLBACK];
  for (const config of [{ fallbacks }, {}]) {
    const { site } = await open(root.path, { lastResort: true, below: 4000, maxConnections: 2 }, {
      config,
    });
    const both = await Promise.all([site.get(ONLY), site.get(ONLY)]);
    assertEquals(both.map(({ status }) => status), [200, 200]);
    for (const path of [ONLY, "/pool/small.txt"]) {
      const third = await site.get(path);
      assertEquals(third.status, "fallbacks" in config ? 302 : 503, path);
      assertEquals(third.headers.has("Retry-After"), !("fallbacks" in config));
      if (third.status === 503) {
        assertStringIncludes(await third.text(), "too many fetch this file");
      }
    }
    // HEAD takes no place.
    assertEquals((await site.get(ONLY, { method: "HEAD" })).status, 200);
    await both[0].body!.cancel();
    const again = await site.get(ONLY);
    assertEquals((await again.text()).length, 200_000);
    assertEquals(await (await site.get("/pool/small.txt")).text(), TEXT);
    await both[1].body!.cancel();
  }
});

Deno.test("several threads share the limits", async () => {
  await using root = await tempDir();
  const { site } = await open(root.path, { lastResort: true, maxConnections: 2 }, {
    config: { workers: 2 },
  });
  const first = await site.get(ONLY);
  assertEquals((await site.get(ONLY)).status, 503);
  await first.body!.cancel();
});

Deno.test("a front that is trusted sends the bytes itself", async () => {
  await using root = await tempDir();
  const stranger: Deno.Addr = { transport: "tcp", hostname: "192.0.2.1", port: 1234 };
  const accel = { header: "X-Accel-Redirect", prefix: "/internal/" } as const;
  const { site, put } = await open(root.path, { below: 4000, lastResort: true, accel });
  const conditions = { "If-None-Match": TAG, Range: "bytes=0-9" };
  const answer = await site.get(ONLY, from(conditions));
  assertEquals([...answer.headers], [
    ["cache-control", "no-cache"],
    ["content-type", "application/x-iso9660-image"],
    ["server", "Mirrorbits/1.2.3"],
    ["x-accel-redirect", `/internal${ONLY}`],
    ["x-content-type-options", "nosniff"],
  ]);
  assertEquals([answer.status, await answer.text()], [200, ""]);
  const bytes = await site.get("/pool/small.txt", { remote: stranger });
  assertEquals([bytes.headers.get("X-Accel-Redirect"), await bytes.text()], [null, TEXT]);
  assertEquals(site.facts.map(({ download }) => download), ["ranged", "whole"]);
  const config = {
    ...site.side.config,
    serveLocally: { ...OFF, below: 4000, accel: { header: "X-Sendfile", prefix: "" } as const },
  };
  site.side.receive({ type: "configuration", config });
  const sendfile = await site.get("/pool/small.txt");
  assertEquals(sendfile.headers.get("X-Sendfile"), `${root.path}/pool/small.txt`);
  // As it is, in UTF-8; what fits in no header comes from here.
  await put("/pool/100% ü.txt", "x");
  await put("/pool/line\nfeed.txt", "x");
  for (const path of ["/pool/100% ü.txt", "/pool/line\nfeed.txt"]) site.index(entry(path, 1));
  const odd = await site.get("/pool/100%25%20%C3%BC.txt");
  assertEquals(odd.headers.get("X-Sendfile"), `${root.path}/pool/100% \u00c3\u00bc.txt`);
  const none = await site.get("/pool/line%0Afeed.txt");
  assertEquals([none.headers.get("X-Sendfile"), await none.text()], [null, "x"]);
});

Deno.test("JSON, the mirror list and metalinks name what is sent from here", async () => {
  await using root = await tempDir();
  const { site } = await open(root.path, { below: 4000, lastResort: true }, {
    config: { fallbacks: [FALLBACK] },
  });
  const json = async (path: string) =>
    await (await site.get(path, from({ Accept: "application/json", Host: "dl.example" }))).json();
  const small = await json("/pool/small.txt");
  assertEquals(small.MirrorList.map(({ Name }: { Name: string }) => Name)[0], "local");
  assertEquals(small.MirrorList[0].AbsoluteURL, "http://dl.example/");
  const only = await json(ONLY);
  assertEquals([only.MirrorList.length, only.Fallback], [1, undefined]);
  const page = await (await site.get(`${ONLY}?mirrorlist`)).text();
  assertStringIncludes(page, "<strong>This server</strong> will serve you");
  const urls = async (path: string): Promise<string[]> => {
    const answer = await site.get(`${path}?meta4`, from({ Host: "dl.example" }));
    return [...(await answer.text()).matchAll(/<url [^>]*>([^<]*)</g)].map(([, url]) => url!);
  };
  const some = await urls("/pool/small.txt");
  assertEquals([some.length, some.at(-1)], [5, "http://dl.example/pool/small.txt"]);
  // Mirrors have it: here it would be a redirect.
  assertEquals((await urls("/pool/large.iso")).length, 4);
  assertEquals(await urls(ONLY), [`http://dl.example${ONLY}`, `${FALLBACK.url}${ONLY.slice(1)}`]);
  assertEquals(site.facts.filter(({ download }) => download !== "none"), []);
});

Deno.test("below a metadata set only what no mirror may serve is sent from here", async () => {
  await using root = await tempDir();
  const path = "/r/repodata/repomd.xml";
  await Deno.mkdir(`${root.path}/r/repodata`, { recursive: true });
  await Deno.writeTextFile(root.path + path, "x".repeat(1000));
  const { site } = await open(root.path, { below: 4000, patterns: ["*.xml"], lastResort: true }, {
    files: [indexedFile(path), indexedFile("/r/x.rpm"), indexedFile("/pool/small.txt")],
    config: { metadataSets: READY_SETS.rpm!, fallbacks: [FALLBACK] },
  });
  const sha256 = "ab".repeat(32);
  const revision = { number: 1, size: 1000, modTime: FILE_TIME, sha256, time: NOW - 60_000 };
  const note = (kind: "set" | "set_mirror", name: string, text: string): void =>
    site.side.receive({
      ...{ type: "notes", kind, fresh: true, put: new Map([[name, text]]), removed: [] },
    });
  const stand = (whole: number | null): void =>
    note(
      "set_mirror",
      standingName(1, path),
      formatStanding({ seen: whole, whole, unsteady: false, time: NOW }),
    );
  site.side.receive({ type: "salt", salt: "0123456789abcdef" });
  note("set", path, formatHistory({ revisions: [revision], former: new Map() }));
  stand(1);
  assertEquals((await site.get(path)).status, 302);
  stand(null);
  const answer = await site.get(path);
  assertEquals([answer.status, (await answer.text()).length], [200, 1000]);
  // Outside of the set all is as ever.
  assertEquals((await site.get("/pool/small.txt")).status, 200);
});

Deno.test("an explanation says what is sent from here", async () => {
  await using root = await tempDir();
  const { site } = await open(root.path, { below: 4000, lastResort: true }, {
    config: { explain: "all", fallbacks: [FALLBACK] },
  });
  const drawn = async (path: string): Promise<string[]> => {
    const { drawn } = await (await site.get(`${path}?explain`)).json();
    return drawn.map(({ name }: { name: string }) => name);
  };
  assertEquals((await drawn("/pool/small.txt"))[0], "local");
  assertEquals((await drawn("/pool/large.iso")).includes("local"), false);
  assertEquals(await drawn(ONLY), ["local"]);
});

Deno.test("another configuration holds at once", async () => {
  await using root = await tempDir();
  const { site } = await open(root.path, { below: 4000 });
  assertEquals((await site.get("/pool/small.txt")).status, 200);
  site.side.receive({ type: "configuration", config: { ...site.side.config, serveLocally: null } });
  assertEquals((await site.get("/pool/small.txt")).status, 302);
});

Deno.test("a version that waits for mirrors is sent from here until it is over", async () => {
  await using root = await tempDir();
  const embargo = [{ prefix: "/pool/", mirrors: 2, minutes: 60 }];
  const { site } = await open(root.path, { lastResort: true }, { config: { embargo } });
  assertEquals((await site.get("/pool/large.iso")).status, 302);
  const note = JSON.stringify({ size: 6000, modTime: FILE_TIME, until: site.now + 1000 });
  site.side.receive({
    ...{ type: "notes", kind: "embargo", fresh: true, removed: [] },
    put: new Map([["/pool/large.iso", note]]),
  });
  const waiting = await site.get("/pool/large.iso");
  assertEquals([waiting.status, (await waiting.text()).length], [200, 6000]);
  assertEquals((await site.get("/pool/sum.asc")).status, 302);
  site.now += 2000;
  assertEquals((await site.get("/pool/large.iso")).status, 302);
});
