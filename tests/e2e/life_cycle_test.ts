import { assert, assertEquals, assertMatch } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { NotifyReceiver } from "../support/notify_receiver.ts";
import { RedisServer } from "../support/redis_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { writeFile } from "./sample.ts";

const FALLBACKS = [{ URL: "http://fallback.example/", CountryCode: "", ContinentCode: "" }];

/** A daemon with one file and a fallback. */
async function create(
  directory: string,
  config: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Daemon> {
  await writeFile(`${directory}/repository`, "/file.bin");
  return new Daemon({
    directory,
    env,
    config: { Repository: `${directory}/repository`, Fallbacks: FALLBACKS, ...config },
  });
}

Deno.test("the service manager is told of start, reload, life and stop", async () => {
  await using directory = await tempDir();
  const NOTIFY_SOCKET = `${directory.path}/notify.sock`;
  await using receiver = new NotifyReceiver(NOTIFY_SOCKET);
  await using daemon = await create(directory.path, { Workers: 2 }, {
    NOTIFY_SOCKET,
    WATCHDOG_USEC: "200000",
  });
  await daemon.start();
  const [ready] = await receiver.waitFor("READY=1");
  assertEquals(ready, `READY=1\nSTATUS=Listening on ${daemon.address} with 2 threads`);
  await receiver.waitFor("WATCHDOG=1", 3);
  daemon.configure({ Workers: 1 });
  daemon.signal("SIGHUP");
  await receiver.waitFor("RELOADING=1\n");
  const [, after] = await receiver.waitFor("READY=1", 2);
  assertMatch(after!, /with 1 thread/);
  // A reload that is refused ends, too.
  daemon.configure({ OutputMode: "sideways" });
  assertEquals((await daemon.cli("reload")).code, 1);
  await receiver.waitFor("READY=1", 3);
  assertEquals(await daemon.stop(), 0);
  await receiver.waitFor("STOPPING=1");
  assertMatch(receiver.messages.at(-1)!, /^STOPPING=1/);
});

Deno.test("a socket of the service manager that cannot be used is one line", async () => {
  await using directory = await tempDir();
  await using daemon = await create(directory.path, {}, {
    NOTIFY_SOCKET: `${directory.path}/nobody.sock`,
    LISTEN_FDS: "1",
  });
  await daemon.start();
  await waitFor(() => daemon.log.includes("Cannot tell the service manager"), { what: "a line" });
  assertMatch(daemon.log, /Warning: The service manager passed 1 open sockets, which are not used/);
  await daemon.ok("reload");
  assertEquals(await daemon.stop(), 0);
  assertEquals(daemon.log.split("Cannot tell the service manager").length, 2);
});

Deno.test("a load balancer is told when requests can be answered", async () => {
  await using directory = await tempDir();
  await using redis = await RedisServer.start();
  await redis.stop();
  await using daemon = await create(directory.path, {
    RedisAddress: `127.0.0.1:${redis.port}`,
    LogDir: directory.path,
  });
  await daemon.start();
  const ask = async (): Promise<string> => {
    const response = await daemon.get("/?healthz");
    return `${response.status} ${(await response.text()).trim()}`;
  };
  assertEquals(await ask(), "503 the store has not been reached yet");
  const health = await daemon.cli("health");
  assertEquals(health.code, 1);
  assertMatch(health.stdout, /^Ready: +no, the store has not been reached yet\n/);
  await redis.start();
  await waitFor(async () => await ask() === "200 ok", { what: "the node to be ready" });
  assertMatch(await daemon.ok("health"), /^Ready: +yes\n[^]*\nSource: +1 files, scanned /);
  await redis.stop();
  // What is known is served on.
  await daemon.get("/file.bin");
  await waitFor(async () => await ask() === "200 ok, but: the store cannot be reached", {
    what: "the outage to be seen",
  });
  assertEquals(await daemon.stop(), 0);
  // Nothing of this is a download.
  const lines = Deno.readTextFileSync(`${directory.path}/downloads.log`).split("\n");
  assertEquals(lines.filter((line) => line.includes("healthz")), []);
});

/** A request for a file on a store that does not answer now, so that it stays under way. */
class SlowRequest implements AsyncDisposable {
  readonly #resources: AsyncDisposableStack;

  private constructor(
    readonly daemon: Daemon,
    readonly redis: RedisServer,
    readonly answer: Promise<Response>,
    resources: AsyncDisposableStack,
  ) {
    this.#resources = resources;
  }

  static async start(): Promise<SlowRequest> {
    await using stack = new AsyncDisposableStack();
    const directory = stack.use(await tempDir());
    const redis = stack.use(await RedisServer.start());
    const daemon = stack.use(
      await create(directory.path, { RedisAddress: `127.0.0.1:${redis.port}`, Workers: 1 }),
    );
    await daemon.start();
    await waitFor(async () => (await daemon.get("/?healthz")).ok, { what: "the first scan" });
    redis.signal("SIGSTOP");
    const answer = daemon.get("/file.bin");
    answer.catch(() => {});
    // The request is on its way before anything else is.
    await daemon.get("/?healthz");
    return new SlowRequest(daemon, redis, answer, stack.move());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.redis.signal("SIGCONT");
    await this.#resources.disposeAsync();
  }
}

Deno.test("a request under way is finished before the daemon stops", async () => {
  await using slow = await SlowRequest.start();
  const { daemon, redis, answer } = slow;
  const stopped = daemon.stop("SIGQUIT");
  await waitFor(() => daemon.log.includes("Stopping on SIGQUIT"), { what: "the stop" });
  redis.signal("SIGCONT");
  assertEquals((await answer).status, 302);
  assertEquals(await stopped, 0);
});

Deno.test("clients that never finish their requests keep the daemon from stopping for less than 10 s", async () => {
  await using directory = await tempDir();
  await using daemon = await create(directory.path, { Workers: 1 });
  await daemon.start();
  const [hostname, port] = daemon.address.split(":") as [string, string];
  using connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode("GET /file.bin HTTP/1.1\r\nHost: a\r\n"));
  using command = await Deno.connect({ hostname, port: Number(daemon.cliArgs[1]) });
  await command.write(
    new TextEncoder().encode(
      `POST /api/v1/mirrors HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: 100\r\n\r\n{`,
    ),
  );
  // Both are on their way before the end is.
  await daemon.get("/?healthz");
  await daemon.ok("version");
  const start = performance.now();
  assertEquals(await daemon.stop("SIGTERM"), 0);
  assert(performance.now() - start < 30_000, `${performance.now() - start} ms`);
});

Deno.test("a store that never answers keeps the daemon from stopping for less than 10 s", async () => {
  await using slow = await SlowRequest.start();
  const { daemon, answer } = slow;
  const command = daemon.cli("list");
  const start = performance.now();
  assertEquals(await daemon.stop("SIGTERM"), 0);
  assert(performance.now() - start < 30_000, `${performance.now() - start} ms`);
  assertEquals((await command).code, 1);
  await answer.catch(() => {});
});

Deno.test("a second SIGINT ends the daemon at once", async () => {
  await using slow = await SlowRequest.start();
  const { daemon, answer } = slow;
  daemon.signal("SIGINT");
  await waitFor(() => daemon.log.includes("Stopping on SIGINT"), { what: "the stop" });
  assertEquals(await daemon.stop("SIGINT"), 130);
  await answer.catch(() => {});
});

Deno.test("the PID file is written once requests are answered, and removed only if it is ours", async () => {
  await using directory = await tempDir();
  const file = `${directory.path}/pid`;
  const exists = (): boolean => {
    try {
      return Deno.statSync(file).isFile;
    } catch {
      return false;
    }
  };
  await using daemon = await create(directory.path);
  await daemon.start();
  // Clients are answered a moment before it is written.
  const written = async (): Promise<void> => {
    await waitFor(() => daemon.pidFile === `${daemon.pid}`, { what: "the PID file" });
  };
  await written();
  assertEquals(await daemon.stop(), 0);
  assertEquals(exists(), false);
  await daemon.start();
  await written();
  Deno.writeTextFileSync(file, "1\n");
  assertEquals(await daemon.stop(), 0);
  assertEquals(Deno.readTextFileSync(file), "1\n");
  // A directory cannot be written: the daemon says so, and runs without.
  Deno.removeSync(file);
  Deno.mkdirSync(file);
  await daemon.start();
  await waitFor(() => daemon.log.includes("Cannot write the PID file"), { what: "the warning" });
  assertMatch(daemon.log, /Warning: Cannot write the PID file "\S+\/pid": /);
  assertEquals(await daemon.stop(), 0);
});
