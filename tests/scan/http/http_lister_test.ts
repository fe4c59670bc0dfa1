import { assert, assertEquals, assertRejects } from "@std/assert";
import { SourceTree } from "../../../lib/catalog/source_tree.ts";
import { ListingError } from "../../../lib/scan/lister.ts";
import { ScanMemory } from "../../../lib/scan/http/scan_memory.ts";
import { missing, ScriptedMirror, TIME } from "./scripted_mirror.ts";

const MINUTE = 60_000;
const pathsOf = (files: readonly { readonly path: string }[]): string[] =>
  files.map(({ path }) => path);

/** A mirror with some files in some directories. */
function sample(): ScriptedMirror {
  const mirror = new ScriptedMirror();
  for (const path of ["/README.txt", "/a b/1", "/a b/2", "/pool/x/1", "/pool/x/2", "/pool/y/ü"]) {
    mirror.add(path, 1000 + path.length);
  }
  return mirror;
}

/** A mirror with many directories of a few files. */
function large(directories: number, files: number): ScriptedMirror {
  const mirror = new ScriptedMirror();
  for (let directory = 0; directory < directories; directory++) {
    for (let file = 0; file < files; file++) mirror.add(`/pool/${directory}/file-${file}`, 2000);
  }
  return mirror;
}

for (const listing of ["json", "html", "list", "none"] as const) {
  Deno.test(`HttpLister finds what is the same where listings are: ${listing}`, async () => {
    const mirror = sample();
    mirror.listing = listing;
    const { files, unread, warnings } = await mirror.scan();
    assertEquals(files, mirror.source.toSorted((a, b) => a.path < b.path ? -1 : 1));
    assertEquals([unread, warnings], [[], []]);
    // The next scan knows it, and asks for nothing that is the same.
    mirror.passed += 400 * MINUTE;
    const again = await mirror.scan();
    assertEquals(again.files.length, 6);
    // But for a directory of one file, and a look at whether it says yes to everything.
    if (listing === "json") {
      assertEquals(mirror.asked.filter((one) => one.startsWith("HEAD")).length, 2);
    }
  });
}

Deno.test("HttpLister tells what is gone, different, and new", async () => {
  for (const listing of ["json", "html", "list", "none"] as const) {
    const mirror = sample();
    mirror.listing = listing;
    await mirror.scan();
    mirror.passed += 400 * MINUTE;
    mirror.files.delete("/a b/1");
    mirror.files.set("/a b/2", { size: 77, modTime: TIME });
    mirror.files.delete("/pool/y/ü");
    mirror.files.set("/foreign", { size: 1, modTime: TIME });
    mirror.add("/new", 5000);
    const { files } = await mirror.scan();
    assertEquals(pathsOf(files), ["/README.txt", "/a b/2", "/new", "/pool/x/1", "/pool/x/2"]);
    assertEquals(files[1]!.size, 77);
  }
});

Deno.test("HttpLister looks at what changed, and at the rest in turn", async () => {
  const mirror = large(5000, 2);
  const fast = { rate: 200 };
  await mirror.scan(fast, { timed: true });
  assertEquals(mirror.asked.filter((one) => one.startsWith("GET /base/pool/")).length, 5001);
  mirror.passed += 30 * MINUTE;
  for (let n = 0; n < 50; n++) mirror.add(`/pool/${n * 7}/new`, 10);
  const { files, unread } = await mirror.scan(fast, { timed: true });
  assert(files.length > 100 && unread.length > 4000);
  assert(mirror.asked.length >= 440 && mirror.asked.length <= 560, `${mirror.asked.length}`);
  assertEquals(mirror.known.size, 10_050);
});

Deno.test("HttpLister looks where the time of a directory changed", async () => {
  const mirror = large(300, 2);
  const changed = new Map<string, number>();
  mirror.directoryTime = (path) => changed.get(path) ?? TIME;
  await mirror.scan();
  mirror.passed += 30 * MINUTE;
  // Something speaks for the parent, whose listing shows the times.
  mirror.add("/pool/new/file", 10);
  mirror.files.delete("/pool/77/file-1");
  await mirror.scan();
  // It is 77's turn, or it is not.
  const seen = !mirror.known.has("/pool/77/file-1");
  mirror.files.delete("/pool/78/file-1");
  changed.set("/pool/78/", TIME + MINUTE);
  changed.set("/pool/77/", TIME + MINUTE);
  mirror.add("/pool/newer/file", 10);
  await mirror.scan();
  assertEquals([mirror.known.has("/pool/77/file-1"), mirror.known.has("/pool/78/file-1")], [
    false,
    false,
  ]);
  assert(seen || mirror.asked.includes("GET /base/pool/77/"));
});

Deno.test("HttpLister spreads a day's looks evenly, whatever a listing shows", async () => {
  for (const listing of ["json", "list", "none"] as const) {
    const mirror = large(240, 4);
    mirror.listing = listing;
    // A tenth of it was never there.
    for (const path of [...mirror.files.keys()].slice(-96)) mirror.files.delete(path);
    await mirror.scan({}, { timed: true });
    const first = mirror.asked.length;
    let all = 0;
    for (let scan = 0; scan < 24; scan++) {
      mirror.passed += 30 * MINUTE - 1000;
      await mirror.scan({}, { timed: true });
      assertEquals(mirror.known.size, 960 - 96);
      assert(mirror.asked.length < first / 2, `${listing} ${scan}: ${mirror.asked.length}`);
      all += mirror.asked.length;
    }
    assert(all < 3 * first + 24 * 40, `${listing}: ${all} of ${first}`);
  }
});

Deno.test("HttpLister remembers that a mirror lists nothing, and tries again later", async () => {
  const mirror = large(30, 2);
  mirror.listing = "none";
  const listings = (): number =>
    mirror.asked.filter((one) => one.startsWith("GET") && one.endsWith("/")).length;
  await mirror.scan();
  assert(listings() >= 12 && listings() <= 20, `${listings()}`);
  mirror.passed += 30 * MINUTE;
  mirror.add("/pool/3/new", 10);
  await mirror.scan();
  assertEquals([listings(), mirror.known.has("/pool/3/new")], [0, true]);
  mirror.passed += 361 * MINUTE;
  mirror.listing = "json";
  await mirror.scan();
  assert(listings() > 20);
});

Deno.test("HttpLister looks at everything once within the interval, or when it is told", async () => {
  const mirror = large(300, 2);
  await mirror.scan();
  const seen = new Set<string>();
  for (let scan = 0; scan < 12; scan++) {
    mirror.passed += 29 * MINUTE;
    await mirror.scan();
    for (const one of mirror.asked) seen.add(one);
    assertEquals(mirror.known.size, 600);
  }
  assertEquals([...seen].filter((one) => /^GET \/base\/pool\/\d+\/$/.test(one)).length, 300);
  await mirror.scan({}, { full: true });
  assert(mirror.asked.length > 300);
});

Deno.test("HttpLister never asks more often than the rate allows", async () => {
  for (const rate of [0.5, 10, 200]) {
    const mirror = large(40, 2);
    mirror.orderly = true;
    await mirror.scan({ rate }, { timed: true });
    const window = Math.max(1000, 1000 / rate);
    for (const [index, start] of mirror.times.entries()) {
      const within = mirror.times.slice(index).filter((time) => time < start + window).length;
      assert(within <= Math.max(1, Math.ceil(2 * rate)), `${within} in a second at ${rate}`);
    }
    // But for the burst of the first second.
    const seconds = mirror.times.at(-1)! / 1000;
    assert(mirror.times.length <= rate * (seconds + 1) + 1);
  }
});

Deno.test("HttpLister waits as it is told, and ends early when that is too long", async () => {
  const mirror = large(30, 2);
  let refuse = 3;
  mirror.react = (method, path) =>
    method === "GET" && path.startsWith("/base/pool/1") && refuse-- > 0
      ? new Response("", { status: 429, headers: { "retry-after": "20" } })
      : null;
  const start = mirror.clock.elapsed();
  const { files, warnings } = await mirror.scan();
  assertEquals([files.length, warnings], [60, []]);
  assert(mirror.clock.elapsed() - start >= 60_000);

  const busy = large(30, 2);
  busy.react = (_, path) =>
    path.startsWith("/base/pool/2")
      ? new Response("", {
        status: 503,
        headers: { "retry-after": "200" },
      })
      : null;
  const partly = await busy.scan();
  assert(partly.unread.length > 0);
  assertEquals(partly.warnings, [
    "The scan ended early: The server asks to wait (status code 503)",
  ]);
  busy.react = () => new Response("", { status: 429, headers: { "retry-after": "400" } });
  await assertRejects(() => busy.scan({ memory: new ScanMemory() }), Error, "asks to wait");
});

Deno.test("HttpLister keeps what was known where it cannot read", async () => {
  for (
    const broken of [
      () => new Response("no", { status: 500 }),
      () =>
        new Response("<html><pre><a href='1'>1</a>", { headers: { "content-type": "text/html" } }),
      () => new Response('[{"name": "1", "ty', { headers: { "content-type": "application/json" } }),
      () => {
        throw new TypeError("connection reset");
      },
    ]
  ) {
    const mirror = sample();
    await mirror.scan();
    mirror.passed += 400 * MINUTE;
    mirror.react = (method, path) => method === "GET" && path === "/base/a b/" ? broken() : null;
    const { unread, warnings } = await mirror.scan();
    assertEquals(unread, ["/a b/"]);
    assertEquals(warnings.length, 1);
    assertEquals(mirror.known.size, 6);
  }
});

Deno.test("HttpLister believes no server that says yes to everything", async () => {
  const mirror = sample();
  const login = (): Response =>
    new Response("<html>Log in</html>", {
      headers: { "content-type": "text/html", "content-length": "19" },
    });
  mirror.react = login;
  assertEquals((await mirror.scan()).files, []);
  // Some files are there all the same.
  mirror.react = (_, path) => mirror.files.has(path.slice(5)) ? null : login();
  const { files } = await mirror.scan({ memory: new ScanMemory() });
  assertEquals(files.length, 6);
});

Deno.test("HttpLister believes no mirror that shuts it out in the midst of a scan", async () => {
  const captcha = "<html><title>Are you human?</title></html>";
  for (const listing of ["json", "html", "list", "none"] as const) {
    for (const answer of ["403", "404", "captcha"]) {
      for (const [after, what] of [[4, "a few"], [25, "some"], [60, "many"]] as const) {
        const mirror = large(20, 4);
        mirror.listing = listing;
        await mirror.scan();
        mirror.passed += 400 * MINUTE;
        mirror.react = () =>
          mirror.asked.length <= after ? null : answer === "captcha"
            ? new Response(captcha, {
              headers: { "content-type": "text/html", "content-length": "42" },
            })
            : new Response("", { status: Number(answer) });
        try {
          await mirror.scan();
        } catch (error) {
          assert(error instanceof ListingError, `${error}`);
        }
        const context = `${listing} ${answer} after ${what}`;
        assertEquals(mirror.known.size, 80, context);
        assert([...mirror.known.values()].every(({ size }) => size === 2000), context);
      }
    }
  }
});

Deno.test("HttpLister takes the size of what is compressed itself, and of no other coding", async () => {
  const mirror = new ScriptedMirror().add("/a.tar.gz", 500).add("/b.txt", 500).add("/c.gz", 500);
  mirror.listing = "none";
  mirror.react = (method, path, headers) => {
    if (!mirror.files.has(path.slice(5))) return null;
    const coding = path.endsWith(".gz") ? "x-gzip" : "gzip";
    const common = {
      "content-encoding": coding,
      "last-modified": new Date(TIME).toUTCString(),
      "content-length": path.endsWith(".gz") ? "500" : "77",
    };
    if (headers.get("range") === null) return new Response(null, { headers: common });
    assertEquals(method, "GET");
    const part = { ...common, "content-length": "1", "content-range": "bytes 0-0/500" };
    return new Response("x", { status: 206, headers: part });
  };
  assertEquals((await mirror.scan()).files.map(({ size }) => size), [500, 500, 500]);
  assertEquals(mirror.asked.filter((one) => one.startsWith("GET /base/b.txt")).length, 1);
  assertEquals(mirror.asked.filter((one) => one.startsWith("GET /base/a.tar.gz")).length, 0);
});

Deno.test("HttpLister reads a page without an end mark as far as it came whole", async () => {
  const mirror = sample();
  mirror.react = (method, path) => {
    if (method !== "GET" || path !== "/base/a b/") return null;
    // What is cut in the last row is not believed, and what would follow is asked for.
    const body = '<h1>listing:</h1><pre>\n<a href="1">1</a>   01-Jun-2026 12:30   1006\n' +
      '<a href="2">2</a>   01-Jun-2026 12:30   10';
    return new Response(body, {
      headers: { "content-type": "text/html", "content-length": `${body.length}` },
    });
  };
  const { files, unread } = await mirror.scan();
  assertEquals([files.length, unread], [6, []]);
  assertEquals(mirror.asked.includes("HEAD /base/a b/2"), true);
  assertEquals(mirror.asked.filter((one) => one === "HEAD /base/a b/1").length, 1);
  assert(files.every(({ size }) => size > 1000));
});

Deno.test("HttpLister tells which version of a file a mirror has", async () => {
  for (const listing of ["json", "html", "list", "none"] as const) {
    const mirror = new ScriptedMirror();
    mirror.listing = listing;
    for (const name of ["now", "before", "long ago", "other"]) mirror.add(`/dists/${name}`, 100);
    mirror.files.set("/dists/before", { size: 90, modTime: TIME - 2 * 86_400_000 });
    mirror.files.set("/dists/long ago", { size: 100, modTime: TIME - 3 * 86_400_000 });
    mirror.files.set("/dists/other", { size: 80, modTime: TIME - 86_400_000 });
    const source = new SourceTree();
    for (const file of mirror.source) {
      source.add(file);
      source.addFormer(file.path, [
        { size: 90, modTime: TIME - 2 * 86_400_000 },
        { size: 100, modTime: TIME - 3 * 86_400_000 },
      ]);
    }
    source.addFormer("/left", [{ size: 1, modTime: TIME }]);
    const found = await mirror.scan({}, { source });
    assertEquals(
      found.files.map(({ path, size, modTime }) => [path, size, modTime]),
      [
        ["/dists/before", 90, TIME - 2 * 86_400_000],
        ["/dists/long ago", 100, TIME - 3 * 86_400_000],
        ["/dists/now", 100, TIME],
        ["/dists/other", 80, listing === "html" ? TIME - 86_400_000 - 45_000 : TIME - 86_400_000],
      ],
      listing,
    );
    assertEquals(mirror.asked.some((one) => one.includes("left")), false);
  }
});

Deno.test("HttpLister believes no listing that leaves out what is there", async () => {
  const mirror = large(1, 60);
  await mirror.scan();
  mirror.passed += 400 * MINUTE;
  const first = mirror.files;
  // A cap of rows.
  mirror.react = (method, path) =>
    method === "GET" && path === "/base/pool/0/"
      ? Response.json(
        [...first].slice(0, 20).map(([name, { size }]) => ({
          name: name.split("/").at(-1),
          type: "file",
          size,
          mtime: new Date(TIME).toUTCString(),
        })),
      )
      : null;
  assertEquals((await mirror.scan()).files.length, 60);
  // Nothing at all.
  mirror.passed += 400 * MINUTE;
  mirror.react = (method, path) =>
    method === "GET" && path === "/base/pool/0/" ? Response.json([]) : null;
  const { unread } = await mirror.scan();
  assertEquals(unread, ["/pool/0/"]);
});

Deno.test("HttpLister refuses a listing that shows most files as others, and they are not", async () => {
  const mirror = large(50, 5);
  await mirror.scan();
  mirror.passed += 400 * MINUTE;
  mirror.react = (method, path) =>
    method === "GET" && /^\/base\/pool\/\d+\/$/.test(path)
      ? Response.json(Array.from({ length: 5 }, (_, n) => ({
        name: `file-${n}`,
        type: "file",
        size: 1,
        mtime: new Date(TIME).toUTCString(),
      })))
      : null;
  const { message } = await assertRejects(() => mirror.scan(), ListingError);
  assertEquals(message, "HTTP: The listing does not show what the mirror serves");
  // Where they are, it is believed.
  for (const file of mirror.files.values()) file.size = 1;
  assertEquals((await mirror.scan()).files.filter(({ size }) => size === 1).length, 250);
});

Deno.test("HttpLister follows redirects within the mirror, and lets none vouch for it", async () => {
  const mirror = sample();
  const moved = (to: string): Response =>
    new Response("", { status: 302, headers: { location: to } });
  // The slash is added with a wrong host.
  mirror.react = (_, path) =>
    path === "/base/pool/x/1" ? moved("http://other.test/base/pool/x/1") : null;
  assertEquals((await mirror.scan()).files.length, 6);
  mirror.listing = "none";
  const { files } = await mirror.scan({ memory: new ScanMemory() });
  assertEquals(pathsOf(files).includes("/pool/x/1"), false);

  // Everything is there, from the first request on.
  const whole = sample();
  whole.react = (_, path) =>
    whole.asked.at(-1)!.includes("//") ? null : moved(`http://cdn.test${path}`);
  assertEquals((await whole.scan()).files.length, 6);
  await assertRejects(
    () => whole.scan({ memory: new ScanMemory(), redirects: false }),
    ListingError,
  );
  await assertRejects(
    () =>
      whole.scan({
        memory: new ScanMemory(),
        resolve: (host) => Promise.resolve(host === "cdn.test" ? ["10.0.0.1"] : ["192.0.2.1"]),
      }),
    ListingError,
  );
});

Deno.test("HttpLister does as robots.txt asks of it by name", async () => {
  const mirror = sample();
  const robots = (text: string) => (_: string, path: string): Response | null =>
    path === "/robots.txt" ? new Response(text) : null;
  mirror.react = robots("User-agent: *\nDisallow: /\n");
  assertEquals((await mirror.scan()).files.length, 6);
  mirror.react = robots("User-agent: Mirrorbits\nDisallow: /base/pool/\n");
  const { files, unread, warnings } = await mirror.scan({ memory: new ScanMemory() });
  assertEquals([files.length, unread], [3, ["/pool/", "/pool/y/", "/pool/x/"]]);
  assertEquals(warnings, ['robots.txt disallows "/pool/", and perhaps more']);
  // What is below may be allowed all the same.
  mirror.react = robots("User-agent: Mirrorbits\nDisallow: /base/pool/\nAllow: /base/pool/x/\n");
  assertEquals((await mirror.scan({ memory: new ScanMemory() })).files.length, 5);
  assertEquals(mirror.asked.filter((one) => one.endsWith("/pool/y/ü")), []);
  mirror.react = robots("User-agent: *\nUser-agent: mirrorbits\nDisallow: /\n");
  const forbidden = { memory: new ScanMemory() };
  await assertRejects(() => mirror.scan(forbidden), ListingError, "robots.txt disallows it");
  assertEquals(mirror.asked, ["GET /robots.txt"]);

  // Nor for a single file, or to see whether a directory is gone.
  mirror.files.delete("/pool/x/1");
  mirror.files.delete("/pool/x/2");
  mirror.react = robots(
    "User-agent: mirrorbits\nDisallow: /base/a%20b/1\nDisallow: /base/pool/x/\n",
  );
  mirror.listing = "none";
  const single = await mirror.scan({ memory: new ScanMemory() });
  assertEquals(pathsOf(single.files), ["/README.txt", "/a b/2", "/pool/y/ü"]);
  assertEquals(single.unread.toSorted(), ["/a b/1", "/pool/x/"]);
  assertEquals(single.warnings.toSorted(), [
    'Cannot ask for "/a b/1": robots.txt disallows it',
    'robots.txt disallows "/pool/x/", and perhaps more',
  ]);
  mirror.listing = "json";
  const listed = await mirror.scan({ memory: new ScanMemory() });
  assertEquals(pathsOf(listed.files), ["/README.txt", "/a b/1", "/a b/2", "/pool/y/ü"]);
  assertEquals(mirror.asked.filter((one) => one.includes("/pool/x")), []);
  // What comes after 64 KiB does not count, and is not read.
  let read = 0;
  mirror.react = (_, path) =>
    path !== "/robots.txt" ? null : new Response(
      new ReadableStream({
        pull(controller) {
          read++;
          controller.enqueue(new TextEncoder().encode(`${"#".repeat(16_383)}\n`));
        },
      }),
    );
  await mirror.scan({ memory: new ScanMemory() });
  assert(read < 8, `${read} parts`);

  mirror.orderly = true;
  mirror.react = robots("User-agent: mirrorbits\nCrawl-delay: 30\n");
  await mirror.scan({ memory: new ScanMemory() }, { timed: true });
  const { times } = mirror;
  assert(times.length > 5);
  for (let at = 2; at < times.length; at++) assert(times[at]! - times[at - 1]! >= 29_990);
});

Deno.test("HttpLister tells once of names that no index holds", async () => {
  const odd = `<a href="%FF.txt">?</a>   01-Jun-2026 12:30   5\n`;
  for (const listing of ["json", "html"] as const) {
    const mirror = sample();
    mirror.listing = listing;
    mirror.react = (method, path) => {
      if (method !== "GET" || !["/base/a b/", "/base/pool/x/"].includes(path)) return null;
      const body = listing === "json"
        ? JSON.stringify(
          ["1", "2", "\x1b[31m", "\x07"].map((name) => ({
            name,
            type: "file",
            mtime: new Date(TIME).toUTCString(),
            size: 1000 + path.length - 5 + name.length,
          })),
        )
        : '<html><h1>Index of /</h1><hr><pre><a href="../">../</a>\n' + odd + odd +
          ["1", "2"].map((name) =>
            `<a href="${name}">${name}</a>   01-Jun-2026 12:30   ${1000 + path.length - 4}\n`
          ).join("") + "</pre><hr></html>";
      return new Response(body, {
        headers: { "content-type": listing === "json" ? "application/json" : "text/html" },
      });
    };
    const { files, warnings } = await mirror.scan();
    assertEquals([files.length, warnings], [6, [
      listing === "json"
        ? '4 names in its listings cannot be used. The name has control characters: " [31m"'
        : '4 names in its listings cannot be used. The name is not valid UTF-8: "%FF.txt"',
    ]]);
  }
});

Deno.test("HttpLister fails where nothing of the mirror is there", async () => {
  const mirror = sample();
  for (
    const react of [
      missing,
      () => new Response("", { status: 403 }),
      () => new Response("", { status: 500 }),
      (): Response => {
        throw new TypeError("refused");
      },
    ]
  ) {
    mirror.react = react;
    await assertRejects(() => mirror.scan({ memory: new ScanMemory() }), ListingError, "HTTP: ");
  }
});

Deno.test("HttpLister ends in time, and begins with what it did not reach", async () => {
  const mirror = large(3000, 2);
  const { files, unread, warnings } = await mirror.scan({ rate: 1 });
  assert(files.length > 100 && files.length < 6000 && unread.length > 0);
  assertEquals(warnings, ["The scan ended early: It took too long"]);
  for (let scan = 0; scan < 10 && mirror.known.size < 6000; scan++) {
    mirror.passed += 30 * MINUTE;
    await mirror.scan({ rate: 1 });
  }
  assertEquals(mirror.known.size, 6000);
});

Deno.test("HttpLister looks at so many directories in one scan, and not at one more", async () => {
  const mirror = large(30, 2);
  // With the root and what lies between; those that are passed over count, too.
  const tree = new SourceTree();
  for (const file of mirror.source) tree.add(file);
  const { directories } = tree;
  const { files, unread, warnings } = await mirror.scan({ maxDirectories: 12 });
  assert(files.length > 0 && files.length < 24 && unread.length > 0);
  assertEquals(warnings, ["The scan ended early: More than 12 directories"]);
  assert(mirror.asked.filter((one) => one.startsWith("GET /base/")).length <= 12);
  const exact = large(30, 2);
  assertEquals((await exact.scan({ maxDirectories: directories })).warnings, []);
});

Deno.test("HttpLister leaves no directory out for ever where a scan reaches a few of them", async () => {
  for (const most of [8, 12]) {
    const mirror = large(30, 2);
    for (let at = 0; at < 10; at++) mirror.add(`/other/${at % 3}/${at}/file`);
    // All are others each time, so that none is passed over.
    for (const path of mirror.files.keys()) mirror.files.get(path)!.size = 1;
    const seen = new Set<string>();
    for (let scan = 0; scan < 45 && seen.size < 70; scan++) {
      const { files } = await mirror.scan({ maxDirectories: most });
      for (const { path } of files) seen.add(path);
      mirror.passed += 30 * MINUTE;
    }
    assertEquals(seen.size, 70, `${most}`);
  }
});
