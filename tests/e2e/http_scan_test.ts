import { assert, assertEquals } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { freePort } from "../support/free_port.ts";
import { startPythonHttp } from "../support/python_http.ts";
import { startS3rver } from "../support/s3rver.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { ODD_NAMES, writeFile } from "./sample.ts";

Deno.test("a mirror that offers nothing but HTTP is scanned, checked and used", async () => {
  await using directory = await tempDir();
  const repository = `${directory.path}/repository`;
  const tree = `${directory.path}/tree`;
  const paths = ["/README.txt", "/gone.bin", "/other.bin", "/pool/a b/1.deb", "/pool/a b/2.deb"]
    .concat(ODD_NAMES.filter((name) => !/\p{Cc}/u.test(name)).map((name) => `/odd/${name}`));
  for (const path of paths) {
    await writeFile(repository, path);
    if (path !== "/gone.bin") await writeFile(tree, path);
  }
  await writeFile(tree, "/other.bin", { size: 7 });
  await writeFile(tree, "/foreign.bin");
  await using mirror = await startPythonHttp(tree);
  await using daemon = new Daemon({
    directory: directory.path,
    config: { Repository: repository, CheckInterval: 0, HTTPScanRate: 200 },
  });
  await daemon.start();
  await daemon.ok("refresh");
  await daemon.ok("add", "-http", `http://127.0.0.1:${mirror.port}/`, "one");
  const known = paths.length - 1;
  const scanned = await daemon.ok("scan", "-enable", "one");
  assert(scanned.includes(`${known} files indexed, ${known} known and 0 removed`), scanned);
  await waitFor(async () => /^one +up/m.test(await daemon.ok("list")), {
    what: "the mirror to be up",
  });
  for (const path of ["/README.txt", "/pool/a%20b/1.deb"]) {
    const { status, headers } = await daemon.get(path);
    assertEquals([status, headers.get("location")], [
      302,
      `http://127.0.0.1:${mirror.port}${path}`,
    ]);
  }
  for (const path of ["/gone.bin", "/other.bin"]) {
    assertEquals((await daemon.get(path)).status, 503);
  }

  // What it loses and gets is known after the next scan that looks at everything.
  await Deno.remove(`${tree}/README.txt`);
  await writeFile(tree, "/gone.bin");
  const again = await daemon.ok("scan", "-http", "-full", "one");
  // A health check may have noticed first what is gone.
  assert(again.includes(`${known} files indexed, ${known} known and `), again);
  assertEquals((await daemon.get("/gone.bin")).status, 302);
  assertEquals((await daemon.get("/README.txt")).status, 503);
  const { code, stderr } = await daemon.cli("scan", "-ftp", "one");
  assertEquals(code, 1);
  assert(stderr.includes("no suitable URL"), stderr);
});

Deno.test("a mirror that is an object store is scanned by its listing", async () => {
  await using directory = await tempDir();
  const repository = `${directory.path}/repository`;
  const paths = Array.from({ length: 300 }, (_, n) => `/pool/${n % 5}/file-${n}.deb`)
    .concat("/README.txt", "/lost.bin", "/other.bin", "/a b/ünï&<c>.deb");
  await Deno.mkdir(`${directory.path}/objects`);
  const options = { directory: `${directory.path}/objects`, buckets: ["mirrors"] };
  await using store = await startS3rver(options);
  const base = `http://127.0.0.1:${store.port}/mirrors/debian/`;
  const put = async (path: string, size = path.length): Promise<void> => {
    const url = base + path.slice(1).split("/").map(encodeURIComponent).join("/");
    const response = await fetch(url, { method: "PUT", body: new Uint8Array(size) });
    await response.body?.cancel();
    assertEquals(response.status, 200, path);
  };
  for (const path of paths) {
    await writeFile(repository, path, { size: path.length });
    if (path !== "/lost.bin") await put(path, path === "/other.bin" ? 3 : path.length);
  }
  await using daemon = new Daemon({
    directory: directory.path,
    config: { Repository: repository, CheckInterval: 0, HTTPScanRate: 200 },
  });
  await daemon.start();
  await daemon.ok("refresh");
  await daemon.ok("add", "-http", base, "store");
  const scanned = await daemon.ok("scan", "-enable", "store");
  const known = paths.length - 1;
  assert(scanned.includes(`${known} files indexed, ${known} known and 0 removed`), scanned);
  await waitFor(async () => /^store +up/m.test(await daemon.ok("list")), {
    what: "the mirror to be up",
  });
  for (const path of ["/README.txt", "/pool/3/file-298.deb", "/a%20b/%C3%BCn%C3%AF&%3Cc%3E.deb"]) {
    const { status, headers } = await daemon.get(path);
    assertEquals([status, headers.get("location")], [302, base + path.slice(1)]);
  }
  for (const path of ["/lost.bin", "/other.bin"]) {
    assertEquals((await daemon.get(path)).status, 503);
  }
  await put("/other.bin");
  await fetch(`${base}README.txt`, { method: "DELETE" });
  await daemon.ok("scan", "store");
  assertEquals((await daemon.get("/other.bin")).status, 302);
  assertEquals((await daemon.get("/README.txt")).status, 503);
});

Deno.test("HTTPScan says which mirrors are scanned over HTTP", async () => {
  await using directory = await tempDir();
  const repository = `${directory.path}/repository`;
  for (const path of ["/a.bin", "/b/c.bin"]) await writeFile(repository, path);
  await using mirror = await startPythonHttp(repository);
  const url = `http://127.0.0.1:${mirror.port}/`;
  await using daemon = new Daemon({
    directory: directory.path,
    config: { Repository: repository, CheckInterval: 0, ScanInterval: 1000, HTTPScanRate: 200 },
    env: { MIRRORBITS_HTTP_SCAN: "off" },
  });
  await daemon.start();
  await daemon.ok("refresh");
  await daemon.ok("add", "-http", url, "plain");
  await daemon.ok("add", "-http", url, "-rsync", `rsync://127.0.0.1:${freePort()}/mod/`, "dead");
  const scan = async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await daemon.cli("scan", ...args);
    return (stdout + stderr).replaceAll(/\s+/g, " ");
  };
  const all = "2 files indexed, 2 known and 0 removed";
  assert((await scan("plain")).includes("no suitable URL for the scan"));
  assert((await scan("-http", "plain")).includes(all));
  assert(!(await scan("dead")).includes("indexed"));
  assert((await scan("-http", "plain")).includes(all));
  // Once for each mirror, at its first.
  assertEquals(daemon.log.match(/Scan of \w+: over HTTP \(HTTPScan\)/g)?.length, 1);
  assert((await scan("-http", "-rsync", "dead")).includes("exclude each other"));
  await daemon.stop();

  await using fallback = new Daemon({
    directory: directory.path,
    config: { Repository: repository, CheckInterval: 0, ScanInterval: 1000, HTTPScanRate: 200 },
    env: { MIRRORBITS_HTTP_SCAN: "fallback" },
  });
  await fallback.start();
  const told = (await fallback.ok("scan", "dead")).replaceAll(/\s+/g, " ");
  assert(told.includes(all) && told.includes("Warning: rsync"), told);
});

Deno.test("a mirror that got another URL is looked at as a whole", async () => {
  await using directory = await tempDir();
  const [repository, whole, part] = ["repository", "whole", "part"].map((name) =>
    `${directory.path}/${name}`
  ) as [string, string, string];
  const names = Array.from({ length: 24 }, (_, at) => `/pool/${at}`);
  for (const name of names) {
    for (const tree of [repository, whole]) await writeFile(tree, `${name}/3`);
    for (const tree of [repository, whole, part]) {
      for (const file of ["1", "2"]) await writeFile(tree, `${name}/${file}`);
    }
  }
  await using first = await startPythonHttp(whole);
  await using second = await startPythonHttp(part);
  const urlOf = ({ port }: { readonly port: number }): string => `http://127.0.0.1:${port}/`;
  await using daemon = new Daemon({
    directory: directory.path,
    config: { Repository: repository, CheckInterval: 1000, ScanInterval: 30, HTTPScanRate: 200 },
  });
  await daemon.start();
  await daemon.ok("refresh");
  await daemon.ok("add", "-http", urlOf(first), "one");
  const scan = (): Promise<string> => daemon.ok("scan", "one");
  const once = await scan();
  assert(once.includes("72 files indexed, 72 known and 0 removed"), once);
  // What is known of a place is passed over there, but for what has its turn.
  for (const name of names) await Deno.remove(`${whole}/${name}/3`);
  const again = await scan();
  const removed = Number(/ and (\d+) removed/.exec(again)?.[1]);
  assert(removed < 24, again);
  // Of another place nothing is known.
  await daemon.ok("edit", "one", "-set", `HttpURL=${urlOf(second)}`);
  const moved = await scan();
  assert(moved.includes(`48 files indexed, 48 known and ${24 - removed} removed`), moved);
});
