import { systemClock } from "../../lib/daemon/system_clock.ts";
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { FtpLister, type FtpListerOptions } from "../../lib/scan/ftp_lister.ts";
import { type KnownFile, type Listing, ListingError } from "../../lib/scan/lister.ts";
import { freePort } from "../support/free_port.ts";
import { FtpServer, type FtpServerOptions } from "../support/ftp_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { TimerRecord } from "../support/timer_record.ts";
import { waitFor } from "../support/wait_for.ts";
import { withPatience } from "../support/with_patience.ts";
import { collect, ODD_NAMES, writeFile, writeOddFiles } from "./listed_files.ts";

/** Long ago, so that `LIST` shows the year in the place of the time. */
const OLD = 1_700_000_000_123;
/** Lately, so that `LIST` shows it to the minute. */
const LATELY = Math.floor(Date.now() / 60_000) * 60_000 - 86_400_000 + 23_456;
const forever = new AbortController().signal;

/**
 * Before Deno 2.6, sockets of node:net that are destroyed go on with their attempt to connect, and wind up
 * their timers again, which end in any later test.
 */
const tidy = !/^2\.[0-5]\./.test(Deno.version.deno);

/** One case; what it leaves behind is looked at where sockets can be closed for good. */
function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: tidy, sanitizeResources: tidy });
}

const write = (root: string, path: string, size = 3, time = OLD): Promise<void> =>
  writeFile(root, path, size, time);

const lister = (options: Partial<FtpListerOptions> = {}): FtpLister =>
  new FtpLister({ clock: systemClock, timeouts: { connect: 60_000 }, ...options });

/** Files of one listing, by path. */
async function timesOf(listing: Listing): Promise<Record<string, number | null>> {
  const files = await collect(listing);
  return Object.fromEntries(files.map(({ path, modTime }) => [path, modTime]));
}

async function failure(url: string, options: Partial<FtpListerOptions> = {}): Promise<string> {
  const { message } = await assertRejects(
    () => collect(lister(options).list(url, forever)),
    ListingError,
  );
  return message;
}

/** How the listing of a server ends that says nothing any more, at the step that `words` name. */
function silence(url: string, words: string): Promise<string> {
  return withPatience(
    200,
    (operation) => failure(url, { timeouts: { connect: 60_000, operation } }),
    (end) => end === words,
  );
}

async function served(
  options: Omit<FtpServerOptions, "root"> = {},
): Promise<{ root: string; server: FtpServer } & AsyncDisposable> {
  const root = await tempDir();
  const server = FtpServer.start({ root: root.path, ...options });
  return {
    root: root.path,
    server,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await root[Symbol.asyncDispose]();
    },
  };
}

for (const machineListings of [true, false]) {
  test(
    `FtpLister lists files whatever their names, by ${machineListings ? "MLSD" : "LIST"}`,
    async () => {
      await using mirror = await served({ machineListings, times: "milliseconds" });
      const { root, server } = mirror;
      const names = [
        ...ODD_NAMES,
        ...["[brackets]*.txt", "semi;colon=x; y", "quote\"quote'", "-la", "a -> b"],
        "deep/er/and/deeper/file",
      ];
      const expected = await writeOddFiles(root, names, OLD);
      await Deno.symlink("..", `${root}/deep/loop`);
      await Deno.mkdir(`${root}/empty`);

      const listing = lister().list(server.url, forever);
      assertEquals(await collect(listing), expected);
      assertEquals(listing.precision(), 1);
      assertEquals(listing.warnings(), []);
      assertEquals(listing.unread?.(), []);
      // A listing by MLSD tells the times; one by LIST does not.
      assertEquals(server.count("MDTM"), machineListings ? 0 : expected.length);
    },
  );
}

test("FtpLister tells the precision that it saw", async () => {
  for (
    const [options, precision, old, lately] of [
      [{ times: "milliseconds" }, 1, OLD, LATELY],
      [{ times: "seconds" }, 1000, OLD - 123, LATELY - 456],
      [{ times: "none" }, 1000, null, null],
      [{ machineListings: false, times: "milliseconds" }, 1, OLD, LATELY],
      [{ machineListings: false, times: "seconds" }, 1000, OLD - 123, LATELY - 456],
      [{ machineListings: false, times: "none" }, 60_000, null, LATELY - 23_456],
    ] as const
  ) {
    await using mirror = await served(options);
    await write(mirror.root, "old");
    await write(mirror.root, "lately", 3, LATELY);
    const listing = lister().list(mirror.server.url, forever);
    assertEquals(await timesOf(listing), { "/lately": lately, "/old": old });
    assertEquals(listing.precision(), precision);
  }
});

test(
  "FtpLister asks for no time that it can tell from what was known",
  async () => {
    for (const zone of [0, 2 * 3_600_000]) {
      await using mirror = await served({ machineListings: false, zone });
      const { root, server } = mirror;
      const known = new Map<string, { size: number; modTime: number }>();
      for (let index = 0; index < 20; index++) {
        const modTime = Math.floor(LATELY / 1000) * 1000;
        await write(root, `file-${index}`, 3, modTime);
        known.set(`/file-${index}`, { size: 3, modTime });
      }
      known.set("/file-1", { size: 4, modTime: LATELY });
      known.set("/file-2", { size: 3, modTime: LATELY - 3_600_000 });
      // So round that it may come from a listing that knows no better.
      known.set("/file-3", { size: 3, modTime: Math.floor(LATELY / 60_000) * 60_000 });
      const look: KnownFile = (path) => known.get(path) ?? null;
      const times = await timesOf(lister().list(server.url, forever, { known: look }));
      assertEquals(new Set(Object.values(times)), new Set([Math.floor(LATELY / 1000) * 1000]));
      // One to learn the time zone (it may be one of the three), and three that differ.
      assert(server.count("MDTM") >= 3 && server.count("MDTM") <= 4, `${server.count("MDTM")}`);
    }
  },
);

test("FtpLister begins below the path of the URL, and decodes it", async () => {
  await using mirror = await served();
  await write(mirror.root, "pub/a b/file");
  await write(mirror.root, "elsewhere");
  const files = await collect(lister().list(`${mirror.server.url}pub/a%20b/`, forever));
  assertEquals(files.map(({ path }) => path), ["/file"]);
});

test("FtpLister logs in, and shows no password", async () => {
  const login = { user: "lister", password: "p@ss: wörd/" };
  await using mirror = await served({ login });
  await write(mirror.root, "file");
  const url = (password: string): string =>
    mirror.server.url.replace("//", `//lister:${encodeURIComponent(password)}@`);
  assertEquals((await collect(lister().list(url(login.password), forever))).length, 1);
  const refused = await failure(url("wröng"));
  assertEquals(refused, 'FTP: Cannot log in: the server says "530 Wrong password ***"');
  assertStringIncludes(await failure(mirror.server.url), "Cannot log in");
});

test(
  "FtpLister takes PASV where EPSV is not there, and trusts no address in it",
  async () => {
    await using mirror = await served({ extendedPassive: false });
    await write(mirror.root, "a/file");
    assertEquals((await collect(lister().list(mirror.server.url, forever))).length, 1);
    assertEquals(mirror.server.count("EPSV"), 1);
  },
);

test(
  "FtpLister takes LIST without options where the server knows none",
  async () => {
    for (const answer of ["550 No such file", "501 Options?", ""]) {
      await using mirror = await served({
        machineListings: false,
        react: (command) => answer !== "" && command === "LIST -a" ? answer : null,
        listing: (_, text) => mirror.server.commands.at(-1) === "LIST -a" ? "" : text,
      });
      await write(mirror.root, "a/file");
      assertEquals((await collect(lister().list(mirror.server.url, forever))).length, 1);
    }
  },
);

test("FtpLister names the directories that cannot be read", async () => {
  for (const machineListings of [true, false]) {
    await using mirror = await served({
      machineListings,
      react: (command) => command === "CWD /a/secret" ? "550 Permission denied" : null,
    });
    await write(mirror.root, "a/file");
    await write(mirror.root, "a/secret/file");
    const listing = lister().list(mirror.server.url, forever);
    assertEquals((await collect(listing)).map(({ path }) => path), ["/a/file"]);
    assertEquals(listing.unread?.(), ["/a/secret"]);
    assertEquals(listing.warnings(), ['Cannot list "/a/secret": 550 Permission denied']);
    assertEquals(
      await failure(`${mirror.server.url}a/secret/`),
      'FTP: Cannot list "/a/secret": 550 Permission denied',
    );
    assertMatch(await failure(`${mirror.server.url}none/`), /^FTP: Cannot list "\/none": 550 /);
  }
});

test("FtpLister says what failed", async () => {
  const port = freePort();
  assertEquals(
    await failure(`ftp://127.0.0.1:${port}/`),
    `FTP: Cannot connect: 127.0.0.1:${port} refuses connections`,
  );
  assertEquals(
    await failure("ftp://no-such-host.invalid/"),
    'FTP: Cannot connect: the host "no-such-host.invalid" is not known',
  );
  assertEquals(
    await failure("http://u:p@127.0.0.1/"),
    "http://127.0.0.1/ does not start with ftp:// or ftps://",
  );
  await using mirror = await served({
    react: (command) => command === "CONNECT" ? "421 Full" : null,
  });
  assertEquals(await failure(mirror.server.url), 'FTP: Cannot connect: the server says "421 Full"');
});

test("FtpLister gives up a server that does not answer", async () => {
  for (
    const [command, words] of [
      ["CONNECT", "FTP: Cannot connect: the server does not answer"],
      ["USER anonymous", "FTP: Cannot log in: the server does not answer"],
      ["CWD /a", 'FTP: Cannot list "/a": the server does not answer'],
      ["MLSD", 'FTP: Cannot list "/": the server does not answer'],
    ] as const
  ) {
    await using mirror = await served({ react: (given) => given === command ? "hang" : null });
    await write(mirror.root, "a/file");
    assertEquals(await silence(mirror.server.url, words), words);
  }
});

test(
  "FtpLister gives up a server that stops in the middle of a listing",
  async () => {
    await using mirror = await served({ stalls: true });
    await write(mirror.root, "file");
    const words = 'FTP: Cannot list "/": the server does not answer';
    assertEquals(await silence(mirror.server.url, words), words);
  },
);

test(
  "FtpLister gives up a server that cannot be connected to, also for the data",
  async () => {
    // A listener whose queue is full lets connections wait.
    using full = Deno.listen({ hostname: "127.0.0.1", port: 0, tcpBacklog: 1 });
    const { port } = full.addr;
    const waiting: Deno.Conn[] = [];
    const stop = new AbortController();
    while (waiting.length < 20) {
      const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(300)]);
      try {
        waiting.push(await Deno.connect({ hostname: "127.0.0.1", port, signal }));
      } catch {
        break;
      }
    }
    const timeouts = { connect: 100 };
    assertEquals(
      await failure(`ftp://127.0.0.1:${port}/`, { timeouts }),
      `FTP: Cannot connect: No connection to port ${port} within 0.1 s`,
    );
    await using mirror = await served({
      react: (command) => command === "EPSV" ? `229 There (|||${port}|)` : null,
    });
    assertEquals(
      await failure(mirror.server.url, { timeouts }),
      `FTP: Cannot list "/": No connection to port ${port} within 0.1 s`,
    );
    for (const connection of waiting) connection.close();
  },
);

test(
  "FtpLister gives a server 5 s to connect and 30 s for each operation",
  async () => {
    await using mirror = await served();
    await write(mirror.root, "file");
    using timers = new TimerRecord();
    await collect(new FtpLister({ clock: systemClock }).list(mirror.server.url, forever));
    assert(timers.set.has(5000), "to connect");
    // All operations of one step may take twenty times as long as one.
    assert(timers.set.has(20 * 30_000), "for each operation");
  },
);

test("FtpLister fails when the server drops the connection half-way", async () => {
  for (
    const react of [
      (command: string) => command.startsWith("CWD /b") ? "drop" : null,
      (command: string) => command === "MLSD" ? "drop" : null,
      (command: string) => command === "MLSD" ? "426 Broken" : null,
    ]
  ) {
    await using mirror = await served({ react });
    for (let index = 0; index < 30; index++) await write(mirror.root, `a/${index}`);
    await write(mirror.root, "b/file");
    assertMatch(await failure(mirror.server.url), /^FTP: Cannot list /);
  }
  await using mirror = await served({ listing: (directory) => directory === "/a" ? 100 : "" });
  await write(mirror.root, "a/file");
  assertEquals(
    await failure(`${mirror.server.url}a/`),
    'FTP: Cannot list "/a": the server dropped the connection',
  );
});

test("FtpLister reports and skips hostile lines", async () => {
  const machine = [
    "type=file;size=1;modify=20231114221320; good",
    "type=dir;modify=20231114221320; ..",
    "type=file;size=1;modify=20231114221320; ../up",
    "type=file;size=1;modify=20231114221320; ..",
    "type=dir; a/b",
    "type=file;size=1;modify=20231114221320; esc\u001b[2Jape",
    "type=file;size=1;modify=20231114221320; esc\u009b2Jape",
    "type=file;size=1;modify=20231114221320; not\ufffdUTF-8",
    "type=file;size=-1;modify=20231114221320; negative",
    "type=file;size=1;modify=20231314221320; month",
    "type=file;size=1;modify=99999999999999; far",
    `type=file;size=99999999999999999;modify=20231114221320; huge`,
    "type=file;size=1;modify=20231114221320; ",
    "rubbish",
    `type=file;${"x".repeat(1_000_000)}`,
    `type=file;size=1;modify=20231114221320; ${"x".repeat(1_000_000)}`,
    `type=dir; ${"x".repeat(1_000_000)}`,
  ];
  const unix = [
    "total 12",
    "drwxr-xr-x 2 ftp ftp 4096 Nov 14  2023 .",
    "drwxr-xr-x 2 ftp ftp 4096 Nov 14  2023 ..",
    "-rw-r--r-- 1 ftp ftp 1 Nov 14  2023 good",
    "-rw-r--r-- 1 ftp ftp 1 Nov 14  2023 ../up",
    "-rw-r--r-- 1 ftp ftp 1 Nov 14  2023 ..",
    "drwxr-xr-x 2 ftp ftp 4096 Nov 14  2023 a/b",
    "-rw-r--r-- 1 ftp ftp 1 Nov 14  2023 esc\u001b[2Jape",
    "-rw-r--r-- 1 ftp ftp 1 Nov 14  2023 esc\u009b2Jape",
    "-rw-r--r-- 1 ftp ftp 1 Nov 14  2023 not\ufffdUTF-8",
    "-rw-r--r-- 1 ftp ftp -1 Nov 14  2023 negative",
    "-rw-r--r-- 1 ftp ftp 1 Foo 14  2023 month",
    "-rw-r--r-- 1 ftp ftp 1 Nov 31  2023 day",
    "-rw-r--r-- 1 ftp ftp 1 Nov 14 25:00 hour",
    `-rw-r--r-- 1 ftp ftp 1 Nov 14  2023 ${"x".repeat(1_000_000)}`,
    "rubbish",
  ];
  for (const [machineListings, lines] of [[true, machine], [false, unix]] as const) {
    await using mirror = await served({
      machineListings,
      listing: () => lines.join("\r\n") + "\r\n",
    });
    await write(mirror.root, "good");
    const listing = lister().list(mirror.server.url, forever);
    assertEquals((await collect(listing)).map(({ path }) => path), ["/good"]);
    const warnings = listing.warnings();
    const skipped = machineListings ? 15 : 12;
    assertEquals(warnings.length, skipped, warnings.join("\n"));
    for (const warning of warnings) {
      assert(warning.length < 400 && !/\p{Cc}/u.test(warning), warning);
    }
  }
});

test(
  "FtpLister takes a line feed for a part of a name, unless lines end with it",
  async () => {
    for (
      const [end, names, warnings] of [["\r\n", ["/good"], 1], [
        "\n",
        ["/good", "/new"],
        1,
      ]] as const
    ) {
      const line = (name: string): string =>
        `type=file;size=1;modify=20231114221320; ${name}${end}`;
      await using mirror = await served({ listing: () => line("good") + line("new\nline") });
      const listing = lister().list(mirror.server.url, forever);
      assertEquals((await collect(listing)).map(({ path }) => path), [...names]);
      assertEquals(listing.warnings().length, warnings);
    }
  },
);

test("FtpLister fails at no line, also where it understands none", async () => {
  await using mirror = await served({
    machineListings: false,
    listing: () => "Directory DISK$USER:[PUB]\r\nREADME.TXT;1  2/4  14-NOV-2023 22:13\r\n",
  });
  const listing = lister().list(mirror.server.url, forever);
  assertEquals(await collect(listing), []);
  // So nothing that was known of it is forgotten.
  assertEquals(listing.unread?.(), [""]);
  assertEquals(listing.warnings(), [
    '/: It is no line of a listing: "Directory DISK$USER:[PUB]"',
    '/: It is no line of a listing: "README.TXT;1  2/4  14-NOV-2023 22:13"',
  ]);
});

test("FtpLister comes to an end where links lead in circles", async () => {
  await using mirror = await served({
    listing: () => "type=dir; loop\r\ntype=file;size=1;modify=20231114221320; file\r\n",
    react: (command) => command.startsWith("CWD") ? "250 There" : null,
  });
  const listing = lister().list(mirror.server.url, forever);
  assertEquals((await collect(listing)).map(({ path }) => path), ["/file"]);
  assertEquals(listing.warnings(), ['Skipped the directory "/loop": it leads in circles']);

  // One that changes all the time is not seen to be the same: the depth is bounded.
  let count = 0;
  await using changing = await served({
    listing: () => `type=dir; loop\r\ntype=file;size=${count++};modify=20231114221320; file\r\n`,
    react: (command) => command.startsWith("CWD") ? "250 There" : null,
  });
  assertEquals((await collect(lister().list(changing.server.url, forever))).length, 41);

  await using told = await served({
    listing: () => "type=dir;unique=1g2; loop\r\ntype=file;size=1;modify=20231114221320; file\r\n",
    react: (command) => command.startsWith("CWD") ? "250 There" : null,
  });
  assertEquals((await collect(lister().list(told.server.url, forever))).length, 1);
});

test("FtpLister lists a tree once that contains itself behind links", async () => {
  for (const machineListings of [true, false]) {
    await using mirror = await served({ machineListings });
    const { root } = mirror;
    await write(root, "top");
    await write(root, "a/b/file");
    await write(root, "a/same/same/other");
    await Deno.symlink("..", `${root}/a/b/up`);
    await Deno.symlink("../..", `${root}/a/b/top`);
    await using server = FtpServer.start({ root, machineListings, followsLinks: true });
    const listing = lister().list(server.url, forever);
    assertEquals(
      (await collect(listing)).map(({ path }) => path),
      ["/a/b/file", "/a/same/same/other", "/top"],
    );
    assertEquals([...listing.warnings()].sort(), [
      'Skipped the directory "/a/b/top": it leads in circles',
      'Skipped the directory "/a/b/up": it leads in circles',
    ]);
  }
});

test("FtpLister looks behind links where it shall", async () => {
  for (const machineListings of [true, false]) {
    await using elsewhere = await tempDir();
    await using mirror = await served({ machineListings, times: "milliseconds" });
    const { root, server } = mirror;
    await write(root, "file", 7);
    await write(elsewhere.path, "deep/other", 8);
    await Deno.symlink("file", `${root}/a-b`);
    await Deno.symlink(elsewhere.path, `${root}/disk2`);
    await Deno.symlink("nowhere", `${root}/dangling`);
    await Deno.symlink("..", `${elsewhere.path}/deep/up`);
    const paths = async (followLinks: boolean): Promise<readonly string[]> =>
      (await collect(lister().list(server.url, forever, { followLinks }))).map(({ path }) => path);
    assertEquals(await paths(false), ["/file"]);
    assertEquals(await paths(true), ["/a-b", "/disk2/deep/other", "/file"]);
    const files = await collect(lister().list(server.url, forever, { followLinks: true }));
    assertEquals(files[0], { path: "/a-b", size: 7, modTime: OLD });
    assertEquals(files[1], { path: "/disk2/deep/other", size: 8, modTime: OLD });
  }
});

test("FtpLister takes directories for different ones that look the same", async () => {
  for (const machineListings of [true, false]) {
    const line = (name: string): string =>
      machineListings
        ? `type=dir;modify=20231114221320; ${name}\r\n`
        : `drwxr-xr-x 2 ftp ftp 4096 Nov 14  2023 ${name}\r\n`;
    await using mirror = await served({
      machineListings,
      listing: (directory, text) => directory.endsWith("/x/x/x") ? text : line("x"),
    });
    await write(mirror.root, "x/x/x/file");
    const files = await collect(lister().list(mirror.server.url, forever));
    assertEquals(files.map(({ path }) => path), ["/x/x/x/file"]);
  }
});

test("FtpLister says which directory a server left out a part of", async () => {
  for (
    const [words, cut] of [
      ["226-Options: -a -l\r\n226 Output truncated to 2 matches", true],
      ["226 Listing limited to 2 entries", true],
      ["226 Transfer incomplete", true],
      ["226 2 matches total", false],
      ["226 Transfer complete. 1,234 bytes in 0.02 s, no limit", false],
    ] as const
  ) {
    for (const machineListings of [true, false]) {
      await using mirror = await served({
        machineListings,
        done: (directory) => directory === "/many" ? words : "226 Done",
      });
      for (const name of ["many/1", "many/2", "many/deep/er/3", "other/4"]) {
        await write(mirror.root, name);
      }
      const listing = lister().list(mirror.server.url, forever);
      assertEquals((await collect(listing)).length, 4);
      assertEquals(listing.unread?.(), cut ? ["/many"] : []);
      assertEquals(listing.read?.(), cut ? ["/many/deep", "/many/deep/er"] : []);
      const said = words.replaceAll("\r\n", " ");
      assertEquals(
        listing.warnings(),
        cut ? [`/many: The server left out the rest: ${said}`] : [],
      );
    }
  }
});

test("FtpLister takes LIST where MLSD is named and refused", async () => {
  for (
    const words of [
      "500 command not understood",
      "501 what?",
      "502 not implemented",
      "503 bad sequence of commands",
      "504 not for you",
    ]
  ) {
    await using mirror = await served({ react: (command) => command === "MLSD" ? words : null });
    await write(mirror.root, "a/file");
    const listing = lister().list(mirror.server.url, forever);
    assertEquals((await collect(listing)).map(({ path }) => path), ["/a/file"]);
    assertEquals(listing.warnings(), []);
    assertEquals(mirror.server.count("MLSD"), 1);
  }
});

test("FtpLister lists a server that writes as Windows does", async () => {
  await using mirror = await served({
    machineListings: false,
    listing: (directory) =>
      directory === "/"
        ? "11-14-23  10:13PM       <DIR>          odd\r\n" +
          "11-14-23  10:13PM                    3 file\r\n"
        : "11-14-2023  22:13                    3 tilde~1.txt\r\n",
  });
  await write(mirror.root, "file");
  await write(mirror.root, "odd/tilde~1.txt");
  // It tells exact times by MDTM.
  const times = { "/file": OLD - 123, "/odd/tilde~1.txt": OLD - 123 };
  assertEquals(await timesOf(lister().list(mirror.server.url, forever)), times);
});

test("FtpLister keeps what a line is about that it cannot read", async () => {
  const line = (text: string): string =>
    `-rw-r--r-- 1 ftp ftp 1 Nov 14  2023 good\r\ndrwxr-xr-x 2 ftp ftp 1 Nov 14  2023 a\r\n${text}\r\n`;
  for (
    const [text, unread] of [
      ["rubbish", ""],
      ["-rw-r--r-- 1 ftp ftp 99999999999999999 Nov 14  2023 huge", "/huge"],
      ["-rw-r--r-- 1 ftp ftp 1 Nov 31  2023 day", "/day"],
      // No index has such a name.
      ["-rw-r--r-- 1 ftp ftp 1 Nov 14  2023 ../up", null],
    ] as const
  ) {
    await using mirror = await served({
      machineListings: false,
      listing: (directory, all) => directory === "/" ? line(text) : all,
    });
    await write(mirror.root, "good");
    await write(mirror.root, "a/file");
    const listing = lister().list(mirror.server.url, forever);
    assertEquals((await collect(listing)).map(({ path }) => path), ["/a/file", "/good"]);
    assertEquals(listing.unread?.(), unread === null ? [] : [unread]);
    assertEquals(listing.read?.(), unread === "" ? ["/a"] : []);
    assertEquals(listing.warnings().length, 1);
  }
});

test("FtpLister keeps a whole directory of whose lines too many are odd", async () => {
  await using mirror = await served({
    machineListings: false,
    listing: () =>
      "-rw-r--r-- 1 ftp ftp 1 Nov 14  2023 good\r\n" +
      Array.from({ length: 1002 }, (_, n) => `-rw-r--r-- 1 f f 1 Nov 31  2023 ${n}\r\n`).join(""),
  });
  await write(mirror.root, "good");
  const listing = lister().list(mirror.server.url, forever);
  assertEquals((await collect(listing)).length, 1);
  assertEquals(listing.unread?.(), [""]);
  assertEquals(listing.warnings().at(-1), "… and 982 more");
});

test(
  "FtpLister gives a server up that says a little now and then, and never comes to an end",
  async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const serving = (async () => {
      using connection = await listener.accept();
      const line = new TextEncoder().encode("220-Wait\r\n");
      try {
        while (true) {
          await connection.write(line);
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      } catch {
        // The client is gone.
      }
    })();
    const words = await failure(`ftp://127.0.0.1:${listener.addr.port}/`, {
      // However late each line comes, it is no reason to give the server up.
      timeouts: { connect: 60_000, operation: 60_000, step: 1000 },
    });
    assertEquals(words, "FTP: Cannot connect: not done within 1 s");
    await serving;
  },
);

test(
  "FtpLister ends at once when it is aborted, and when nobody reads on",
  async () => {
    for (const command of ["CONNECT", "USER anonymous", "EPSV", "MLSD", "CWD /a"]) {
      await using mirror = await served({ react: (given) => given === command ? "hang" : null });
      await write(mirror.root, "a/file");
      const stop = new AbortController();
      const listing = assertRejects(
        () => collect(lister().list(mirror.server.url, stop.signal)),
        Error,
        "Enough",
      );
      if (command !== "CONNECT") {
        await waitFor(() => mirror.server.commands.includes(command), { what: command });
      }
      stop.abort(new Error("Enough"));
      // The server would keep it for half a minute and more.
      await listing;
    }
    await using mirror = await served();
    for (let index = 0; index < 1500; index++) await write(mirror.root, `${index}`);
    for await (const _ of lister().list(mirror.server.url, forever).files) break;
  },
);

test("FtpLister refuses a directory without end", async () => {
  const megabyte = "x".repeat(1024 * 1024);
  await using mirror = await served({ listing: () => megabyte.repeat(80) });
  assertEquals(
    await failure(mirror.server.url),
    'FTP: Cannot list "/": a directory is too large',
  );
});

Deno.test("FtpLister looks only into directories of which something is carried", async () => {
  await using root = await tempDir();
  for (
    const path of ["a", "iso/b", "iso/deep/c", "iso/nightly/d", "iso/nightly/1/e", "other/deep/f"]
  ) await writeFile(root.path, path, 1, 0);
  await using server = FtpServer.start({ root: root.path, machineListings: false, times: "none" });
  const lister = new FtpLister({ clock: systemClock });
  const paths = ["/iso/", "!/iso/nightly/", "/iso/nightly/1/"];
  const files = await collect(lister.list(server.url, new AbortController().signal, { paths }));
  assertEquals(files.map(({ path }) => path), ["/iso/b", "/iso/deep/c", "/iso/nightly/1/e"]);
  // The root, iso, deep, nightly, 1.
  assertEquals(server.count("LIST"), 5);
  const without = ["!/iso/"];
  const others = await collect(
    lister.list(server.url, new AbortController().signal, { paths: without }),
  );
  assertEquals(others.map(({ path }) => path), ["/a", "/other/deep/f"]);
});
