import { assert, assertEquals, assertMatch } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { writeFile } from "./sample.ts";

const mortal = new URL("../support/mortal_main.ts", import.meta.url).pathname;

/** A daemon that can be made to crash. */
async function start(
  directory: string,
  { args = [], env = {} }: {
    readonly args?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Daemon> {
  await writeFile(`${directory}/repository`, "/file.bin");
  const daemon = new Daemon({
    directory,
    args,
    env,
    config: {
      Repository: `${directory}/repository`,
      Workers: 2,
      Fallbacks: [{ URL: "http://fallback.example/", CountryCode: "", ContinentCode: "" }],
    },
  });
  daemon.command = [Deno.execPath(), "run", "--quiet", "--no-prompt", "-A", mortal];
  await daemon.start();
  return daemon;
}

Deno.test("an HTTP thread that crashes is replaced, and the log says so in one line", async () => {
  await using directory = await tempDir();
  await using daemon = await start(directory.path);
  const before = daemon.log.length;
  daemon.signal("SIGWINCH");
  await waitFor(() => daemon.log.includes("An HTTP thread died"), { what: "the crash" });
  await waitFor(async () => JSON.parse(await daemon.ok("health", "-json")).http.threads === 2, {
    what: "the thread to be replaced",
  });
  assertEquals((await daemon.get("/file.bin")).status, 302);
  const said = daemon.log.slice(before).split("\n").filter((line) => line.includes("Error"));
  assertEquals(said.length, 1, daemon.log);
  assertMatch(said[0]!, /Error: An HTTP thread died and is replaced: TypeError: /);
  assertEquals(await daemon.stop(), 0);
});

Deno.test("a crash of an HTTP thread breaks its own connections and no others, and every answer counts", async () => {
  await using directory = await tempDir();
  await using daemon = await start(directory.path);
  const [hostname, port] = daemon.address.split(":") as [string, string];
  const connect = (): Promise<Deno.TcpConn> => Deno.connect({ hostname, port: Number(port) });
  const connections = await Promise.all(Array.from({ length: 24 }, connect));
  assertEquals(await Promise.all(connections.map(isAnswered)), Array(24).fill(true));
  daemon.signal("SIGWINCH");
  await waitFor(() => daemon.log.includes("An HTTP thread died"), { what: "the crash" });
  const kept = (await Promise.all(connections.map(isAnswered))).filter((kept) => kept).length;
  // The system deals them out; that one of two threads gets all of 24 does not happen.
  assert(kept > 0 && kept < 24, `${kept} of 24 connections were kept`);
  for (const connection of connections) connection.close();
  await waitFor(async () => JSON.parse(await daemon.ok("health", "-json")).http.threads === 2, {
    what: "the thread to be replaced",
  });
  const later = await Promise.all(Array.from({ length: 24 }, connect));
  assertEquals(await Promise.all(later.map(isAnswered)), Array(24).fill(true));
  for (const connection of later) connection.close();
  const answered = 24 + kept + 24;
  await waitFor(async () => {
    const total = /Total[^\d]*(\d+)/i.exec(await daemon.ok("stats", "file", "/file.bin"))?.[1];
    return Number(total) === answered;
  }, { what: `${answered} downloads to be counted` });
});

/** Asks on a connection that stays open. @returns whether it is redirected */
async function isAnswered(connection: Deno.TcpConn): Promise<boolean> {
  try {
    await connection.write(new TextEncoder().encode("GET /file.bin HTTP/1.1\r\nHost: a\r\n\r\n"));
    const buffer = new Uint8Array(4096);
    const count = await connection.read(buffer);
    return new TextDecoder().decode(buffer.subarray(0, count ?? 0)).startsWith("HTTP/1.1 302 ");
  } catch {
    return false;
  }
}

const CRASHES: readonly {
  readonly what: string;
  readonly signal: Deno.Signal;
  readonly env?: Readonly<Record<string, string>>;
  readonly says: RegExp;
}[] = [
  {
    what: "an error that nobody caught",
    signal: "SIGURG",
    says: /Error: The control thread crashed: Thrown for the test$/,
  },
  {
    what: "a rejection that nobody handled",
    signal: "SIGTTIN",
    says: /Error: The control thread crashed: Rejected for the test$/,
  },
  {
    what: "an error on a control thread of its own",
    signal: "SIGWINCH",
    env: { MORTAL: "confined" },
    says: /Error: The control thread crashed: /,
  },
];

for (const { what, signal, env = {}, says } of CRASHES) {
  Deno.test(`${what} ends the daemon with one message`, async () => {
    await using directory = await tempDir();
    await using daemon = await start(directory.path, { env });
    const before = daemon.log.length;
    assertEquals(await daemon.stop(signal), 1);
    const said = daemon.log.slice(before).trimEnd().split("\n");
    assertEquals(said.length, 1, daemon.log);
    assertMatch(said[0]!, says);
  });
}

Deno.test("with -debug a crash shows where it happened", async () => {
  await using directory = await tempDir();
  await using daemon = await start(directory.path, { args: ["-debug"] });
  assertEquals(await daemon.stop("SIGURG"), 1);
  assertMatch(
    daemon.log,
    /Error: The control thread crashed: Thrown for the test\n.*mortal_main\.ts/,
  );
});
