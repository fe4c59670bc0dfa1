import { systemClock } from "../../lib/daemon/system_clock.ts";
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import type { ListedFile } from "../../lib/catalog/file.ts";
import { ListingError } from "../../lib/scan/lister.ts";
import { RsyncLister } from "../../lib/scan/rsync_lister.ts";
import { freePort } from "../support/free_port.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { tlsFront } from "../support/tls_front.ts";
import { waitFor } from "../support/wait_for.ts";
import { collect, ODD_NAMES, writeFile, writeOddFiles } from "./listed_files.ts";

const TIME = 1_700_000_000_000;
const forever = new AbortController().signal;

const write = (root: string, path: string): Promise<void> => writeFile(root, path, 3, TIME);

/** Processes whose command line names this port. */
async function clients(port: number): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const line = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
    if (line.includes(`127.0.0.1:${port}/`)) found.push(line);
  }
  return found;
}

Deno.test("RsyncLister lists files with size and time, whatever their names", async () => {
  await using root = await tempDir();
  const names = [...ODD_NAMES, "new\nline", "tab\tname", "bh\\#303q"];
  const expected = await writeOddFiles(root.path, names, TIME);
  await using rsyncd = await RsyncDaemon.start({ mod: root.path });

  const listing = new RsyncLister({ clock: systemClock }).list(rsyncd.url("mod"), forever);
  assertEquals(await collect(listing), expected);
  assertEquals(listing.precision(), 1000);
  assertEquals(listing.warnings(), []);
});

Deno.test("RsyncLister skips names that are not UTF-8, with a warning", async () => {
  await using root = await tempDir();
  await write(root.path, "good");
  const args = ["-c", `printf x > "$(printf 'bad\\377name')"`];
  await new Deno.Command("sh", { args, cwd: root.path }).output();
  await using rsyncd = await RsyncDaemon.start({ mod: root.path });
  const listing = new RsyncLister({ clock: systemClock }).list(rsyncd.url("mod"), forever);
  assertEquals((await collect(listing)).map(({ path }) => path), ["/good"]);
  assertEquals(listing.warnings().length, 1);
  assertStringIncludes(listing.warnings()[0]!, "not valid UTF-8");
});

Deno.test("RsyncLister uses user and password, and never on the command line", async () => {
  await using root = await tempDir();
  await write(root.path, "file");
  const auth = { user: "lister", password: "p@ss wörd" };
  await using rsyncd = await RsyncDaemon.start({ mod: root.path }, { auth });
  const login = `lister:${encodeURIComponent(auth.password)}@`;
  const url = rsyncd.url("mod").replace("//", `//${login}`);
  assertEquals(
    (await collect(new RsyncLister({ clock: systemClock }).list(url, forever))).length,
    1,
  );

  Deno.kill(rsyncd.pid, "SIGSTOP");
  const stop = new AbortController();
  const listing = collect(new RsyncLister({ clock: systemClock }).list(url, stop.signal));
  const lines = await waitFor(async () => {
    const found = await clients(rsyncd.port);
    return found.length > 0 && found;
  }, { what: "the client" });
  stop.abort(new Error("Enough"));
  await assertRejects(() => listing, Error, "Enough");
  Deno.kill(rsyncd.pid, "SIGCONT");
  for (const line of lines) assert(!line.includes("p@ss") && !line.includes("p%40ss"), line);
});

Deno.test("RsyncLister says what failed", async () => {
  await using root = await tempDir();
  const auth = { user: "lister", password: "right" };
  await using rsyncd = await RsyncDaemon.start({ mod: root.path }, { auth });
  const failure = async (url: string): Promise<string> => {
    const { message } = await assertRejects(
      () => collect(new RsyncLister({ clock: systemClock }).list(url, forever)),
      ListingError,
    );
    assert(!message.includes("wrong"), message);
    return message;
  };
  const wrong = rsyncd.url("mod").replace("//", "//lister:wrong@");
  assertMatch(await failure(wrong), /^rsync: Error starting client-server protocol \(auth failed/);
  assertMatch(
    await failure(rsyncd.url("nothere")),
    /^rsync: Error starting client-server protocol \(Unknown module 'nothere'\)/,
  );
  // No password and no terminal: it must not ask.
  assertMatch(
    await failure(rsyncd.url("mod").replace("//", "//lister@")),
    /^rsync: Error starting client-server protocol/,
  );
  assertMatch(
    await failure(`rsync://127.0.0.1:${freePort()}/mod/`),
    /^rsync: Error in socket I\/O/,
  );
  assertStringIncludes(
    await failure("http://127.0.0.1/"),
    "http://127.0.0.1/ does not start with rsync:// or rsyncs://",
  );
});

Deno.test("RsyncLister fails when the daemon dies in the middle", async () => {
  await using root = await tempDir();
  for (let index = 0; index < 20_000; index++) {
    const folder = `${root.path}/${index % 100}`;
    if (index < 100) Deno.mkdirSync(folder);
    Deno.writeTextFileSync(`${folder}/a-rather-long-file-name-${index}`, "");
  }
  await using rsyncd = await RsyncDaemon.start({ mod: root.path });
  const { files } = new RsyncLister({ clock: systemClock }).list(rsyncd.url("mod"), forever);
  let listed = 0;
  await assertRejects(
    async () => {
      for await (const batch of files) {
        listed += batch.length;
        // The daemon serves each client from a process of its own.
        for (const child of await childrenOf(rsyncd.pid)) kill(child);
      }
    },
    ListingError,
    "rsync: ",
  );
  assert(listed > 0 && listed < 20_000, `${listed} files`);
});

Deno.test("RsyncLister stops rsync when it is aborted, and when nobody reads on", async () => {
  await using root = await tempDir();
  for (let index = 0; index < 5000; index++) Deno.writeTextFileSync(`${root.path}/${index}`, "");
  await using rsyncd = await RsyncDaemon.start({ mod: root.path });
  const stop = new AbortController();
  const { files } = new RsyncLister({ clock: systemClock }).list(rsyncd.url("mod"), stop.signal);
  await assertRejects(
    async () => {
      for await (const _ of files) stop.abort(new Error("Enough"));
    },
    Error,
    "Enough",
  );
  assertEquals(await clients(rsyncd.port), []);

  for await (
    const _ of new RsyncLister({ clock: systemClock }).list(rsyncd.url("mod"), forever).files
  ) break;
  assertEquals(await clients(rsyncd.port), []);
});

Deno.test("RsyncLister ends an rsync that is silent, and one that does not want to end", async () => {
  const start = performance.now();
  {
    await using silent = await scripted(`
      yes -- '-rw-r--r--              1 2023/11/14 22:13:20 file' | head -n 2000
      exec sleep 300
    `);
    for await (const _ of silent.lister.list("rsync://host/mod/", forever).files) break;
  }
  {
    await using stubborn = await scripted(`
      trap '' TERM
      echo '-rw-r--r--              1 2023/11/14 22:13:20 file'
      exec sleep 300
    `);
    const stop = new AbortController();
    const { files } = stubborn.lister.list("rsync://host/mod/", stop.signal);
    const listing = assertRejects(() => Array.fromAsync(files), Error, "Enough");
    // So that the trap is set.
    await new Promise((resolve) => setTimeout(resolve, 200));
    stop.abort(new Error("Enough"));
    await listing;
  }
  assert(performance.now() - start < 60_000);
});

Deno.test("RsyncLister takes a partial listing with warnings", async () => {
  const { files, warnings, unread } = await runScript(`
    echo '-rw-r--r--              1 2023/11/14 22:13:20 file'
    echo 'rubbish'
    echo 'rsync: [sender] opendir "/secret" (in mod) failed: Permission denied (13)' >&2
    echo 'rsync error: some files/attrs were not transferred (code 23) at main.c(1954)' >&2
    exit 23
  `);
  assertEquals(files.length, 1);
  assertEquals(warnings, [
    'It is no line of a listing: "rubbish"',
    '[sender] opendir "/secret" (in mod) failed: Permission denied (13)',
  ]);
  assertEquals(unread, ["/secret"]);
});

Deno.test("RsyncLister warns of files that vanished, and takes the rest for the whole", async () => {
  const { files, warnings, unread } = await runScript(`
    echo '-rw-r--r--              1 2023/11/14 22:13:20 file'
    echo 'file has vanished: "/gone" (in mod)' >&2
    echo 'rsync warning: some files vanished before they could be transferred (code 24) at x' >&2
    exit 24
  `);
  assertEquals(files.length, 1);
  assertEquals(warnings, ['file has vanished: "/gone" (in mod)']);
  assertEquals(unread, []);
});

Deno.test("RsyncLister gives rsync what it needs, and the password by environment alone", async () => {
  // A name has no empty segments, as the URL would.
  const tell = `
    printf '%s' '-rw-r--r--              1 2023/11/14 22:13:20 '
    echo "\${0##*/} $* $TZ $LC_ALL $RSYNC_PASSWORD" | tr / _
  `;
  for (
    const [url, told] of [
      [
        "rsync://u:p%40ss@host/mod/a b/",
        "rsync -r --no-motd --exclude=.~tmp~/ --timeout=30 --contimeout=30" +
        " rsync://u@host/mod/a b/ UTC C p@ss",
      ],
      [
        "rsyncs://host/mod/",
        "rsync-ssl -r --no-motd --exclude=.~tmp~/ --timeout=60 rsync://host/mod/ UTC C ",
      ],
    ] as const
  ) {
    const { files, error } = await runScript(tell, url);
    assertEquals([error, files[0]?.path], [null, `/${told.replaceAll("/", "_")}`]);
  }
});

Deno.test("RsyncLister tells complaints on one line, without the password, and not at any length", async () => {
  const { error } = await runScript(
    `
    printf 'rsync: \\033[2J%s\\001 and %01000d\\n' "$RSYNC_PASSWORD" 7 >&2
    exit 5
  `,
    "rsync://u:secret@host/mod/",
  );
  assertMatch(
    error ?? "",
    /^rsync: Error starting client-server protocol \( \[2J\*\*\* {2}and 0{200,}\)$/,
  );
});

Deno.test("RsyncLister reports and skips hostile lines", async () => {
  const { files, warnings } = await runScript(`
    line() { printf -- '-rw-r--r-- %14s %s %b\\n' "$1" "$2" "$3"; }
    line 1 '2023/11/14 22:13:20' good
    line 1 '2023/11/14 22:13:20' ../up
    line 1 '2023/11/14 22:13:20' /etc/passwd
    line 1 '2023/11/14 22:13:20' 'a/\\\\#056\\\\#056/b'
    line 1 '2023/11/14 22:13:20' 'nul\\\\#000'
    line -1 '2023/11/14 22:13:20' negative
    line 99999999999999999 '2023/11/14 22:13:20' huge
    line 1 '2023/02/30 22:13:20' day
    line 1 '2023/11/14 25:13:20' hour
    printf 'rub\\033[2Jb\\302\\2332Jish\\n'
    head -c 1000000 /dev/zero | tr '\\0' x
    echo
    line 1 '2023/11/14 22:13:20' 'esc\\033[2Jape'
    line 1 '2023/11/14 22:13:20' last
  `);
  assertEquals(files.map(({ path }) => path), ["/good", "/esc\u001b[2Jape", "/last"]);
  assertEquals(warnings.length, 10, warnings.join("\n"));
  for (const warning of warnings) {
    assert(warning.length < 400 && !/\p{Cc}/u.test(warning), warning);
  }
  assert(warnings.includes("A line is too long to be a file"));
});

Deno.test("RsyncLister names what a real daemon could not read", async () => {
  await using root = await tempDir();
  for (const path of ["pub/file", "pub/secret/file", "pub/a b/file"]) await write(root.path, path);
  await Deno.chmod(root.path, 0o755);
  await using rsyncd = await RsyncDaemon.start({ mod: root.path }, { unprivileged: true });
  if (Deno.uid() !== 0) await Deno.chmod(`${root.path}/pub/secret`, 0o000);
  else await Deno.chmod(`${root.path}/pub/secret`, 0o700);
  try {
    const listing = new RsyncLister({ clock: systemClock }).list(
      `${rsyncd.url("mod")}pub/`,
      forever,
    );
    assertEquals((await collect(listing)).map(({ path }) => path), ["/a b/file", "/file"]);
    assertEquals(listing.unread?.(), ["/secret"]);
    assertEquals(listing.warnings().length, 1);
    for (const path of ["pub/secret/", "pub/none/"]) {
      await assertRejects(
        () =>
          collect(
            new RsyncLister({ clock: systemClock }).list(`${rsyncd.url("mod")}${path}`, forever),
          ),
        ListingError,
        "rsync: Nothing could be listed (",
      );
    }
  } finally {
    await Deno.chmod(`${root.path}/pub/secret`, 0o700);
  }
});

Deno.test("RsyncLister says that rsync is not installed", async () => {
  await using empty = await tempDir();
  const { stdout } = await runIsolated(["--allow-run"], empty.path);
  assertStringIncludes(JSON.parse(stdout).error, "install the package rsync");
});

Deno.test("RsyncLister names the missing permission", async () => {
  const { stdout } = await runIsolated([], "/usr/bin:/bin");
  assertStringIncludes(JSON.parse(stdout).error, "--allow-run=rsync");
});

Deno.test("RsyncLister runs with nothing but --allow-run=rsync", async () => {
  const { stdout } = await runIsolated(["--allow-run=rsync"], "/usr/bin:/bin");
  assertStringIncludes(JSON.parse(stdout).error, "rsync: Error in socket I/O");
});

Deno.test("RsyncLister lists over TLS with rsyncs://", async () => {
  await using root = await tempDir();
  await write(root.path, "file");
  await using rsyncd = await RsyncDaemon.start({ mod: root.path });
  await using front = await tlsFront(rsyncd.port);
  const lister = new RsyncLister({
    clock: systemClock,
    environment: { RSYNC_SSL_CA_CERT: front.certificateFile },
  });
  const listing = lister.list(`rsyncs://localhost:${front.port}/mod/`, forever);
  assertEquals((await collect(listing)).map(({ path }) => path), ["/file"]);
});

/** What came of a listing. */
interface Outcome {
  readonly files: readonly ListedFile[];
  readonly warnings: readonly string[];
  readonly unread: readonly string[];
  readonly error: string | null;
}

/** A lister with a shell script in the place of rsync and rsync-ssl. */
async function scripted(script: string): Promise<{ lister: RsyncLister } & AsyncDisposable> {
  const root = await tempDir();
  for (const name of ["rsync", "rsync-ssl"]) {
    await Deno.writeTextFile(`${root.path}/${name}`, `#!/bin/sh\n${script}`, { mode: 0o755 });
  }
  const lister = new RsyncLister({
    clock: systemClock,
    environment: { PATH: `${root.path}:/usr/bin:/bin` },
  });
  return { lister, [Symbol.asyncDispose]: () => root[Symbol.asyncDispose]() };
}

/** Lists with a shell script in the place of rsync and rsync-ssl. */
async function runScript(script: string, url = "rsync://host/mod/"): Promise<Outcome> {
  await using program = await scripted(script);
  const listing = program.lister.list(url, forever);
  const files: ListedFile[] = [];
  let error: string | null = null;
  try {
    for await (const batch of listing.files) files.push(...batch);
  } catch (failure) {
    error = (failure as Error).message;
  }
  return { files, error, warnings: listing.warnings(), unread: listing.unread!() };
}

/** Lists a port where nobody is, in a process with these permissions and this PATH. */
async function runIsolated(
  permissions: readonly string[],
  path: string,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const lister = new URL("../../lib/scan/rsync_lister.ts", import.meta.url).href;
  const clock = new URL("../../lib/daemon/system_clock.ts", import.meta.url).href;
  const code = `
    const { RsyncLister } = await import(${JSON.stringify(lister)});
    const { systemClock } = await import(${JSON.stringify(clock)});
    const url = "rsync://127.0.0.1:${freePort()}/mod/";
    const listing = new RsyncLister({ clock: systemClock }).list(url, new AbortController().signal);
    const files = [];
    let error = null;
    try {
      for await (const batch of listing.files) files.push(...batch);
    } catch (failure) {
      error = failure.message;
    }
    await Deno.stdout.write(new TextEncoder().encode(
      JSON.stringify({ files, error, warnings: listing.warnings() }),
    ));
  `;
  await using directory = await tempDir();
  const file = `${directory.path}/main.ts`;
  await Deno.writeTextFile(file, code);
  const output = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      "--allow-import",
      "--allow-read",
      ...permissions,
      file,
    ],
    env: { PATH: path },
  }).output();
  const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code: output.code, stdout: decode(output.stdout), stderr: decode(output.stderr) };
}

/** Kills a process; one that was only asked whether the daemon serves has ended by itself. */
function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
  return text.trim().split(/\s+/).filter((word) => word !== "").map(Number);
}

Deno.test("RsyncLister looks behind links that lead out of the tree where it shall", async () => {
  await using root = await tempDir();
  await using elsewhere = await tempDir();
  await writeFile(root.path, "file", 1, TIME);
  await writeFile(elsewhere.path, "other", 2, TIME);
  // Daemons since rsync 3.5 open no directory behind such a link.
  await Deno.symlink(`${elsewhere.path}/other`, `${root.path}/other`);
  await Deno.symlink("file", `${root.path}/same`);
  await using server = await RsyncDaemon.start({ mod: root.path });
  const paths = async (followLinks: boolean): Promise<readonly string[]> => {
    const listing = new RsyncLister({ clock: systemClock }).list(server.url("mod"), forever, {
      followLinks,
    });
    return (await collect(listing)).map(({ path }) => path);
  };
  assertEquals(await paths(false), ["/file"]);
  assertEquals(await paths(true), ["/file", "/other"]);
});
