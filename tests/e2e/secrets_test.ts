import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { RedisServer } from "../support/redis_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { writeFile } from "./sample.ts";

const modeOf = (path: string): number => (Deno.statSync(path).mode ?? 0) & 0o777;

async function create(
  directory: string,
  config: Readonly<Record<string, unknown>>,
  address?: string,
): Promise<Daemon> {
  await writeFile(`${directory}/repository`, "/file.bin");
  Deno.mkdirSync(`${directory}/logs`, { recursive: true });
  return new Daemon({
    directory,
    ...(address === undefined ? {} : { address }),
    config: {
      Repository: `${directory}/repository`,
      DatabasePath: `${directory}/state/store/mirrorbits.db`,
      LogDir: `${directory}/logs`,
      Fallbacks: [{ URL: "http://fallback.example/", CountryCode: "", ContinentCode: "" }],
      ...config,
    },
  });
}

/** Permissions of everything in a directory and below, by path. */
function modesBelow(directory: string, path = ""): Record<string, string> {
  const modes: Record<string, string> = {};
  for (const { name, isDirectory } of Deno.readDirSync(directory + path)) {
    modes[`${path}/${name}`] = modeOf(`${directory}${path}/${name}`).toString(8);
    if (isDirectory) Object.assign(modes, modesBelow(directory, `${path}/${name}`));
  }
  return modes;
}

async function download(daemon: Daemon, directory: string): Promise<void> {
  await daemon.ok("refresh");
  assertEquals((await daemon.get("/file.bin")).status, 302);
  await waitFor(() => Deno.statSync(`${directory}/logs/downloads.log`).size > 0, {
    what: "the download log",
  });
}

Deno.test("others read neither the embedded store nor the logs", async () => {
  await using directory = await tempDir();
  const { path } = directory;
  await using daemon = await create(path, {});
  await daemon.start();
  await download(daemon, path);
  for (const [file, mode] of Object.entries(modesBelow(`${path}/state`))) {
    const wanted = file === "/store" ? "750" : file.endsWith(".key") ? "600" : "640";
    assertEquals([file, mode], [file, wanted]);
  }
  assertEquals(modeOf(`${path}/state`), 0o750);
  assertEquals(modeOf(`${path}/logs/downloads.log`), 0o640);
  assertEquals(modeOf(`${path}/daemon.log`), 0o640);
  // What is there keeps its mode.
  Deno.chmodSync(`${path}/state/store/mirrorbits.db`, 0o604);
  Deno.chmodSync(`${path}/daemon.log`, 0o604);
  await daemon.stop();
  await daemon.start();
  assertEquals(modeOf(`${path}/state/store/mirrorbits.db`), 0o604);
  assertEquals(modeOf(`${path}/daemon.log`), 0o604);
});

Deno.test("others do not read what waits for Redis; LogMode says who reads logs", async () => {
  await using directory = await tempDir();
  await using redis = await RedisServer.start();
  const { path } = directory;
  await using daemon = await create(path, {
    RedisAddress: `127.0.0.1:${redis.port}`,
    LogMode: "0600",
  });
  await daemon.start();
  await download(daemon, path);
  await redis.stop();
  await daemon.get("/file.bin");
  await waitFor(() => Object.keys(modesBelow(`${path}/state`)).length > 1, { what: "the journal" });
  for (const [file, mode] of Object.entries(modesBelow(`${path}/state`))) {
    const wanted = file === "/store" ? "750" : file.endsWith(".key") ? "600" : "640";
    assertEquals([file, mode], [file, wanted]);
  }
  assertEquals(modeOf(`${path}/logs/downloads.log`), 0o600);
  assertEquals(modeOf(`${path}/daemon.log`), 0o600);
});

Deno.test("UnixSocketMode says who may connect, also after an upgrade", async () => {
  await using directory = await tempDir();
  const { path } = directory;
  await using daemon = await create(path, { UnixSocketMode: "0600" }, `unix:${path}/http.sock`);
  await daemon.start();
  assertEquals(modeOf(`${path}/http.sock`), 0o600);
  daemon.configure({ UnixSocketMode: "0666" });
  await daemon.ok("upgrade");
  await daemon.follow();
  assertEquals(modeOf(`${path}/http.sock`), 0o666);
  using _connection = await Deno.connect({ transport: "unix", path: `${path}/http.sock` });
});

Deno.test("logs and the PID file follow no link that others may have put there", async () => {
  await using directory = await tempDir();
  const { path } = directory;
  Deno.writeTextFileSync(`${path}/victim`, "as it was");
  await using daemon = await create(path, {});
  Deno.symlinkSync(`${path}/victim`, `${path}/pid`);
  Deno.symlinkSync(`${path}/victim`, `${path}/logs/downloads.log`);
  Deno.chmodSync(`${path}/logs`, 0o777);
  Deno.chmodSync(path, 0o777);
  await daemon.start();
  await daemon.ok("refresh");
  assertEquals((await daemon.get("/file.bin")).status, 302);
  await waitFor(() => /PID file/.test(daemon.log) && /downloads\.log/.test(daemon.log), {
    what: "both warnings",
  });
  assertMatch(daemon.log, /Cannot write the PID file "\S+\/pid": it is a link in a directory/i);
  assertMatch(daemon.log, /downloads\.log": it is a link in a directory that others/i);
  assertEquals(await daemon.stop(), 0);
  assertEquals(Deno.readTextFileSync(`${path}/victim`), "as it was");
  // The runtime log is refused before anything begins.
  Deno.removeSync(`${path}/daemon.log`);
  Deno.symlinkSync(`${path}/victim`, `${path}/daemon.log`);
  assertEquals((await daemon.spawn().status).code, 1);
  assertEquals(Deno.readTextFileSync(`${path}/victim`), "as it was");
});

Deno.test("the embedded store follows no link that others may have put there", async () => {
  await using directory = await tempDir();
  const { path } = directory;
  const [shared, own, victim] = [`${path}/shared`, `${path}/own`, `${path}/victim`];
  for (const one of [shared, own, victim]) Deno.mkdirSync(one);
  // As /tmp.
  Deno.chmodSync(shared, 0o1777);
  for (const name of ["mirrorbits.db.lock", "mirrorbits.db"]) {
    Deno.symlinkSync(`${victim}/${name}`, `${shared}/${name}`);
    await using daemon = await create(path, { DatabasePath: `${shared}/mirrorbits.db` });
    daemon.configure();
    assertEquals((await daemon.spawn().status).code, 1);
    const words = `"${shared}/${name}": it is a link in a directory that others may write to`;
    assertStringIncludes(daemon.log, words);
    assertEquals([...Deno.readDirSync(victim)], [], name);
    Deno.removeSync(`${path}/daemon.log`);
    Deno.removeSync(`${shared}/${name}`);
  }
  // Where nobody else writes, a link is the operator's.
  Deno.symlinkSync(`${victim}/mirrorbits.db`, `${own}/mirrorbits.db`);
  await using daemon = await create(path, { DatabasePath: `${own}/mirrorbits.db` });
  if (Daemon.isExecutable) {
    // It may write to the directory that is configured, and SQLite alone would let everyone read the file.
    daemon.configure();
    assertEquals((await daemon.spawn().status).code, 1);
    assertStringIncludes(daemon.log, `"${own}/mirrorbits.db": it is a link to a place where`);
    assertEquals([...Deno.readDirSync(victim)], []);
    Deno.writeTextFileSync(`${victim}/mirrorbits.db`, "", { mode: 0o640 });
  }
  await daemon.start();
  assertEquals(await daemon.stop(), 0);
  assertEquals(modeOf(`${victim}/mirrorbits.db`), 0o640);
});
