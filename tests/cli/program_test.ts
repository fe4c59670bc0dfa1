import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { MirrorState } from "../../lib/catalog/mirror_state.ts";
import { byteLength } from "../../lib/catalog/text_limits.ts";
import { DEFAULT_SETTINGS } from "../../lib/catalog/settings/mirror_settings.ts";
import type { ScanRunner } from "../../lib/control/scan_runner.ts";
import {
  fakeServices,
  FakeStore,
  MIRROR_SCAN,
  NOW,
  SOURCE_SCAN,
} from "../control/fake_services.ts";
import { Harness } from "./harness.ts";

async function storeWith(...names: string[]): Promise<FakeStore> {
  const store = new FakeStore();
  for (const name of names) {
    await store.addMirror({ ...DEFAULT_SETTINGS, name, httpUrl: `http://${name}.example/` });
  }
  return store;
}

Deno.test("daemon passes its options on and returns the server's exit code", async () => {
  await using harness = new Harness(fakeServices());
  const plain = await harness.run(["daemon"], { env: { MIRRORBITS_PORT: "none of its business" } });
  assertEquals([plain.exit, plain.daemon], [0, {
    configFile: null,
    debug: false,
    monitor: true,
    logFile: null,
    pidFile: null,
    repository: null,
    listen: null,
  }]);
  const args = ["daemon", "-config", "c", "-debug", "-monitor=false", "-log", "l", "-p", "file"];
  const full = await harness.run([...args, "-repository", "/srv", "--listen=unix:/run/x"]);
  assertEquals(full.daemon, {
    configFile: "c",
    debug: true,
    monitor: false,
    logFile: "l",
    pidFile: "file",
    repository: "/srv",
    listen: "unix:/run/x",
  });
});

Deno.test("what is wrong with a command stays on the screen, and needs no daemon to be seen", async () => {
  await using harness = new Harness(fakeServices());
  const nowhere = { connection: ["-p", "1"], terminal: true };
  const short = await harness.run(["add", "m2"], { ...nowhere, rows: 24 });
  assertEquals([short.exit, short.stderr], [
    2,
    "error: You *must* pass at least an HTTP URL: -http URL\n\n" +
    'Usage: mirrorbits add [OPTIONS] IDENTIFIER\nRun "mirrorbits help add" for its options.\n',
  ]);
  for (const options of [{ ...nowhere, rows: 500 }, { ...nowhere, terminal: false }]) {
    const { exit, stderr } = await harness.run(["add", "m2"], options);
    assertEquals(exit, 2);
    assertStringIncludes(stderr, "  -as-only\n");
  }
  const other = await harness.run(["add", "-set", "Score=1", "m2"], { ...nowhere, rows: 24 });
  assertEquals(other.exit, 1);
  assertStringIncludes(other.stderr, "Cannot connect");
});

Deno.test("the environment names the daemon, and options before the command override it", async () => {
  await using harness = new Harness(fakeServices());
  const env = { MIRRORBITS_HOST: "127.0.0.1", MIRRORBITS_PORT: `${harness.port}` };
  assertEquals((await harness.run(["list"], { env, connection: [] })).exit, 0);
  const elsewhere = { env: { ...env, MIRRORBITS_PORT: "9" } };
  assertEquals((await harness.run(["list"], elsewhere)).exit, 0);
});

Deno.test("what Kubernetes sets for a service called mirrorbits is no port of ours", async () => {
  await using harness = new Harness(fakeServices());
  const connection = ["-h", "127.99.0.1"];
  const env = { MIRRORBITS_PORT: "tcp://10.43.1.2:8080", MIRRORBITS_SERVICE_HOST: "10.43.1.2" };
  const { stderr } = await harness.run(["health"], { env, connection });
  assertStringIncludes(stderr, "daemon at 127.99.0.1:3390");
  const named = { env, connection: ["-h", "127.0.0.1", "-p", `${harness.port}`] };
  assertEquals((await harness.run(["health"], named)).exit, 0);
  const odd = await harness.run(["health"], { env: { MIRRORBITS_PORT: "70000" }, connection });
  assertStringIncludes(odd.stderr, "The port must be a number from 1 to 65535, found 70000");
});

Deno.test("without a daemon the commands fail and say where they looked", async () => {
  const harness = new Harness(fakeServices());
  const { port } = harness;
  await harness[Symbol.asyncDispose]();
  const { exit, stdout, stderr } = await harness.run(["list"]);
  assertEquals([exit, stdout], [1, ""]);
  assertStringIncludes(stderr, `daemon at 127.0.0.1:${port}: connection refused`);
  const version = await harness.run(["version"]);
  assertEquals(version.exit, 1);
  assertStringIncludes(version.stdout, "Client:\n Version: ");
});

Deno.test("version --json tells about both sides", async () => {
  await using harness = new Harness(fakeServices());
  const { stdout } = await harness.run(["version", "--json"]);
  const { client, server } = JSON.parse(stdout);
  assertEquals(server.version, "1.2.3");
  assertEquals(Object.keys(client), Object.keys(server));
});

Deno.test("edit puts our changes on top of what somebody else changed meanwhile", async () => {
  const store = await storeWith("m1");
  await using harness = new Harness(fakeServices({ store }));
  let opened = 0;
  const seen: string[] = [];
  const edit = (text: string): string => {
    seen.push(text);
    if (opened++ > 0) return text;
    store.updateMirror({ ...store.records.get(1)!, sponsorName: "Theirs" });
    return text.replace("Score: 0", "Score: 5");
  };
  const { exit, stdout, stderr } = await harness.run(["edit", "m1"], { edit, stdin: "\n" });
  assertEquals(exit, 0);
  assertEquals(
    stderr,
    'error: Mirror "m1" was changed meanwhile\n- SponsorName: ""\n+ SponsorName: Theirs\n',
  );
  assertEquals(stdout, "Retry? [Y/n]- Score: 0\n+ Score: 5\n\nMirror 'm1' edited successfully\n");
  assertStringIncludes(seen[1]!, "SponsorName: Theirs");
  const { score, sponsorName } = store.records.get(1)!;
  assertEquals([score, sponsorName], [5, "Theirs"]);
});

Deno.test("what is too long in the store is cut where it is shown, and kept where it lies", async () => {
  const store = await storeWith("m1");
  const long = "x".repeat(100_000);
  const state = { enabled: true, stateSince: NOW, httpDownReason: long };
  const texts = { sponsorName: long, comment: long, continentCode: long, customData: "" };
  store.setState(1, { ...texts, ...state } as Partial<MirrorState>);
  const common = { mirrorId: 1, time: NOW } as const;
  await store.addEvent({ ...common, type: "error", message: long });
  await store.addEvent({ ...common, type: "note", text: long, by: long });
  await using harness = new Harness(fakeServices({ store }));
  const longest = (text: string): number =>
    Math.max(...text.split("\n").map((line) => byteLength(line)));

  const show = await harness.run(["show", "m1"]);
  assertEquals(longest(show.stdout), 65_536, "the comment");
  assertStringIncludes(show.stdout, `SponsorName: ${"x".repeat(8_192)}\n`);
  assertEquals(
    show.stderr,
    "Too long to be shown whole: SponsorName, ContinentCode, Comment; " +
      "export yaml and edit have all of it\n",
  );
  for (const options of [{}, { terminal: true }, { terminal: true, columns: 160 }]) {
    const list = await harness.run(["list", "-location"], options);
    assert(longest(list.stdout) < 3 * 8_192, JSON.stringify(options));
  }
  for (const command of [["logs", "m1"], ["events"], ["logs", "-json", "m1"]]) {
    const { exit, stdout } = await harness.run(command);
    assertEquals(exit, 0);
    assert(longest(stdout) > 8_192 && longest(stdout) < 2.1 * 8_192, command.join(" "));
  }

  const yaml = await harness.run(["export", "yaml"]);
  assertStringIncludes(yaml.stdout, `SponsorName: ${long}\n`);
  let opened = "";
  const edit = (text: string): string => (opened = text).replace("Score: 0", "Score: 5");
  assertEquals((await harness.run(["edit", "m1"], { edit })).exit, 0);
  assertStringIncludes(opened, `SponsorName: ${long}\n`);
  const { score, sponsorName, comment } = store.records.get(1)!;
  assertEquals([score, sponsorName === long, comment === long], [5, true, true]);
});

Deno.test("edit fails when the editor does", async () => {
  await using harness = new Harness(fakeServices({ store: await storeWith("m1") }));
  const { exit, stderr } = await harness.run(["edit", "m1"], { edit: () => null });
  assertEquals([exit, stderr], [1, "error: The editor ended with exit code 1\n"]);
});

Deno.test("remove does not remove a mirror that was changed while it asked", async () => {
  const store = await storeWith("m1");
  const services = fakeServices({ store });
  await using harness = new Harness({
    ...services,
    store: Object.assign(store, {
      mirror: (id: number) =>
        Promise.resolve(id === 1 ? { ...store.records.get(1)!, name: "renamed" } : null),
    }),
  });
  const { exit, stderr } = await harness.run(["remove", "m1"], { stdin: "y\n" });
  assertEquals(exit, 1);
  assertEquals(
    stderr,
    'error: Mirror "renamed" was changed meanwhile\nhint: Nothing was removed\n' +
      "- Name: m1\n+ Name: renamed\n",
  );
  assertEquals(store.records.size, 1);
});

Deno.test("scan shows progress on a terminal, and none in a pipe", async () => {
  const scanMirrorNow: ScanRunner["scanMirrorNow"] = (_id, { onProgress }) => {
    onProgress({ phase: "listing", files: 5, total: null });
    return Promise.resolve(MIRROR_SCAN);
  };
  const scans = { scanMirrorNow, scanSourceNow: () => Promise.resolve(SOURCE_SCAN) };
  await using harness = new Harness(fakeServices({ store: await storeWith("m1"), scans }));
  const pipe = await harness.run(["scan", "m1"]);
  assertEquals(pipe.stdout, "Scanning m1... 28 files indexed, 27 known and 1 removed\n");
  const terminal = await harness.run(["scan", "m1"], { terminal: true });
  assertEquals(terminal.stdout.split("\r\x1b[K"), [
    "Scanning m1... ",
    "Scanning m1... 5 files listed (5000/s)",
    "Scanning m1... 28 files indexed, 27 known and 1 removed\n",
  ]);
});

Deno.test("an interrupt aborts the scan in the daemon and all that would follow", async () => {
  const interrupt = new AbortController();
  const ended = Promise.withResolvers<void>();
  const scanMirrorNow: ScanRunner["scanMirrorNow"] = (_id, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        ended.resolve();
        reject(signal.reason);
      });
      interrupt.abort();
    });
  const scanSourceNow: ScanRunner["scanSourceNow"] = () => Promise.resolve(SOURCE_SCAN);
  const store = await storeWith("m1", "m2");
  await using harness = new Harness(
    fakeServices({ store, scans: { scanMirrorNow, scanSourceNow } }),
  );
  const { exit, stdout } = await harness.run(["scan", "-all"], { interrupt: interrupt.signal });
  assertEquals([exit, stdout], [1, "Scanning m1... scan error: aborted\n"]);
  await ended.promise;
});

Deno.test("refresh shows what is hashed, and leaves only the outcome behind", async () => {
  const scanSourceNow: ScanRunner["scanSourceNow"] = ({ onProgress }) => {
    const path = "/images/disk.iso";
    onProgress({ phase: "hashing", files: 1, total: 4, path, bytes: 512, totalBytes: 1024 });
    return Promise.resolve(SOURCE_SCAN);
  };
  const scans = { scanMirrorNow: () => Promise.resolve(MIRROR_SCAN), scanSourceNow };
  await using harness = new Harness(fakeServices({ scans }));
  const label = "Refreshing the local repository... ";
  const { stdout } = await harness.run(["refresh"], { terminal: true, columns: 120 });
  const [first, progress = "", last] = stdout.split("\r\x1b[K");
  assertEquals([first, last], [label, `${label}done\n`]);
  assertStringIncludes(progress, `${label}[`);
  assertStringIncludes(progress, "] 50%  1 of 4 files hashed  500.0 KiB/s");
  assertEquals(progress.endsWith("disk.iso"), true);
  const narrow = await harness.run(["refresh"], { terminal: true, columns: 30 });
  const lines = narrow.stdout.split("\r\x1b[K").slice(1, -1);
  assertEquals(lines, ["50%  1 of 4 files hashed"]);
});

Deno.test("two command lines at once on one mirror: the second is told what the first changed", async () => {
  const store = await storeWith("m1");
  await using harness = new Harness(fakeServices({ store }));
  const opened = Promise.withResolvers<void>();
  const saved = Promise.withResolvers<void>();
  const environment = { stdin: "n\n" };
  const slow = harness.run(["edit", "m1"], {
    ...environment,
    edit: async (text) => {
      opened.resolve();
      await saved.promise;
      return text.replace("Score: 0", "Score: 5");
    },
  });
  await opened.promise;
  const fast = await harness.run(["edit", "m1", "-set", "SponsorName=Theirs"]);
  assertEquals(fast.exit, 0);
  saved.resolve();
  const { exit, stderr } = await slow;
  assertEquals(exit, 1);
  assertEquals(
    stderr,
    'error: Mirror "m1" was changed meanwhile\n- SponsorName: ""\n+ SponsorName: Theirs\n',
  );
  assertEquals([store.records.get(1)?.score, store.records.get(1)?.sponsorName], [0, "Theirs"]);
});

Deno.test("what export yaml wrote, import makes again elsewhere, once", async () => {
  const services = fakeServices();
  await using harness = new Harness(services);
  const full = [
    ...["-rsync", "rsync://u:p@a.example/", "-ftp", "ftp://a.example/", "-score", "-3"],
    ...["-comment", "# two\nlines: ~", "-custom-data", "null", "-sponsor-name", "NO", "-as-only"],
  ];
  await harness.run(["add", "-http", "http://89.160.20.112/", ...full, "a"]);
  await harness.run(["add", "-http", "b.example", "b"]);
  const set = [
    "-set",
    "CountryCodes=NO SE",
    "-set",
    "AllowRedirects=false",
    "-set",
    "Enabled=true",
  ];
  await harness.run(["edit", "b", ...set]);
  const { stdout: list } = await harness.run(["export", "yaml"]);
  const { stdout: json } = await harness.run(["export", "-json", "yaml"]);

  for (const text of [list, json]) {
    const store = new FakeStore();
    await using other = new Harness(fakeServices({ store }));
    const first = await other.run(["import", "-"], { stdin: text });
    assertEquals([first.exit, first.stderr], [0, ""]);
    assertStringIncludes(first.stdout, "2 added, 0 changed, 0 removed, 0 unchanged\n");
    assertEquals([...store.records.values()], [...services.store.records.values()]);
    const second = await other.run(["import", "-prune", "-"], { stdin: text });
    assertEquals(second.stdout, "0 added, 0 changed, 0 removed, 2 unchanged\n");
  }
});

Deno.test("permissions -known-mirrors asks the running daemon for its mirrors", async () => {
  await using harness = new Harness(fakeServices({ store: await storeWith("m1") }));
  const config = `Repository: /srv\nRPCListenAddress: 127.0.0.1:${harness.port}\n`;
  const files = { "own.conf": config };
  const { stdout } = await harness.run(["permissions", "-config", "own.conf", "-known-mirrors"], {
    files,
  });
  assertStringIncludes(
    stdout,
    `--allow-net=[::]:8080,127.0.0.1:${harness.port},m1.example:80\n`,
  );
});

Deno.test("completion words asks the daemon that the words name", async () => {
  await using harness = new Harness(fakeServices({ store: await storeWith("alpha", "beta") }));
  const words = ["completion", "words", "--", "-h", "127.0.0.1", "-p", `${harness.port}`];
  const { stdout } = await harness.run([...words, "show", "a"], { connection: [] });
  assertEquals(stdout, "alpha\t\n");
  const file = await harness.run([...words, "import", ""], { connection: [] });
  assertEquals(file.stdout, ":file\n");
});

Deno.test("what needs no repository does without one: it may have been an option of the daemon", async () => {
  await using harness = new Harness(fakeServices());
  for (const what of ["privacy", "nginx"]) {
    assertEquals((await harness.run(["config", what])).exit, 0, what);
  }
  const { exit, stderr } = await harness.run(["config", "check"]);
  assertEquals(exit, 1);
  assertStringIncludes(stderr, "error: Repository is not set");
});

Deno.test("add asks where a mirror stands only who has not said it", async () => {
  await using harness = new Harness(fakeServices());
  const add = (...args: string[]): Promise<{ stdout: string }> =>
    harness.run(["add", "-http", "http://192.0.2.9/", ...args]);
  const place = ["-latitude", "1", "-longitude", "2", "-continent-code", "EU"];
  assertStringIncludes((await add("m1")).stdout, "Warning: unable to guess");
  assertStringIncludes((await add(...place, "m2")).stdout, "Warning: unable to guess");
  const { stdout } = await add(...place, "-country-codes", "DE", "m3");
  assertEquals(stdout.split("\n")[0], "Mirror 'm3' added successfully");
});

Deno.test("scan warns where a mirror has nothing of the repository", async () => {
  const found = (known: number) => ({
    scanMirrorNow: () => Promise.resolve({ ...MIRROR_SCAN, indexed: 4, known }),
    scanSourceNow: () => Promise.resolve(SOURCE_SCAN),
  });
  for (const [known, warned] of [[0, true], [1, false]] as const) {
    const services = fakeServices({ store: await storeWith("m1"), scans: found(known) });
    await using harness = new Harness(services);
    const { exit, stdout, stderr } = await harness.run(["scan", "m1"]);
    const said = (stdout + stderr).includes("none of these files is in the repository");
    assertEquals([exit, said], [0, warned]);
  }
});
