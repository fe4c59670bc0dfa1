import { assert, assertEquals } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { MirrorServer } from "../support/mirror_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { writeFile } from "./sample.ts";

Deno.test("a mirror with the whole tree is asked for what clients want, and never scanned", async () => {
  await using directory = await tempDir();
  const repository = `${directory.path}/repository`;
  const tree = `${directory.path}/tree`;
  for (const path of ["/a b.iso", "/lost.iso", "/other.iso"]) await writeFile(repository, path);
  await writeFile(tree, "/a b.iso");
  await writeFile(tree, "/other.iso", { size: 3 });
  await using mirror = MirrorServer.start(tree);
  await using daemon = new Daemon({
    directory: directory.path,
    config: {
      ...{ Repository: repository, CheckInterval: 0, Explain: "all" },
      Fallbacks: [{ URL: "http://fallback.example/", CountryCode: "fr", ContinentCode: "eu" }],
    },
  });
  await daemon.start();
  await daemon.ok("refresh");
  await daemon.ok("add", "-http", mirror.url, "-whole-tree", "-global", "-enabled", "cdn");
  assert((await daemon.ok("show", "cdn")).includes("WholeTree: true"));
  assertEquals((await daemon.cli("scan", "cdn")).code, 1);
  const before = await daemon.ok("explain", "/a b.iso");
  assert(before.includes("cdn: not asked for it yet"), before);
  // The first goes elsewhere, and does not wait.
  const location = async (path: string): Promise<string | null> =>
    (await daemon.get(path)).headers.get("location");
  assertEquals(await location("/a%20b.iso"), "http://fallback.example/a%20b.iso");
  await waitFor(async () => await location("/a%20b.iso") === `${mirror.url}a%20b.iso`, {
    what: "the mirror to be asked",
  });
  assert((await daemon.ok("explain", "/a b.iso")).includes("cdn: asked for it at "));
  for (const path of ["/lost.iso", "/other.iso"]) {
    assertEquals(await location(path), `http://fallback.example${path}`);
  }
  const explained = async (path: string): Promise<string> => await daemon.ok("explain", path);
  await waitFor(async () => (await explained("/lost.iso")).includes("not found: It is not there"), {
    what: "the mirror to be asked for what it has not",
  });
  await waitFor(async () => (await explained("/other.iso")).includes("It has 3 bytes in place"), {
    what: "the mirror to be asked for another file",
  });
  const { asked } = await (await daemon.get("/lost.iso?explain")).json();
  assertEquals([asked[0].name, asked[0].state], ["cdn", "not_found"]);
  // Asked once for each: a copy that is found is checked by health checks, too.
  const asks = mirror.requests.filter((line) => line === "HEAD /lost.iso").length;
  assertEquals(asks, 1);
  assertEquals(mirror.requests.filter((line) => line.startsWith("GET")).length, 0);
});

Deno.test("a mirror that nobody reaches has what the source has had for a day", async () => {
  await using directory = await tempDir();
  const repository = `${directory.path}/repository`;
  await writeFile(repository, "/old.iso");
  await writeFile(repository, "/new.iso");
  const now = new Date();
  await Deno.utime(`${repository}/new.iso`, now, now);
  await using daemon = new Daemon({
    directory: directory.path,
    config: { Repository: repository, CheckInterval: 0 },
  });
  await daemon.start();
  await daemon.ok("refresh");
  await daemon.ok(
    ...["add", "-http", "http://192.0.2.80/", "-networks", "127.0.0.0/8", "-networks-only"],
    ...["-unchecked", "-whole-tree", "-global", "-enabled", "cache"],
  );
  await waitFor(async () => (await daemon.get("/old.iso")).status === 302, {
    what: "the mirror to be known",
  });
  assertEquals((await daemon.get("/new.iso")).status, 503);
  assert(
    (await daemon.ok("explain", "-from", "127.0.0.1", "/old.iso")).includes("its own network"),
  );
  assert((await daemon.ok("explain", "-from", "192.0.2.1", "/old.iso")).includes("Networks only"));
});
