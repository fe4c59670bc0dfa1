import { systemClock } from "../../lib/daemon/system_clock.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { ListedFile } from "../../lib/catalog/file.ts";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { Daemon } from "../support/daemon.ts";
import { FtpServer } from "../support/ftp_server.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { RedisServer } from "../support/redis_server.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { TcpProxy } from "../support/tcp_proxy.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

const STORES = ["embedded", "redis"] as const;
const MODIFIED = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A daemon with one mirror, listed by rsync or by FTP, whose index the test looks into. */
class Fault implements AsyncDisposable {
  /** Files of the mirror when it was scanned last: path → size. */
  readonly before = new Map<string, number>();
  /** Files of the mirror now. */
  readonly now = new Map<string, number>();
  /** The next command that the FTP server does not answer. */
  hang = "";

  /** Between the daemon and Redis. */
  readonly #proxy: TcpProxy | null;
  readonly #resources: AsyncDisposableStack;

  private constructor(
    readonly directory: string,
    readonly daemon: Daemon,
    readonly rsyncd: RsyncDaemon,
    readonly ftp: FtpServer,
    readonly redis: RedisServer | null,
    proxy: TcpProxy | null,
    resources: AsyncDisposableStack,
  ) {
    this.#proxy = proxy;
    this.#resources = resources;
  }

  static async start(
    store: typeof STORES[number],
    protocol: "rsync" | "ftp",
    files = 200,
  ): Promise<Fault> {
    await using stack = new AsyncDisposableStack();
    const directory = stack.use(await tempDir("mirrorbits-fault-")).path;
    const mirror = `${directory}/mirror`;
    await Deno.mkdir(mirror);
    const rsyncd = stack.use(await RsyncDaemon.start({ mirror }));
    const holder: { fault?: Fault } = {};
    const react = (command: string) => command === holder.fault?.hang ? "hang" as const : null;
    const ftp = stack.use(FtpServer.start({ root: mirror, react }));
    const redis = store === "redis" ? stack.use(await RedisServer.start()) : null;
    const proxy = redis === null ? null : stack.use(new TcpProxy(redis.port));
    const daemon = stack.use(
      new Daemon({
        directory,
        config: {
          Repository: mirror,
          RepositoryScanInterval: 0,
          Hashes: { SHA256: false },
          ...(proxy ? { RedisAddress: `127.0.0.1:${proxy.port}` } : {}),
        },
      }),
    );
    const fault = new Fault(directory, daemon, rsyncd, ftp, redis, proxy, stack.move());
    holder.fault = fault;
    for (let index = 0; index < files; index++) fault.write(`/dir/${index}`, 3);
    await daemon.start();
    await daemon.ok("refresh");
    const url = protocol === "rsync" ? rsyncd.url("mirror") : ftp.url;
    await daemon.ok("add", "-http", "http://127.0.0.1:9/", `-${protocol}`, url, "m1");
    await fault.scans();
    return fault;
  }

  /** Writes a file on the mirror. */
  write(path: string, size: number): void {
    const file = `${this.directory}/mirror${path}`;
    Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    Deno.writeFileSync(file, new Uint8Array(size));
    Deno.utimeSync(file, MODIFIED / 1000, MODIFIED / 1000);
    this.now.set(path, size);
  }

  /** Changes the mirror: some files are new, some have another size, some are gone. */
  async change(created: number): Promise<void> {
    for (let index = 0; index < created; index++) {
      this.write(`/new/${index}`, 4);
      // What stands between the daemon and Redis is on this thread.
      if (index % 100 === 99) await new Promise((resolve) => setTimeout(resolve));
    }
    for (let index = 0; index < 50; index++) this.write(`/dir/${index}`, 5);
    for (let index = 50; index < 100; index++) {
      Deno.removeSync(`${this.directory}/mirror/dir/${index}`);
      this.now.delete(`/dir/${index}`);
    }
  }

  /** Starts a scan, and waits until the mirror's log says so. */
  async begin(): Promise<{ readonly ended: Promise<{ code: number; stderr: string }> }> {
    const ended = this.daemon.cli("scan", "m1");
    await waitFor(async () => {
      return (await this.daemon.ok("logs", "m1")).trimEnd().endsWith("scan started");
    }, { what: "the scan to begin" });
    return { ended };
  }

  /** Starts a scan, and waits until some of what it writes is written, but not all. */
  async beginToWrite(): Promise<{ readonly ended: Promise<{ code: number; stderr: string }> }> {
    if (this.#proxy === null) {
      const begun = await this.begin();
      await waitFor(async () => (await this.copies()).size > this.before.size, {
        what: "the writing to begin",
        every: 1,
      });
      return begun;
    }
    const proxy = this.#proxy;
    let batches = 0;
    // After a few batches nothing more reaches Redis.
    proxy.onRequest = (text) => {
      batches += text.split('["/').length - 1;
      if (batches > 5) proxy.mode = "silent";
    };
    const ended = this.daemon.cli("scan", "m1");
    await waitFor(() => proxy.mode === "silent", { what: "the writing to begin", every: 1 });
    // A second program, which is not held up, sees that it is half-way.
    await waitFor(async () => this.isHalf(await this.copies()), { what: "some new copies" });
    return { ended };
  }

  /** Whether some copies are new, and others are not there yet. */
  isHalf(known: ReadonlyMap<string, number>): boolean {
    const written = [...this.now].filter(([path, size]) => known.get(path) === size).length;
    const unchanged = [...this.now].filter(([path, size]) => this.before.get(path) === size).length;
    return written > unchanged && written < this.now.size;
  }

  /** Lets through to Redis again what was held up. */
  release(): void {
    if (this.#proxy === null) return;
    this.#proxy.onRequest = () => {};
    this.#proxy.mode = "open";
  }

  /** Scans until it works, and expects to know the mirror as it is now. */
  async scans(): Promise<void> {
    const output = await waitFor(() => this.daemon.ok("scan", "m1"), {
      what: "a scan that works",
      every: 500,
    });
    assertStringIncludes(output, `${this.now.size} files indexed`);
    await this.isKnown(this.now);
    this.before.clear();
    for (const [path, size] of this.now) this.before.set(path, size);
  }

  /** Expects the mirror to be known as it was then. */
  async isKnown(files: ReadonlyMap<string, number>): Promise<void> {
    const known = await this.copies();
    assertEquals(new Map([...known].sort()), new Map([...files].sort()));
  }

  /** What the store knows of the mirror; the daemon may run only where the store is shared. */
  async copies(): Promise<Map<string, number>> {
    const log = new MemoryLog();
    if (this.redis === null) {
      const path = `${this.directory}/mirrorbits.db`;
      const copy = `${this.directory}/copy.db`;
      // A second program may not open it: so what would be there after a crash is looked at.
      for (const end of ["", "-wal"]) {
        await Deno.copyFile(path + end, copy + end).catch(() => {});
      }
      await using store = await openSqliteStore({ path: copy, log, now: Date.now });
      return await copiesOf(store);
    }
    const address = { hostname: "127.0.0.1", port: this.redis.port };
    await using store = await openRedisStore({
      address,
      db: 0,
      password: "",
      log,
      now: Date.now,
      clock: systemClock,
    });
    return await copiesOf(store);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

async function copiesOf(
  store: { copiesOf(id: number): AsyncIterable<readonly ListedFile[]> },
): Promise<Map<string, number>> {
  const copies = new Map<string, number>();
  for await (const batch of store.copiesOf(1)) {
    for (const { path, size } of batch) copies.set(path, size);
  }
  return copies;
}

/** The rsync clients that list a port. */
async function rsyncClients(port: number): Promise<number[]> {
  const found: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const line = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
    if (/^(?:[^\0]*\/)?rsync\0/.test(line) && line.includes(`127.0.0.1:${port}/`)) {
      found.push(Number(name));
    }
  }
  return found;
}

for (const store of STORES) {
  Deno.test(`rsync killed in the middle of a scan changes nothing on the ${store} store`, async () => {
    await using fault = await Fault.start(store, "rsync");
    await fault.change(100);
    Deno.kill(fault.rsyncd.pid, "SIGSTOP");
    const { ended } = await fault.begin();
    const clients = await waitFor(async () => {
      const pids = await rsyncClients(fault.rsyncd.port);
      return pids.length > 0 && pids;
    }, { what: "rsync" });
    for (const pid of clients) Deno.kill(pid, "SIGKILL");
    const { code, stderr } = await ended;
    Deno.kill(fault.rsyncd.pid, "SIGCONT");
    assertEquals(code, 1);
    assertStringIncludes(stderr, "scan error: scanning m1 failed: rsync: Killed by SIGKILL");
    await fault.isKnown(fault.before);
    await fault.scans();
  });

  Deno.test(`an FTP connection cut in the middle of a scan changes nothing on the ${store} store`, async () => {
    await using fault = await Fault.start(store, "ftp");
    await fault.change(100);
    fault.hang = "CWD /new";
    const { ended } = await fault.begin();
    await waitFor(() => fault.ftp.commands.at(-1) === "CWD /new", { what: "the second directory" });
    fault.ftp.drop();
    const { code, stderr } = await ended;
    assertEquals(code, 1);
    assertStringIncludes(stderr, 'FTP: Cannot list "/new": the server dropped the connection');
    await fault.isKnown(fault.before);
    fault.hang = "";
    await fault.scans();
  });

  Deno.test(`a stop ends a scan within a second on the ${store} store`, async () => {
    await using fault = await Fault.start(store, "rsync");
    Deno.kill(fault.rsyncd.pid, "SIGSTOP");
    const { ended } = await fault.begin();
    const start = performance.now();
    assertEquals(await fault.daemon.stop("SIGTERM"), 0);
    const passed = performance.now() - start;
    assertStringIncludes((await ended).stderr, "scan error: scanning m1 failed: aborted");
    assertEquals(await rsyncClients(fault.rsyncd.port), []);
    Deno.kill(fault.rsyncd.pid, "SIGCONT");
    // The end of everything else takes part of it.
    assert(passed < 10_000, `${passed} ms`);
    await fault.isKnown(fault.before);
  });

  Deno.test(`kill -9 in the middle of writing leaves old or new copies on the ${store} store`, async () => {
    await using fault = await Fault.start(store, "rsync");
    await fault.change(12_000);
    const { ended } = await fault.beginToWrite();
    await fault.daemon.stop("SIGKILL");
    await ended;
    const known = await fault.copies();
    if (store === "redis") assert(fault.isHalf(known), `${known.size} copies`);
    fault.release();
    for (const [path, size] of known) {
      assert(size === fault.before.get(path) || size === fault.now.get(path), `${path}: ${size}`);
    }
    for (const path of fault.before.keys()) {
      assert(known.has(path) || !fault.now.has(path), `${path} is lost`);
    }
    await fault.daemon.start();
    await fault.scans();
  });
}

Deno.test("Redis that stops in the middle of a scan changes nothing", async () => {
  await using fault = await Fault.start("redis", "rsync");
  await fault.change(100);
  Deno.kill(fault.rsyncd.pid, "SIGSTOP");
  const { ended } = await fault.begin();
  await fault.redis!.stop();
  Deno.kill(fault.rsyncd.pid, "SIGCONT");
  const { code, stderr } = await ended;
  assertEquals(code, 1);
  assertStringIncludes(stderr, "scan error");
  await fault.redis!.start();
  await fault.isKnown(fault.before);
  await fault.scans();
});

Deno.test("Redis that stops in the middle of writing leaves old or new copies", async () => {
  await using fault = await Fault.start("redis", "rsync");
  await fault.change(12_000);
  const { ended } = await fault.beginToWrite();
  await fault.redis!.stop();
  fault.release();
  await ended;
  await fault.redis!.start();
  const known = await fault.copies();
  assert(fault.isHalf(known), `${known.size} copies`);
  for (const [path, size] of known) {
    assert(size === fault.before.get(path) || size === fault.now.get(path), `${path}: ${size}`);
  }
  await fault.scans();
});
