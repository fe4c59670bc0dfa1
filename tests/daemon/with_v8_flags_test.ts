import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LIBC_PATHS } from "../../lib/config/libc_paths.ts";
import { V8_FLAGS } from "../../lib/config/v8_flags.ts";
import { type V8FlagsOptions, withV8Flags } from "../../lib/daemon/with_v8_flags.ts";
import { Daemon } from "../support/daemon.ts";
import { tempDir } from "../support/temp_dir.ts";

const FLAGS = V8_FLAGS.replace("--v8-flags=", "");

/** What came of it: the programs that would have taken over, and the variables then and afterwards. */
function run(
  commandLine: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  options: Partial<V8FlagsOptions> = {},
): { started: unknown[]; after: Record<string, string> } {
  const environment = new Map(Object.entries(variables));
  const started: unknown[] = [];
  withV8Flags({
    environment: {
      get: (name) => environment.get(name),
      set: (name, value) => void environment.set(name, value),
      delete: (name) => void environment.delete(name),
    },
    read: (path) => {
      assertEquals(path, "/proc/self/cmdline");
      return commandLine.map((arg) => `${arg}\0`).join("");
    },
    mayLoad: () => true,
    replace: (library, program, args) => {
      started.push([library, program, args, environment.get("DENO_V8_FLAGS")]);
      throw new Error("not here");
    },
    program: () => "/usr/bin/deno",
    ...options,
  });
  return { started, after: Object.fromEntries(environment) };
}

const PLAIN = ["deno", "run", "-A", "main.ts", "daemon", "-repository", "/srv/a b"];

Deno.test("a daemon without options of V8 starts anew with its own, wherever the C library is", () => {
  const { started, after } = run(PLAIN);
  assertEquals(started, LIBC_PATHS.map((path) => [path, "/usr/bin/deno", PLAIN, FLAGS]));
  assertEquals(after, {}, "where nothing took its place, it is as before");
});

Deno.test("it starts anew once, and programs that it runs do not get its options", () => {
  assertEquals(run(PLAIN, { DENO_V8_FLAGS: FLAGS }), { started: [], after: {} });
});

Deno.test("options that somebody gave stay", () => {
  const mine = { DENO_V8_FLAGS: "--max-semi-space-size=64" };
  assertEquals(run(PLAIN, mine), { started: [], after: mine });
  assertEquals(run(["deno", "run", V8_FLAGS, "main.ts", "daemon"]).started, []);
  assertEquals(run(["deno", "run", "--v8-flags=--trace-gc", "main.ts", "daemon"]).started, []);
});

Deno.test("a daemon that may not do that goes on as it is", () => {
  const denied = (): never => {
    throw new Deno.errors.NotCapable("no");
  };
  assertEquals(run(PLAIN, {}, { mayLoad: () => false }), { started: [], after: {} });
  assertEquals(run(PLAIN, {}, { read: denied }), { started: [], after: {} });
  assertEquals(run(PLAIN, {}, { program: denied }), { started: [], after: {} });
  assertEquals(run([]), { started: [], after: {} });
});

Deno.test("deno run -A: the process stays the same, and has the options", {
  ignore: Daemon.isExecutable || Deno.build.os !== "linux",
}, async () => {
  await using directory = await tempDir();
  const repository = `${directory.path}/repo site`;
  await Deno.mkdir(repository);
  await using daemon = new Daemon({
    directory: directory.path,
    config: { Repository: repository },
  });
  const main = new URL("../../main.ts", import.meta.url).pathname;
  daemon.command = [Deno.execPath(), "run", "-q", "--no-prompt", "-A", main];
  await daemon.start();
  const [environment, commandLine] = await Promise.all(
    ["environ", "cmdline"].map((name) => Deno.readTextFile(`/proc/${daemon.pid}/${name}`)),
  );
  assertStringIncludes(environment!, `DENO_V8_FLAGS=${FLAGS}`);
  assertStringIncludes(commandLine!, `\0-A\0${main}\0daemon\0`);
  assert((await daemon.get("/")).status < 500);
});
