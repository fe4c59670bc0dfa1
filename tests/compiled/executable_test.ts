import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { TOPICS } from "../../cli/topics.ts";
import { PLACES, writeFile } from "../e2e/sample.ts";
import { Daemon } from "../support/daemon.ts";
import { MirrorServer } from "../support/mirror_server.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

/** `deno task test:compiled` makes the executable and names it. */
const ignore = Deno.env.get("MIRRORBITS_EXECUTABLE") === undefined;

/** The user and the group nobody. */
const NOBODY = 65534;

const FILE = "/pool/file.iso";

async function chown(directory: string): Promise<void> {
  await Deno.chown(directory, NOBODY, NOBODY);
  for await (const entry of Deno.readDir(directory)) {
    const path = `${directory}/${entry.name}`;
    if (entry.isDirectory) await chown(path);
    else await Deno.chown(path, NOBODY, NOBODY);
  }
}

/** A daemon whose files are in `files` and `state`, started where there is nothing. */
async function start(
  directory: string,
  config: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Daemon> {
  for (const name of ["empty", "files", "home", "state"]) await Deno.mkdir(`${directory}/${name}`);
  await writeFile(`${directory}/repository`, FILE);
  const root = Deno.uid() === 0;
  if (root) await chown(directory);
  for (const name of ["empty", "home"]) {
    await Deno.chmod(`${directory}/${name}`, 0o555);
  }
  const daemon = new Daemon({
    directory: `${directory}/files`,
    config: {
      Repository: `${directory}/repository`,
      DatabasePath: `${directory}/state/mirrorbits.db`,
      LogDir: `${directory}/files`,
      ...config,
    },
    clearEnv: true,
    env,
    cwd: `${directory}/empty`,
    ...(root ? { uid: NOBODY } : {}),
  });
  await daemon.start();
  return daemon;
}

for (const home of [false, true]) {
  Deno.test({
    name: home
      ? "the executable serves with a home that cannot be written"
      : "the executable serves with an empty environment, in an empty directory",
    ignore,
    async fn() {
      await using directory = await tempDir();
      const tree = `${directory.path}/mirror`;
      await writeFile(tree, FILE);
      const env = home ? { HOME: `${directory.path}/home` } : {};
      await using daemon = await start(directory.path, {}, env);
      await using server = MirrorServer.start(tree);
      await using rsyncd = await RsyncDaemon.start({ mirror: tree });
      await daemon.ok("refresh");
      await daemon.ok("add", "-http", server.url, "-rsync", rsyncd.url("mirror"), "nl");
      await daemon.ok("edit", "nl", ...PLACES.nl.set.flatMap((field) => ["-set", field]));
      assertStringIncludes(await daemon.ok("scan", "-enable", "nl"), "1 files indexed");
      await waitFor(async () => (await daemon.get(FILE)).status === 302, { what: "a redirect" });
      assertEquals(
        (await daemon.get(FILE)).headers.get("location"),
        `${server.url}${FILE.slice(1)}`,
      );
      assertEquals((await daemon.get(`${FILE}?mirrorlist`)).status, 200);
      for (const untouched of ["empty", "home"]) {
        assertEquals(await Array.fromAsync(Deno.readDir(`${directory.path}/${untouched}`)), []);
      }
      assertEquals(await daemon.stop(), 0);
      assertStringIncludes(daemon.log, "Stopping on SIGTERM");
      assertEquals(/.*(Warning|Error): .*/i.exec(daemon.log)?.[0], undefined);
    },
  });
}

for (const Workers of ["auto", 0]) {
  Deno.test({
    name: `the executable gave up what its configuration did not name, with Workers: ${Workers}`,
    ignore,
    async fn() {
      await using directory = await tempDir();
      await using daemon = await start(directory.path, { Workers });
      daemon.configure({ Repository: "/etc" });
      const { code, stderr } = await daemon.cli("reload");
      assertEquals(code, 1);
      assertMatch(
        stderr,
        /Deno may not read "\/etc": run `mirrorbits upgrade` or start the program/,
      );
      assertEquals((await daemon.get(FILE)).status, 503);
      assertEquals((await daemon.get("/shadow")).status, 404);
    },
  });
}

Deno.test({
  name: "the executable ends when it is interrupted, and says why when it cannot start",
  ignore,
  async fn() {
    await using directory = await tempDir();
    await using daemon = await start(directory.path);
    const { code, stderr } = await new Deno.Command(Daemon.command[0], {
      args: ["daemon", "-repository", directory.path, "-listen", daemon.address],
      env: { MIRRORBITS_DATABASE_PATH: `${directory.path}/other.db` },
      clearEnv: true,
      stdin: "null",
    }).output();
    assertEquals(code, 1);
    assertMatch(new TextDecoder().decode(stderr), /the address is in use|RPC|Cannot listen/);
    assertEquals(await daemon.stop("SIGINT"), 0);
  },
});

Deno.test({
  name: "the executable keeps no code where others could put theirs",
  ignore,
  async fn() {
    await using directory = await tempDir();
    for (let count = 0; count < 2; count++) {
      const { success } = await new Deno.Command(Daemon.command[0], {
        args: ["-version"],
        env: { TMPDIR: directory.path, HOME: directory.path },
        clearEnv: true,
        stdin: "null",
      }).output();
      assertEquals(success, true);
    }
    assertEquals(await Array.fromAsync(Deno.readDir(directory.path)), []);
  },
});

Deno.test({
  name: "the executable has the pages of help with it",
  ignore,
  async fn() {
    const decoder = new TextDecoder();
    for (const { name } of TOPICS) {
      const { stdout, success } = await new Deno.Command(
        Deno.env.get("MIRRORBITS_EXECUTABLE") ?? "",
        { args: ["help", name], clearEnv: true },
      ).output();
      assertEquals([name, success], [name, true]);
      assertMatch(decoder.decode(stdout), /^# \S/);
    }
  },
});
