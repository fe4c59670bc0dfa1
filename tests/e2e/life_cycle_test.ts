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
  assertEquals(await ask(), "200 ok");
  assertEquals(await daemon.stop(), 0);
  // Nothing of this is a download.
  const lines = Deno.readTextFileSync(`${directory.path}/downloads.log`).split("\n");
  assertEquals(lines.filter((line) => line.includes("healthz")), []);
});

/** Asks for a file on a store that does not answer now, so that the request stays under way. */
async function slowRequest(
  daemon: Daemon,
  redis: RedisServer,
): Promise<{ readonly answer: Promise<Response> }> {
  redis.signal("SIGSTOP");
  const answer = daemon.get("/file.bin");
  answer.catch(() => {});
  // The request is on its way before anything else is.
  await daemon.get("/?healthz");
  return { answer };
}

Deno.test("a request under way is finished before the daemon stops", async () => {
  await using directory = await tempDir();
  await using redis = await RedisServer.start();
  await using daemon = await create(directory.path, {
    RedisAddress: `127.0.0.1:${redis.port}`,
    Workers: 1,
  });
  await daemon.start();
  await waitFor(async () => (await daemon.get("/?healthz")).ok, { what: "the first scan" });
  const { answer } = await slowRequest(daemon, redis);
  const stopped = daemon.stop("SIGQUIT");
  await waitFor(() => daemon.log.includes("Stopping on SIGQUIT"), { what: "the stop" });
  redis.signal("SIGCONT");
  assertEquals((await answer).status, 302);
  assertEquals(await stopped, 0);
});

Deno.test("a client that never finishes its request does not keep the daemon from stopping", async () => {
  await using directory = await tempDir();
  await using daemon = await create(directory.path, { Workers: 1 });
  await daemon.start();
  const [hostname, port] = daemon.address.split(":") as [string, string];
  using connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode("GET /file.bin HTTP/1.1\r\nHost: a\r\n"));
  const start = performance.now();
  assertEquals(await daemon.stop("SIGTERM"), 0);
  assert(performance.now() - start < 14_000, `${performance.now() - start} ms`);
});

Deno.test("a second SIGINT ends the daemon at once", async () => {
  await using directory = await tempDir();
  await using redis = await RedisServer.start();
  await using daemon = await create(directory.path, {
    RedisAddress: `127.0.0.1:${redis.port}`,
    Workers: 1,
  });
  await daemon.start();
  await waitFor(async () => (await daemon.get("/?healthz")).ok, { what: "the first scan" });
  const { answer } = await slowRequest(daemon, redis);
  daemon.signal("SIGINT");
  await waitFor(() => daemon.log.includes("Stopping on SIGINT"), { what: "the stop" });
  const start = performance.now();
  assertEquals(await daemon.stop("SIGINT"), 130);
  assert(performance.now() - start < 2_000, `${performance.now() - start} ms`);
  await answer.catch(() => {});
  redis.signal("SIGCONT");
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
  assertEquals(Number(Deno.readTextFileSync(file)), daemon.pid);
  assertEquals(await daemon.stop(), 0);
  assertEquals(exists(), false);
  await daemon.start();
  Deno.writeTextFileSync(file, "1\n");
  assertEquals(await daemon.stop(), 0);
  assertEquals(Deno.readTextFileSync(file), "1\n");
  // A directory cannot be written: the daemon says so, and runs without.
  Deno.removeSync(file);
  Deno.mkdirSync(file);
  await daemon.start();
  assertMatch(daemon.log, /Warning: Cannot write the PID file "\S+\/pid": /);
  assertEquals(await daemon.stop(), 0);
});
