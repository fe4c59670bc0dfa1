import { assert, assertEquals, assertRejects } from "@std/assert";
import { ScanMemory } from "../../../lib/scan/http/scan_memory.ts";
import { ListingError } from "../../../lib/scan/lister.ts";
import { missing, type Reaction, ScriptedMirror, TIME } from "./scripted_mirror.ts";

const MINUTE = 60_000;
const KINDS = ["json", "html", "list", "none"] as const;

/** A mirror with so many files in each of some directories. */
function mirrorOf(directories: readonly string[], files: number): ScriptedMirror {
  const mirror = new ScriptedMirror();
  for (const directory of directories) {
    for (let file = 0; file < files; file++) mirror.add(`${directory}/file-${file}`, 2000);
  }
  return mirror;
}

function probesOf({ asked }: ScriptedMirror): string[] {
  return asked.filter((one) => one.startsWith("HEAD") && !one.includes("/.mirrorbits-"));
}

/** A page of HTML instead of a listing. */
function html(body: string): Response {
  return new Response(body, { headers: { "content-type": "text/html" } });
}

/** Answers a listing without some names. */
function without(mirror: ScriptedMirror, directory: string, hidden: readonly string[]): Reaction {
  return (method, path) => {
    if (method !== "GET" || path !== `/base${directory}/`) return null;
    const children = new Map<string, boolean>();
    for (const file of mirror.files.keys()) {
      if (!file.startsWith(`${directory}/`)) continue;
      const [name, ...rest] = file.slice(directory.length + 1).split("/");
      if (!hidden.includes(name!)) children.set(name!, rest.length > 0);
    }
    return Response.json([...children].map(([name, isDirectory]) => ({
      name,
      type: isDirectory ? "directory" : "file",
      mtime: new Date(TIME).toUTCString(),
      ...(isDirectory ? {} : { size: mirror.files.get(`${directory}/${name}`)!.size }),
    })));
  };
}

Deno.test("HttpLister knows after a scan what a mirror got since the one before", async () => {
  for (const listing of KINDS) {
    const mirror = mirrorOf(["/pool/a", "/pool/b", "/pool/c"], 3);
    mirror.listing = listing;
    await mirror.scan();
    // The source has something new, and the mirror gets it an hour later.
    mirror.source.push({ path: "/pool/b/new", size: 9, modTime: TIME });
    for (let scan = 0; scan < 2; scan++) {
      mirror.passed += 30 * MINUTE;
      await mirror.scan();
      assertEquals(mirror.known.has("/pool/b/new"), false, listing);
    }
    mirror.files.set("/pool/b/new", { size: 9, modTime: TIME });
    mirror.passed += 30 * MINUTE;
    await mirror.scan();
    assertEquals(mirror.known.has("/pool/b/new"), true, listing);
    // What it loses is known within the interval.
    mirror.files.delete("/pool/a/file-1");
    for (let scan = 0; scan < 12; scan++) {
      mirror.passed += 30 * MINUTE;
      await mirror.scan();
    }
    assertEquals(mirror.known.has("/pool/a/file-1"), false, listing);
    assertEquals(mirror.known.size, 9, listing);
  }
});

Deno.test("HttpLister reads a mirror whose server changes while it is scanned", async () => {
  const directories = Array.from({ length: 30 }, (_, at) => `/pool/${at}`);
  const mirror = mirrorOf(directories, 3);
  mirror.files.delete("/pool/7/file-1");
  let pages = 0;
  mirror.react = (method) => {
    if (method === "GET") mirror.listing = KINDS[Math.floor(pages++ / 5) % 3]!;
    return null;
  };
  const { files, unread, warnings } = await mirror.scan();
  assertEquals([files.length, unread, warnings], [89, [], []]);
  assert(pages >= 32, `${pages}`);
});

Deno.test("HttpLister tries a page that broke once more after five seconds", async () => {
  const mirror = mirrorOf(["/pool/a"], 3);
  let broken = 1;
  mirror.react = (method, path) =>
    method === "GET" && path === "/base/pool/a/" && broken-- > 0
      ? new Response("", { status: 500 })
      : null;
  const start = mirror.clock.elapsed();
  const { files, unread, warnings } = await mirror.scan();
  assertEquals([files.length, unread, warnings], [3, [], []]);
  assert(mirror.clock.elapsed() - start >= 5000);
});

Deno.test("HttpLister asks Apache once whether it shows sizes and times", async () => {
  for (const shows of [true, false]) {
    const mirror = mirrorOf(["", "/a", "/a/b", "/c"], 3);
    mirror.listing = "list";
    mirror.react = (method, path, _, { search }) => {
      if (method !== "GET" || search !== "?F=2" || !shows) return null;
      const below = path.slice("/base".length);
      const rows = [...mirror.files].filter(([file]) =>
        file.startsWith(below) && !file.slice(below.length).includes("/")
      ).map(([file, { size }]) =>
        `<tr><td class="indexcolname"><a href="${file.slice(below.length)}">x</a></td>` +
        `<td class="indexcollastmod">2026-06-01 12:30</td><td class="indexcolsize">${size}</td></tr>`
      );
      const directories = ["/a/", "/a/b/", "/c/"].filter((one) =>
        one !== below && one.startsWith(below) && one.slice(below.length).split("/").length === 2
      ).map((one) =>
        `<tr><td class="indexcolname"><a href="${one.slice(below.length)}">x</a></td></tr>`
      );
      return html(
        `<html><title>Index of ${path}</title><table>${rows.join("")}${
          directories.join("")
        }</table></html>`,
      );
    };
    const asked: string[] = [];
    const { react } = mirror;
    mirror.react = (method, path, headers, url) => {
      if (method === "GET" && path.endsWith("/")) asked.push(path + url.search);
      return react(method, path, headers, url);
    };
    assertEquals((await mirror.scan()).files.length, 12);
    assertEquals(
      asked.toSorted(),
      shows
        ? ["/base/", "/base/?F=2", "/base/a/?F=2", "/base/a/b/?F=2", "/base/c/?F=2"]
        : ["/base/", "/base/?F=2", "/base/a/", "/base/a/b/", "/base/c/"],
    );
    assert(shows ? probesOf(mirror).length <= 3 : probesOf(mirror).length === 12);
  }
});

Deno.test("HttpLister asks for a part where HEAD is not allowed", async () => {
  for (const status of [405, 501]) {
    const mirror = mirrorOf(["/a"], 2);
    mirror.listing = "none";
    mirror.react = (method, path, headers) => {
      if (method === "HEAD") return new Response(null, { status });
      const file = mirror.files.get(path.slice("/base".length));
      if (file === undefined) return null;
      assertEquals(headers.get("range"), "bytes=0-0");
      return new Response("x", {
        status: 206,
        headers: {
          "content-range": `bytes 0-0/${file.size}`,
          "last-modified": new Date(TIME).toUTCString(),
        },
      });
    };
    assertEquals((await mirror.scan()).files.length, 2);
  }
});

Deno.test("HttpLister takes a file that is refused for gone, and knows nothing of errors", async () => {
  for (const status of [401, 403, 404, 410, 400, 408, 418, 500, 502]) {
    const mirror = mirrorOf(["/a"], 3);
    mirror.listing = "list";
    await mirror.scan();
    mirror.passed += 400 * MINUTE;
    mirror.react = (method, path) =>
      method === "HEAD" && path.endsWith("/file-1") ? new Response(null, { status }) : null;
    const { unread } = await mirror.scan();
    const gone = [401, 403, 404, 410].includes(status);
    assertEquals([unread.length, mirror.known.has("/a/file-1")], gone ? [0, false] : [1, true]);
  }
});

Deno.test("HttpLister finds what servers leave out that leave out names", async () => {
  const mirror = mirrorOf(["/a"], 60);
  // One is gone, one is not shown; a look at either proves nothing about the other.
  mirror.files.delete("/a/file-7");
  const rows = [...mirror.files].filter(([path]) => path !== "/a/file-33").map(([path, { size }]) =>
    `<tr><td class="n"><a href="${path.slice(3)}">x</a></td>` +
    `<td class="m">2026-Jun-01 12:30:45</td><td class="s">${(size / 1024).toFixed(1)}K</td></tr>`
  );
  mirror.react = (method, path) =>
    method !== "GET" || path !== "/base/a/" ? null : html(
      `<html><table summary="Directory Listing"><tr><th>Name</th><th>Last Modified</th><th>Size</th></tr>${
        rows.join("")
      }</table></html>`,
    );
  for (const random of [0, 0.5, 0.99]) {
    mirror.known.clear();
    const { files } = await mirror.scan({ random: () => random, memory: new ScanMemory() });
    const paths = files.map(({ path }) => path);
    assertEquals([paths.includes("/a/file-33"), paths.includes("/a/file-7")], [true, false]);
    assertEquals(files.length, 59);
  }
});

Deno.test("HttpLister takes no name for gone that servers hide", async () => {
  const mirror = mirrorOf(["/a"], 3).add("/a/README", 7).add("/a/.x", 7).add("/a/x~", 7);
  mirror.files.delete("/a/file-0");
  mirror.react = without(mirror, "/a", ["README", ".x", "x~"]);
  // The look at what is missing comes to the one that is gone.
  const { files } = await mirror.scan({ random: () => 0 });
  assertEquals(files.map(({ path }) => path), [
    ...["/a/.x", "/a/README", "/a/file-1", "/a/file-2", "/a/x~"],
  ]);
});

Deno.test("HttpLister believes a listing that shows less than half as others", async () => {
  const directories = Array.from({ length: 40 }, (_, at) => `/pool/${at}`);
  const mirror = mirrorOf(directories, 10);
  await mirror.scan();
  mirror.passed += 400 * MINUTE;
  for (const path of [...mirror.files.keys()].slice(0, 150)) mirror.files.get(path)!.size = 1;
  const { files } = await mirror.scan();
  assertEquals(files.filter(({ size }) => size === 1).length, 150);
  assertEquals(probesOf(mirror), []);
});

Deno.test("HttpLister looks at one of what is missing in each of a hundred directories", async () => {
  const directories = Array.from({ length: 150 }, (_, at) => `/pool/${at}`);
  const mirror = mirrorOf(directories, 4);
  for (const directory of directories) mirror.files.delete(`${directory}/file-1`);
  assertEquals((await mirror.scan()).files.length, 450);
  assertEquals(probesOf(mirror).length, 100);
});

Deno.test("HttpLister believes three files that are gone where their directory is", async () => {
  const directories = ["/pool/gone", "/pool/there"];
  const mirror = mirrorOf(directories, 40).add("/README");
  mirror.listing = "none";
  for (const path of mirror.files.keys()) {
    if (path.startsWith("/pool/gone/") || /there\/file-[0-4]$/.test(path)) {
      mirror.files.delete(path);
    }
  }
  // Who has no page for one says so, or has one for everybody.
  mirror.react = (method, path) =>
    method === "GET" && path === "/base/pool/there/" ? html("<html>Welcome</html>") : null;
  assertEquals((await mirror.scan()).files.length, 36);
  const probes = probesOf(mirror);
  assertEquals(probes.filter((one) => one.includes("/gone/")).length, 3);
  assertEquals(probes.filter((one) => one.includes("/there/")).length, 40);
});

Deno.test("HttpLister makes sure that a directory is gone, and of all below it", async () => {
  // It is not shown, and there.
  const hidden = mirrorOf(["", "/pool/a", "/pool/b"], 3);
  hidden.react = without(hidden, "", ["pool"]);
  assertEquals((await hidden.scan()).files.length, 9);
  // A name that servers hide says nothing, even where a file of it is gone.
  const dotted = mirrorOf(["", "/.well-known"], 3);
  dotted.files.delete("/.well-known/file-0");
  dotted.react = without(dotted, "", [".well-known"]);
  assertEquals((await dotted.scan()).files.length, 5);
  // One look is not enough for most of a mirror.
  const directories = Array.from({ length: 60 }, (_, at) => `/pool/${at}/x`);
  const large = mirrorOf(["", ...directories], 3);
  await large.scan();
  large.passed += 400 * MINUTE;
  large.files.delete("/pool/0/x/file-0");
  large.react = without(large, "", ["pool"]);
  await assertRejects(() => large.scan(), ListingError, "does not show what the mirror serves");
  // Where all of it is gone, that is believed.
  for (const path of large.files.keys()) if (path.startsWith("/pool/")) large.files.delete(path);
  assertEquals((await large.scan()).files.length, 3);
});

Deno.test("HttpLister asks again for what nobody knew", async () => {
  const mirror = mirrorOf(["/pool/a", "/pool/b"], 3);
  mirror.listing = "list";
  mirror.react = (method, path) =>
    method === "HEAD" && path.endsWith("/b/file-2") ? new Response(null, { status: 500 }) : null;
  const first = await mirror.scan();
  assertEquals([first.files.length, first.unread], [5, ["/pool/b/file-2"]]);
  assertEquals(first.warnings, ['Cannot ask for "/pool/b/file-2": Got status code 500']);
  mirror.react = () => null;
  mirror.passed += MINUTE;
  await mirror.scan();
  assertEquals(mirror.known.size, 6);
});

Deno.test("HttpLister asks for a name that the listing has in another form of Unicode", async () => {
  const mirror = new ScriptedMirror();
  const composed = "/a/\u00fc.txt";
  mirror.add(composed, 100).add("/a/b", 100);
  mirror.react = (method, path) =>
    method !== "GET" || path !== "/base/a/" ? null : Response.json(
      ["u\u0308.txt", "b"].map((name) => ({
        ...{ name, type: "file", size: 100, mtime: new Date(TIME).toUTCString() },
      })),
    );
  assertEquals((await mirror.scan()).files.length, 2);
  assertEquals(probesOf(mirror), [`HEAD /base${composed}`]);
  // It is gone under the name that the source has; the other missing file tells nothing about it.
  mirror.files.delete(composed);
  mirror.react =
    ((react) => (method, path, headers, url) =>
      react(method, path, headers, url) ?? (path.includes("\u00fc") ? missing() : null))(
        mirror.react,
      );
  assertEquals((await mirror.scan({ memory: new ScanMemory() })).files.length, 1);
});

Deno.test("ScanMemory takes nothing for recent when the clock was set back", async () => {
  const mirror = mirrorOf(["/pool/a", "/pool/b", "/pool/c"], 3);
  mirror.passed += 100 * 60 * MINUTE;
  await mirror.scan();
  mirror.passed -= 99 * 60 * MINUTE;
  await mirror.scan();
  for (const directory of ["a", "b", "c"]) {
    assert(mirror.asked.includes(`GET /base/pool/${directory}/`), directory);
  }
});
