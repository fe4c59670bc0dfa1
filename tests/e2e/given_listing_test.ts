import { assert, assertEquals } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { writeFile } from "./sample.ts";

Deno.test("a listing that rsync wrote takes the place of a scan, wholly or not at all", async () => {
  await using directory = await tempDir();
  const repository = `${directory.path}/repository`;
  for (const path of ["/a b.iso", "/pool/c.iso", "/lost.iso"]) await writeFile(repository, path);
  await using daemon = new Daemon({
    directory: directory.path,
    config: { Repository: repository, TraceFileLocation: "/trace" },
  });
  await daemon.start();
  await daemon.ok("refresh");
  await daemon.ok(
    ...["add", "-http", "http://192.0.2.80/", "-networks", "127.0.0.0/8", "-networks-only"],
    ...["-unchecked", "-global", "-enabled", "cache"],
  );
  const { code, stdout } = await new Deno.Command("rsync", {
    args: ["-r", "--exclude", "lost.iso", `${repository}/`],
    env: { TZ: "UTC", LC_ALL: "C" },
  }).output();
  assertEquals(code, 0);
  const file = `${directory.path}/listing.txt`;
  await Deno.writeFile(file, stdout);
  const taken = await daemon.ok("scan", "-from", file, "cache");
  assert(taken.includes("2 files indexed, 2 known and 0 removed"), taken);
  const { status, headers } = await daemon.get("/a%20b.iso");
  assertEquals([status, headers.get("location")], [302, "http://192.0.2.80/a%20b.iso"]);
  assertEquals((await daemon.get("/lost.iso")).status, 503);

  // A single odd line, and nothing has changed.
  await Deno.writeTextFile(file, "what?\n", { append: true });
  const odd = await daemon.cli("scan", "-from", file, "cache");
  assertEquals(odd.code, 1);
  assert(odd.stderr.includes('It is no line of a listing: "what?"'), odd.stderr);
  assertEquals((await daemon.get("/pool/c.iso")).status, 302);

  // More than fits into a request of any other kind.
  const line = "-rw-r--r--          1,234 2026/11/22 15:04:05 ";
  const lines = Array.from({ length: 100_000 }, (_, i) => `${line}pool/file-${i}.iso\n`);
  await Deno.writeTextFile(file, lines.join(""));
  const large = await daemon.ok("scan", "-from", file, "cache");
  assert(large.includes("100000 files indexed, 0 known and 2 removed"), large);
});
