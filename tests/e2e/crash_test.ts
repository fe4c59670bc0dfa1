import { assertEquals, assertMatch } from "@std/assert";
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
