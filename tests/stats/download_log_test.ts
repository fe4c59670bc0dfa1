import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DownloadLog } from "../../lib/stats/download_log.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

const HEAD = [
  "# Log file created at: 2026/11/22 15:04:05",
  "# Running on machine: host",
  "# Binary: Built with deno",
];

const TIME = Date.UTC(2026, 10, 22, 15, 4, 5, 678);

function open(
  directory: string,
  log = new MemoryLog(),
  limit = 8_000_000,
  clock = new FakeClock(TIME),
): DownloadLog {
  return new DownloadLog({
    directory,
    machine: "host",
    binary: "Built with deno",
    clock,
    mode: () => 0o604,
    log,
    limit,
  });
}

async function linesOf(path: string): Promise<string[]> {
  const text = await Deno.readTextFile(path);
  assert(text.endsWith("\n"));
  return text.slice(0, -1).split("\n");
}

Deno.test("DownloadLog begins a new file with a head, and appends to an old one", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/downloads.log`;
  {
    await using log = open(`${directory.path}/`);
    await waitFor(() => Deno.stat(path), { what: "the file before the first line" });
    log.append(["one", "two"]);
    log.append(["three"]);
  }
  {
    await using log = open(directory.path);
    log.append(["four"]);
  }
  assertEquals(await linesOf(path), [...HEAD, "one", "two", "three", "four"]);
});

Deno.test("DownloadLog loses no line when the file is rotated", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/downloads.log`;
  await using log = open(directory.path);
  const lines = Array.from({ length: 5000 }, (_, index) => `line ${index} ${"x".repeat(50)}`);
  log.append(lines);
  await waitFor(async () => (await linesOf(path)).length > 3, { what: "a line" });
  await Deno.rename(path, `${path}.1`);
  log.append(["before"]);
  const reopened = log.reopen();
  log.append(["after"]);
  await reopened;
  await waitFor(async () => (await linesOf(path)).includes("after"), { what: "the last line" });
  assertEquals(await linesOf(`${path}.1`), [...HEAD, ...lines, "before"]);
  assertEquals(await linesOf(path), [...HEAD, "after"]);
});

Deno.test("DownloadLog waits for a directory that is gone, and says so once", async () => {
  await using directory = await tempDir();
  const logDir = `${directory.path}/log`;
  const path = `${logDir}/downloads.log`;
  await Deno.mkdir(logDir);
  const log = new MemoryLog();
  const clock = new FakeClock(TIME);
  await using downloads = open(logDir, log, undefined, clock);
  downloads.append(["one"]);
  await waitFor(async () => (await linesOf(path)).includes("one"), { what: "the first line" });
  await Deno.remove(logDir, { recursive: true });
  downloads.append(["two"]);
  await waitFor(() => log.lines.length === 1, { what: "the complaint" });
  assertStringIncludes(log.lines[0]!, `error: Cannot write the download log "${path}": `);
  await downloads.reopen();
  downloads.append(["three"]);
  await Deno.mkdir(logDir);
  await waitFor(() => clock.waiting === 1, { what: "the next try to be set" });
  clock.tick(1000);
  await waitFor(() => log.lines.length === 2, { what: "the file to be written again" });
  assertEquals(log.lines[1], `info: Writing the download log "${path}" again`);
  assertEquals((await linesOf(path)).slice(HEAD.length), ["two", "three"]);
});

Deno.test("DownloadLog keeps a bounded number of lines, and says how many it dropped", async () => {
  await using directory = await tempDir();
  const log = new MemoryLog();
  const logDir = `${directory.path}/log`;
  const clock = new FakeClock(TIME);
  await using downloads = open(logDir, log, 10, clock);
  downloads.append(["1234", "5678", "90ab"]);
  await waitFor(() => log.lines.length === 1, { what: "the complaint" });
  await Deno.mkdir(logDir);
  await waitFor(() => clock.waiting === 1, { what: "the next try to be set" });
  clock.tick(1000);
  await waitFor(() => log.lines.length === 2, { what: "the file to be written" });
  assertStringIncludes(log.lines[1]!, "again, 1 lines were dropped");
  assertEquals((await linesOf(`${logDir}/downloads.log`)).slice(3), ["1234", "5678"]);
});

Deno.test("DownloadLog reports a full disk, and says at the end what is lost", async () => {
  await using directory = await tempDir();
  await Deno.symlink("/dev/full", `${directory.path}/downloads.log`);
  const log = new MemoryLog();
  {
    await using downloads = open(directory.path, log);
    downloads.append(["one"]);
    await waitFor(() => log.lines.length > 0, { what: "the complaint" });
  }
  assertEquals(log.lines.length, 2);
  assertStringIncludes(log.lines[0]!, "No space left on device");
});

Deno.test("DownloadLog has room again for what it has written", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/downloads.log`;
  const log = new MemoryLog();
  await using downloads = open(directory.path, log, 100);
  for (let round = 1; round <= 5; round++) {
    downloads.append(Array(40).fill("x"));
    const lines = HEAD.length + 40 * round;
    await waitFor(async () => {
      const text = await Deno.readTextFile(path).catch(() => "");
      return text.split("\n").length - 1 === lines;
    }, { what: `${lines} lines` });
  }
  assertEquals(log.lines, []);
});

Deno.test("DownloadLog does nothing while there is nothing to write", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/downloads.log`;
  let opened = 0;
  await using downloads = new DownloadLog({
    directory: directory.path,
    machine: "host",
    binary: "Built with deno",
    clock: new FakeClock(TIME),
    mode: () => {
      opened++;
      return 0o604;
    },
    log: new MemoryLog(),
  });
  await waitFor(() => Deno.stat(path), { what: "the file" });
  downloads.append(["one"]);
  await waitFor(async () => (await linesOf(path)).includes("one"), { what: "the line" });
  await Deno.remove(path);
  // Whoever still ran would notice within a few turns.
  for (let turn = 0; turn < 50; turn++) await Deno.stat(directory.path);
  assertEquals(opened, 1);
});

Deno.test("DownloadLog tries no more once it is disposed of", async () => {
  await using directory = await tempDir();
  const clock = new FakeClock(TIME);
  const downloads = open(`${directory.path}/gone`, new MemoryLog(), 100, clock);
  downloads.append(["one"]);
  await downloads[Symbol.asyncDispose]();
  assertEquals(clock.waiting, 0);
});
