import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { freePort } from "../support/free_port.ts";
import { RedisServer } from "../support/redis_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { type Destination, Visitors } from "../support/visitors.ts";
import { waitFor } from "../support/wait_for.ts";
import { writeFile } from "./sample.ts";

const FALLBACKS = [{ URL: "http://fallback.example/", CountryCode: "", ContinentCode: "" }];

/** A daemon with one file and a fallback. */
async function start(
  directory: string,
  { address, config = {} }: {
    readonly address?: string;
    readonly config?: Readonly<Record<string, unknown>>;
  } = {},
): Promise<Daemon> {
  await writeFile(`${directory}/repository`, "/file.bin");
  const daemon = new Daemon({
    directory,
    args: ["-debug"],
    ...(address === undefined ? {} : { address }),
    config: {
      Repository: `${directory}/repository`,
      LogDir: directory,
      Fallbacks: FALLBACKS,
      Workers: 2,
      ...config,
    },
  });
  await daemon.start();
  await daemon.ok("refresh");
  return daemon;
}

function destination(address: string): Destination {
  if (address.startsWith("unix:")) return { transport: "unix", path: address.slice(5) };
  const url = new URL(`http://${address}`);
  return {
    transport: "tcp",
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port),
  };
}

/** Downloads of the file by the download log, by the counters, by the series and by kind of answer. */
async function counted(
  daemon: Daemon,
  directory: string,
): Promise<{ log: number; counters: number; series: number; answers: number }> {
  const text = await Deno.readTextFile(`${directory}/downloads.log`);
  const stats = await daemon.ok("stats", "file", "/file.bin");
  const all = JSON.parse(await daemon.ok("stats", "total", "-json", "-days", "2", "-by", "day"));
  const answers: { answer: string; requests: number }[] = all.answers;
  return {
    series: all.downloads,
    answers: answers.find(({ answer }) => answer === "fallback")?.requests ?? 0,
    log: text.split("\n").filter((line) => line.includes('"/file.bin"')).length,
    counters: Number(/\/file\.bin\D+(\d+)/.exec(stats)?.[1] ?? 0),
  };
}

/** Upgrades by a signal and by the command line, while clients ask. */
async function upgradeUnderLoad(
  daemon: Daemon,
  directory: string,
): Promise<void> {
  const to = destination(daemon.address);
  await using stack = new AsyncDisposableStack();
  const visitors = [true, false].map((keepAlive) =>
    stack.use(new Visitors({ to, path: "/file.bin", keepAlive, count: 2 }))
  );
  const busy = async (): Promise<void> => {
    const before = visitors.map(({ answered }) => answered);
    await waitFor(() => visitors.every(({ answered }, i) => answered > before[i]! + 100), {
      what: "visits",
    });
  };
  await busy();
  const first = daemon.pid;
  daemon.signal("SIGUSR2");
  await daemon.follow();
  const second = daemon.pid;
  await busy();
  const said = await daemon.ok("upgrade");
  await daemon.follow();
  await busy();
  assertEquals(new Set([first, second, daemon.pid]).size, 3);
  assertStringIncludes(said, `Upgraded: process ${daemon.pid} has taken over`);
  const visits = await Promise.all(visitors.map((one) => one.stop()));
  assertEquals(visits.map(({ failures }) => failures), [{}, {}]);
  const answered = visits.reduce((sum, one) => sum + one.answered, 0);
  await waitFor(async () => {
    const counts = await counted(daemon, directory);
    return Math.min(...Object.values(counts)) >= answered;
  }, { what: "everything to be counted" });
  const { answers, ...counts } = await counted(daemon, directory);
  assertEquals(counts, { log: answered, counters: answered, series: answered });
  // Whoever waits for a daemon to begin asks for something, too.
  assert(answers >= answered && answers <= answered + 10, `${answers} answers`);
  await daemon.stop();
  assertEquals(daemon.pidFile, null);
  assertEquals(/.*(Warning|Error): .*/i.exec(daemon.log)?.[0], undefined);
}

Deno.test("an upgrade loses no request, count or line of the log", async () => {
  await using directory = await tempDir();
  await using daemon = await start(directory.path);
  await upgradeUnderLoad(daemon, directory.path);
});

Deno.test({
  name: "an upgrade loses nothing with the permissions that are printed",
  // They are those of the source.
  ignore: Daemon.isExecutable,
  async fn() {
    await using directory = await tempDir();
    const { path } = directory;
    await using daemon = await start(path);
    const files = ["-config", `${path}/mirrorbits.conf`, "-p", `${path}/pid`];
    const printed = await daemon.ok("permissions", ...files, "-log", `${path}/daemon.log`);
    await daemon.stop();
    const main = new URL("../../main.ts", import.meta.url).pathname;
    daemon.command = [Deno.execPath(), "run", "--quiet", ...printed.trimEnd().split("\n"), main];
    await daemon.start();
    await upgradeUnderLoad(daemon, path);
  },
});

Deno.test("an upgrade loses nothing over IPv6, on Redis, to fewer threads", async () => {
  await using directory = await tempDir();
  await using redis = await RedisServer.start();
  await using daemon = await start(directory.path, {
    address: `[::1]:${freePort()}`,
    config: { RedisAddress: `127.0.0.1:${redis.port}`, Workers: 3 },
  });
  daemon.configure({ Workers: 1 });
  await upgradeUnderLoad(daemon, directory.path);
});

Deno.test("an upgrade loses nothing at a Unix socket", async () => {
  await using directory = await tempDir();
  await using daemon = await start(directory.path, { address: `unix:${directory.path}/http.sock` });
  await upgradeUnderLoad(daemon, directory.path);
});

Deno.test("with a bad configuration nothing is upgraded, and the answer says why", async () => {
  await using directory = await tempDir();
  await using daemon = await start(directory.path);
  const { pid } = daemon;
  daemon.configure({ OutputMode: "fast" });
  const { code, stderr } = await daemon.cli("upgrade");
  assertEquals(code, 1);
  assertMatch(stderr, /OutputMode must be/);
  daemon.configure({ OutputMode: "redirect", DatabasePath: "/proc/none/mirrorbits.db" });
  const second = await daemon.cli("upgrade");
  assertEquals(second.code, 1);
  assertMatch(second.stderr, /The new program did not start, this one goes on: .*\/proc\/none/);
  daemon.configure();
  assertEquals((await daemon.get("/file.bin")).status, 302);
  assertEquals(daemon.pidFile, `${pid}`);
  await daemon.ok("refresh");
  await daemon.ok("upgrade");
  await daemon.follow();
  assertEquals((await daemon.get("/file.bin")).status, 302);
});

/** The process that an upgrade has started. */
async function startedBy(daemon: Daemon, upgrades = 1): Promise<number> {
  const pattern = /Upgrade: started the new program as process (\d+)/g;
  await waitFor(() => [...daemon.log.matchAll(pattern)].length === upgrades, {
    what: "the new process",
  });
  return Number([...daemon.log.matchAll(pattern)].at(-1)![1]);
}

Deno.test("the old process goes on when the new one is killed before it serves", async () => {
  await using directory = await tempDir();
  await using daemon = await start(directory.path);
  const { pid } = daemon;
  daemon.signal("SIGUSR2");
  Deno.kill(await startedBy(daemon), "SIGKILL");
  await waitFor(() => daemon.log.includes("Error: Upgrade: The new program did not start"), {
    what: "the failure",
  });
  assertMatch(daemon.log, /this one goes on: it ended on SIGKILL/);
  assertEquals((await daemon.get("/file.bin")).status, 302);
  assertEquals([daemon.pid, daemon.pidFile], [pid, `${pid}`]);
  await daemon.ok("refresh");
});

Deno.test("the old process takes everything back when the new one is killed while it leaves", async () => {
  await using directory = await tempDir();
  await using daemon = await start(directory.path);
  const { pid } = daemon;
  daemon.signal("SIGUSR2");
  const next = await startedBy(daemon);
  await waitFor(() => daemon.pidFile === `${next}`, { what: "the new process to serve" });
  Deno.kill(next, "SIGKILL");
  await waitFor(() => daemon.pidFile === `${pid}`, { what: "the old process to take it back" });
  assertEquals((await daemon.get("/file.bin")).status, 302);
  await daemon.ok("refresh");
  await waitFor(async () => (await counted(daemon, directory.path)).counters === 1, {
    what: "the count",
  });
});

Deno.test("the new process goes on alone when the old one is killed", async () => {
  await using directory = await tempDir();
  await using daemon = await start(directory.path);
  const { pid } = daemon;
  daemon.signal("SIGUSR2");
  const next = await startedBy(daemon);
  Deno.kill(pid, "SIGKILL");
  await waitFor(() => daemon.pidFile === `${next}`, { what: "the new process to serve" });
  await daemon.follow();
  assertEquals((await daemon.get("/file.bin")).status, 302);
  await daemon.ok("refresh");
});
