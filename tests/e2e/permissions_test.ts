import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { startPythonHttp } from "../support/python_http.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { printedFlags, sourceWith } from "./printed_flags.ts";
import { Sample, type StoreKind, writeFile } from "./sample.ts";

/** Checks that no line of a log speaks of a permission. */
function assertNothingDenied(log: string): void {
  const denied = /.*(--allow-|[Dd]eno may not|NotCapable|[Pp]ermission|denied).*/.exec(log);
  assertEquals(denied?.[0], undefined);
}

for (const store of ["embedded", "redis"] satisfies StoreKind[]) {
  Deno.test(`the permissions that are printed are enough on the ${store} store`, async () => {
    await using sample = await Sample.start(store);
    const { daemon, directory } = sample;
    await daemon.stop();
    const flags = await printedFlags(directory);
    assertEquals(flags.map((flag) => /^--(?:allow-)?([\w-]+)/.exec(flag)?.[1]), [
      "no-prompt",
      "v8-flags",
      ...["read", "write", "net", "run", "env", "sys", "ffi"],
    ]);
    const before = daemon.log.length;
    daemon.command = sourceWith(flags);
    await daemon.start();
    await writeFile(sample.repository, "/new.txt");
    await writeFile(`${directory}/nl`, "/new.txt");
    await daemon.ok("refresh");
    assertStringIncludes(await daemon.ok("scan", "nl"), "files indexed");
    await sample.waitForState("nl", "up");
    assertEquals(await sample.redirect("/new.txt", "jp"), { mirror: "nl", path: "/new.txt" });
    assertEquals(await daemon.stop(), 0);
    assertNothingDenied(daemon.log.slice(before));
  });
}

/** What the daemon says and does without a permission: it starts, or it does not. */
const WITHOUT: readonly {
  readonly flag: string;
  readonly replacement?: string;
  readonly starts: boolean;
  readonly says: RegExp;
}[] = [
  {
    flag: "read",
    starts: false,
    says: /Cannot load the daemon: .* allow that with --allow-read=\//,
  },
  { flag: "write", starts: false, says: /--allow-write/ },
  {
    flag: "net",
    starts: false,
    says: /Deno may not use the addresses "127\.0\.0\.1:\d+", .*: start with --allow-net=127/,
  },
  {
    flag: "run",
    starts: true,
    says: /Deno may not run or cannot find "rsync": start with --allow-run=rsync/,
  },
  {
    flag: "env",
    starts: false,
    says: /Deno may not read the environment variables .*: start with --allow-env=LOG_STREAM,LOG_/,
  },
  {
    flag: "sys",
    starts: true,
    says:
      /Deno may not ask the system for "hostname", "setPriority": start with --allow-sys=hostname,/,
  },
  {
    flag: "ffi",
    starts: true,
    says: /Upgrades may reset connections: to hand them over needs --allow-ffi=\/lib/,
  },
];

for (const { flag, starts, says } of WITHOUT) {
  const outcome = starts ? "goes on" : "ends";
  Deno.test(`without --allow-${flag} the daemon ${outcome}, and names the flag`, async () => {
    await using directory = await tempDir();
    const { path } = directory;
    await writeFile(`${path}/repository`, "/file.bin");
    await using daemon = new Daemon({
      directory: path,
      config: { Repository: `${path}/repository`, LogDir: path },
    });
    daemon.configure();
    const flags = await printedFlags(path);
    const command = sourceWith(flags.filter((one) => !one.startsWith(`--allow-${flag}`)));
    if (starts) {
      daemon.command = command;
      await daemon.start();
      assertMatch(daemon.log, says);
      return;
    }
    const [program, ...args] = command;
    // With no log file: that would be the first thing that may not be written.
    const { code, stderr } = await new Deno.Command(program, {
      args: [...args, "daemon", "-config", `${path}/mirrorbits.conf`, "-p", `${path}/pid`],
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const text = new TextDecoder().decode(stderr);
    assertEquals(code, 1, text);
    assertMatch(text, says);
    assertEquals(text.includes("    at "), false, text);
  });
}

Deno.test("on a terminal no question of Deno's keeps the daemon waiting", async () => {
  await using directory = await tempDir();
  const { path } = directory;
  await writeFile(`${path}/repository`, "/file.bin");
  await using daemon = new Daemon({
    directory: path,
    config: {
      Repository: `${path}/repository`,
      DatabasePath: `${path}/state/mirrorbits.db`,
      GeoipDatabasePath: "/nowhere/geoip",
      LogDir: "/nowhere",
    },
  });
  daemon.configure();
  const narrow = (await printedFlags(path)).filter((flag) =>
    !/^--(no-prompt|v8-flags|allow-(run|sys|ffi))/.test(flag)
  ).map((flag) => flag.replace(/\/nowhere[^,]*,?/g, ""));
  const command = [
    ...sourceWith(narrow),
    ...["daemon", "-config", `${path}/mirrorbits.conf`, "-p", `${path}/pid`],
  ];
  // It gives the program a terminal.
  const terminal = new Deno.Command("script", {
    args: ["--quiet", "--return", "--command", command.join(" "), "/dev/null"],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let said = "";
  const reading = (async () => {
    for await (const text of terminal.stdout.pipeThrough(new TextDecoderStream())) said += text;
  })();
  try {
    await waitFor(async () => (await daemon.get("/?healthz")).ok || said.includes("requests"), {
      what: "the first answer",
    });
  } finally {
    if (daemon.pidFile !== null) Deno.kill(Number(daemon.pidFile), "SIGTERM");
    else terminal.kill("SIGKILL");
    await terminal.stdin.close();
    await terminal.status;
    await reading;
  }
  assertEquals(said.includes("Deno requests"), false, said);
  assertMatch(said, /Cannot look for GeoIP databases: .* --allow-read=/);
  assertMatch(said, /Cannot write the download log .*: start with --allow-read=/);
});

Deno.test("threads that answer requests may read the repository that a reload names", async () => {
  await using directory = await tempDir();
  const { path } = directory;
  await writeFile(`${path}/first`, "/first.bin");
  await writeFile(`${path}/second`, "/second.bin");
  await Deno.symlink("second.bin", `${path}/second/link.bin`);
  await using daemon = new Daemon({
    directory: path,
    config: {
      Repository: `${path}/first`,
      DatabasePath: `${path}/state/mirrorbits.db`,
      Fallbacks: [{ URL: "http://fallback.example/", CountryCode: "", ContinentCode: "" }],
    },
  });
  daemon.command = sourceWith(["--no-prompt", "-P=serve"]);
  await daemon.start();
  await daemon.ok("refresh");
  assertEquals((await daemon.get("/first.bin")).status, 302);
  daemon.configure({ Repository: `${path}/second` });
  await daemon.ok("reload");
  await daemon.ok("refresh");
  // The name of a link is looked up on the disk.
  const { status, headers } = await daemon.get("/link.bin");
  assertEquals([status, headers.get("location")], [302, "http://fallback.example/second.bin"]);
});

Deno.test("a Unix socket is served with the permissions that are printed, and answers", async () => {
  await using directory = await tempDir();
  const { path } = directory;
  await writeFile(`${path}/repository`, "/file.bin");
  await using daemon = new Daemon({
    directory: path,
    config: {
      Repository: `${path}/repository`,
      ListenAddress: `unix:${path}/http.sock`,
      Fallbacks: [{ URL: "http://fallback.example/", CountryCode: "", ContinentCode: "" }],
    },
  });
  daemon.configure();
  daemon.command = sourceWith(await printedFlags(path));
  daemon.spawn();
  await waitFor(() => daemon.log.includes("Listening on unix:"), { what: "the socket" });
  using client = await Deno.connect({ transport: "unix", path: `${path}/http.sock` });
  await client.write(
    new TextEncoder().encode("GET /file.bin HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
  );
  assertMatch(await new Response(client.readable).text(), /^HTTP\/1\.1 302 /);
  assertEquals(await daemon.stop(), 0);
  assertNothingDenied(daemon.log);
});

Deno.test("a scan that a mirror sends to a host that is not allowed names the flag", async () => {
  await using directory = await tempDir();
  const { path } = directory;
  for (const file of ["/a/1.bin", "/a/2.bin"]) await writeFile(`${path}/repository`, file);
  await using other = await startPythonHttp(`${path}/repository`);
  const host = `localhost:${other.port}`;
  await using mirror = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    ({ url }) => Response.redirect(`http://${host}${new URL(url).pathname}`),
  );
  await using daemon = new Daemon({
    directory: path,
    config: {
      Repository: `${path}/repository`,
      CheckInterval: 1000,
      ScanInterval: 1000,
      HTTPScanRate: 200,
    },
  });
  daemon.configure();
  const flags = await printedFlags(path);
  const withHosts = (hosts: string): [string, ...string[]] =>
    sourceWith(flags.map((one) => one.startsWith("--allow-net") ? `--allow-net=${hosts}` : one));
  daemon.command = withHosts("127.0.0.1");
  await daemon.start();
  await daemon.ok("refresh");
  await daemon.ok("add", "-http", `http://127.0.0.1:${mirror.addr.port}/`, "one");
  const { code, stderr } = await daemon.cli("scan", "one");
  assertEquals(code, 1, stderr);
  for (const told of [stderr, daemon.log, await daemon.ok("logs", "one")]) {
    assertStringIncludes(told, `start with --allow-net=${host}`);
  }
  await daemon.stop();
  daemon.command = withHosts(`127.0.0.1,${host}`);
  await daemon.start();
  assertStringIncludes(await daemon.ok("scan", "one"), "2 files indexed, 2 known and 0 removed");
});
