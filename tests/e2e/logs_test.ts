import { assert, assertEquals } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { SmallDisk } from "../support/small_disk.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { writeFile } from "./sample.ts";

/** A daemon whose download log lies in `LogDir`. */
async function start(directory: string, LogDir: string): Promise<Daemon> {
  await writeFile(`${directory}/repository`, "/file.bin");
  const daemon = new Daemon({
    directory,
    config: {
      Repository: `${directory}/repository`,
      LogDir,
      Workers: 2,
      Fallbacks: [{ URL: "http://fallback.example/", CountryCode: "", ContinentCode: "" }],
    },
  });
  await daemon.start();
  await waitFor(async () => (await daemon.get("/?healthz")).ok, { what: "the first scan" });
  return daemon;
}

/** Asks over and over, each time from another address, by which a line can be told from others. */
class Crowd {
  /** Milliseconds that the slowest answer took. */
  slowest = 0;
  #asked = 0;
  #stopped = false;
  readonly #running: Promise<unknown>;

  readonly #daemon: Daemon;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
    this.#running = Promise.all(Array.from({ length: 4 }, () => this.#run()));
    // Whoever stops the crowd hears of it.
    this.#running.catch(() => {});
  }

  /** How many requests were sent. */
  get asked(): number {
    return this.#asked;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const start = performance.now();
      const address = addressOf(this.#asked++);
      const { status } = await this.#daemon.get("/file.bin", { "X-Forwarded-For": address });
      assertEquals(status, 302);
      this.slowest = Math.max(this.slowest, performance.now() - start);
    }
  }

  /** Waits until so many more were answered. */
  async more(count: number): Promise<void> {
    const { asked } = this;
    await waitFor(() => this.#asked >= asked + count + 4, { what: `${count} more answers` });
  }

  /** @returns how many asked */
  async stop(): Promise<number> {
    this.#stopped = true;
    await this.#running;
    return this.#asked;
  }
}

function addressOf(number: number): string {
  return `20.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
}

/** The addresses in a download log, one for each line about the file. */
function addresses(text: string): string[] {
  return text.split("\n").filter((line) => line.includes("/file.bin")).map((line) =>
    /^\S+ \S+ REDIRECT 302 GET "\/file\.bin" ip:(\S+) /.exec(line)?.[1] ?? line
  );
}

Deno.test("no line is lost or doubled while the logs are rotated 100 times", async () => {
  await using directory = await tempDir();
  const { path } = directory;
  await using daemon = await start(path, path);
  const files = ["downloads.log", "daemon.log"];
  const read = (name: string): string => {
    try {
      return Deno.readTextFileSync(`${path}/${name}`);
    } catch {
      return "";
    }
  };
  const crowd = new Crowd(daemon);
  for (let turn = 1; turn <= 100; turn++) {
    for (const file of files) Deno.renameSync(`${path}/${file}`, `${path}/${file}.${turn}`);
    daemon.signal("SIGUSR1");
    await waitFor(() => read("daemon.log").includes("Logs reopened"), { what: "the new logs" });
    await crowd.more(5);
  }
  const asked = await crowd.stop();
  assertEquals(await daemon.stop(), 0);
  const whole = (file: string): string =>
    Array.from({ length: 100 }, (_, index) => read(`${file}.${index + 1}`)).join("") + read(file);
  const found = addresses(whole("downloads.log"));
  assertEquals(found.toSorted(), Array.from({ length: asked }, (_, n) => addressOf(n)).toSorted());
  assertEquals(whole("daemon.log").split("Logs reopened").length, 1 + 100);
});

/** What the log says of the download log. */
function said(daemon: Daemon): string[] {
  return [...daemon.log.matchAll(/(Cannot write|Writing) the download log.*/g)].map(([, what]) =>
    what!
  );
}

Deno.test("a full disk keeps no request waiting, and no line is lost once there is room", async (test) => {
  await using directory = await tempDir();
  await using disk = await SmallDisk.mount(`${directory.path}/log`);
  await test.step({
    name: "on a small disk",
    // It takes a user who may mount one.
    ignore: disk === null,
    async fn() {
      await using daemon = await start(directory.path, disk!.path);
      const crowd = new Crowd(daemon);
      await crowd.more(20);
      await disk!.fill();
      await waitFor(() => said(daemon).length > 0, { what: "the log to say so" });
      await crowd.more(100);
      assertEquals(said(daemon), ["Cannot write"]);
      const asked = await crowd.stop();
      await disk!.empty();
      await waitFor(() => said(daemon).length > 1, { what: "the log to say so" });
      assertEquals(said(daemon), ["Cannot write", "Writing"]);
      assert(crowd.slowest < 10_000, `${crowd.slowest} ms`);
      assertEquals(await daemon.stop(), 0);
      const found = addresses(Deno.readTextFileSync(`${disk!.path}/downloads.log`));
      assertEquals(
        found.toSorted(),
        Array.from({ length: asked }, (_, n) => addressOf(n)).toSorted(),
      );
    },
  });
});

Deno.test("a directory that was removed keeps no request waiting, and the log comes back", async () => {
  await using directory = await tempDir();
  const log = `${directory.path}/log`;
  await Deno.mkdir(log);
  await using daemon = await start(directory.path, log);
  const crowd = new Crowd(daemon);
  await crowd.more(20);
  await Deno.remove(log, { recursive: true });
  await waitFor(() => said(daemon).length > 0, { what: "the log to say so" });
  const { asked: first } = crowd;
  await crowd.more(100);
  await Deno.mkdir(log);
  await waitFor(() => said(daemon).length > 1, { what: "the log to say so" });
  assertEquals(said(daemon), ["Cannot write", "Writing"]);
  const asked = await crowd.stop();
  assert(crowd.slowest < 10_000, `${crowd.slowest} ms`);
  assertEquals(await daemon.stop(), 0);
  const found = new Set(addresses(Deno.readTextFileSync(`${log}/downloads.log`)));
  const missing = Array.from({ length: asked - first }, (_, n) => addressOf(first + n))
    .filter((address) => !found.has(address));
  assertEquals(missing, []);
});

Deno.test("nobody has to read standard error for the daemon to go on, and to stop", async () => {
  await using directory = await tempDir();
  const { path } = directory;
  await writeFile(`${path}/repository`, "/file.bin");
  await using daemon = new Daemon({
    directory: path,
    config: { Repository: `${path}/repository` },
  });
  daemon.configure();
  const [program, ...args] = Daemon.command;
  const child = new Deno.Command(program, {
    args: [...args, "daemon", "-config", `${path}/mirrorbits.conf`, "-p", `${path}/pid`],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  try {
    await waitFor(() => daemon.pidFile !== null, { what: "the daemon to serve" });
    // Each reload warns of each key. A pipe holds 65 536 bytes.
    const keys = Array.from({ length: 50 }, (_, index) => `${"X".repeat(900)}${index}`);
    daemon.configure(Object.fromEntries(keys.map((key) => [key, 1])));
    for (let count = 0; count < 5; count++) await daemon.ok("reload");
    assertEquals((await daemon.get("/?healthz")).status, 200);
    await daemon.ok("list");
    child.kill("SIGTERM");
    assertEquals((await child.status).code, 0);
  } finally {
    if (daemon.pidFile !== null) child.kill("SIGKILL");
    await child.stderr.cancel();
  }
});
