import { assert, assertEquals } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { freePort } from "../support/free_port.ts";
import { askOnce, IdleConnections } from "../support/idle_connections.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

/** Ways to listen: the address, and how many threads answer. */
const PLACES: Readonly<Record<string, [(directory: string) => string, number]>> = {
  "IPv4": [() => `127.0.0.1:${freePort()}`, 2],
  "IPv6": [() => `[::1]:${freePort()}`, 2],
  "the control thread": [() => `127.0.0.1:${freePort()}`, 0],
  "a Unix socket": [(directory) => `unix:${directory}/http.sock`, 1],
};

/** A daemon that may open so many files; what it says on standard error is kept in its directory. */
async function confined(
  directory: string,
  limit: number,
  { address, Workers }: { readonly address: string; readonly Workers: number },
): Promise<Daemon> {
  const repository = `${directory}/repository`;
  await Deno.mkdir(repository);
  const daemon = new Daemon({ directory, address, config: { Repository: repository, Workers } });
  const [program, ...args] = daemon.command;
  const script = `ulimit -n ${limit}; exec "$@" 2> "${directory}/stderr"`;
  daemon.command = ["/bin/sh", "-c", script, "sh", program, ...args];
  return daemon;
}

/** Has idle connections take all descriptors of a daemon, and waits until it has let go of them. */
async function starve(limit: number, name: string): Promise<void> {
  const [address, Workers] = PLACES[name]!;
  await using directory = await tempDir();
  const { path } = directory;
  await using daemon = await confined(path, limit, { address: address(path), Workers });
  await daemon.start();
  using idle = new IdleConnections(daemon.address);
  await idle.open(limit + 200);
  await waitFor(() => daemon.log.includes("connections are closed"), { what: "the warning" });
  // The clients do nothing about it: the daemon lets go of them.
  await waitFor(
    async () => (await askOnce(daemon.address, "/?healthz")).includes(" 200 "),
    { what: `an answer on ${name} while the connections are there` },
  );
  await idle.cut();
  assert(!daemon.log.includes("died and is replaced"), daemon.log);
  assertEquals((await daemon.cli("version")).code, 0);
  assertEquals(await daemon.stop(), 0);
}

for (const limit of [256, 1024]) {
  Deno.test(`idle connections take all of ${limit} descriptors, and are cut`, async () => {
    await Promise.all(Object.keys(PLACES).map((name) => starve(limit, name)));
  });
}

Deno.test("idle connections to the control API end nothing, and are cut", async () => {
  await using directory = await tempDir();
  const { path } = directory;
  const address = `127.0.0.1:${freePort()}`;
  await using daemon = await confined(path, 256, { address, Workers: 2 });
  await daemon.start();
  using idle = new IdleConnections(`127.0.0.1:${daemon.cliArgs[1]}`);
  await idle.open(400);
  await waitFor(() => daemon.log.includes("connections are closed"), { what: "the warning" });
  await waitFor(async () => (await daemon.cli("version")).code === 0, { what: "the control API" });
  await idle.cut();
  assertEquals(await daemon.stop(), 0);
});

Deno.test("a limit that idle connections reach soon is told at the start", async () => {
  await using directory = await tempDir();
  const { path } = directory;
  const address = `127.0.0.1:${freePort()}`;
  await using daemon = await confined(path, 1024, { address, Workers: 1 });
  await daemon.start();
  await waitFor(() => daemon.log.includes("Only 1024 files may be open at once"), {
    what: "the warning",
  });
});

/** Starts a daemon to which more connections come than it may open files, from the moment it listens on. */
async function startInACrowd(name: string): Promise<void> {
  const [address, Workers] = PLACES[name]!;
  await using directory = await tempDir();
  const { path } = directory;
  await using daemon = await confined(path, 256, { address: address(path), Workers });
  daemon.configure();
  using idle = new IdleConnections(daemon.address);
  const child = daemon.spawn();
  let ended = false;
  child.status.then(() => ended = true);
  const words = (): string => `${daemon.log}\n${Deno.readTextFileSync(`${path}/stderr`)}`;
  while (!ended && idle.size < 456) await idle.open(456 - idle.size);
  // A scan waits for descriptors, and who has not scanned yet is not ready.
  await waitFor(
    async () => ended || (await askOnce(daemon.address, "/?healthz")).startsWith("HTTP/1.1 "),
    { what: `an answer on ${name} while the connections are there` },
  );
  assert(!ended, words());
  await waitFor(async () => ended || (await daemon.cli("version")).code === 0, {
    what: "the control API",
  });
  assert(!ended, words());
  await idle.cut();
  assert(!daemon.log.includes("died and is replaced"), words());
  assertEquals(await daemon.stop(), 0, words());
}

Deno.test("a crowd that is there before the daemon is leaves it alive", async () => {
  await Promise.all(Object.keys(PLACES).map(startInACrowd));
});
