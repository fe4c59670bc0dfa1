import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import type { SourceFile } from "../../lib/catalog/file.ts";
import type { ScanProgress, SourceScanResult } from "../../lib/catalog/scan_result.ts";
import { ScanError } from "../../lib/catalog/scan_error.ts";
import { scanSource } from "../../lib/scan/source_scan.ts";
import { fakeFile, FakeStore } from "../support/fake_store.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";
import type { SourceScanOptions } from "../../lib/scan/source_scan_options.ts";
import { waitFor } from "../support/wait_for.ts";

const SHA256 = { sha256: true, sha1: false, md5: false };
const TIME = 1_700_000_000_000;

/** A repository on disk, a store, and scans of the one into the other. */
class Repository implements AsyncDisposable {
  readonly store = new FakeStore();
  readonly log = new MemoryLog();

  readonly #directory: Awaited<ReturnType<typeof tempDir>>;

  private constructor(directory: Awaited<ReturnType<typeof tempDir>>) {
    this.#directory = directory;
  }

  static async create(...paths: string[]): Promise<Repository> {
    const repository = new Repository(await tempDir());
    for (const path of paths) repository.write(path, `contents of ${path}`);
    return repository;
  }

  get path(): string {
    return this.#directory.path;
  }

  write(path: string, contents: string | Uint8Array, time = TIME): void {
    const full = this.path + path;
    Deno.mkdirSync(full.slice(0, full.lastIndexOf("/")), { recursive: true });
    if (typeof contents === "string") Deno.writeTextFileSync(full, contents);
    else Deno.writeFileSync(full, contents);
    Deno.utimeSync(full, new Date(time), new Date(time));
  }

  scan(options: Partial<SourceScanOptions> = {}): Promise<SourceScanResult> {
    return scanSource({
      store: this.store,
      repository: this.path,
      hashes: SHA256,
      log: this.log,
      now: () => performance.now(),
      signal: new AbortController().signal,
      ...options,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#directory[Symbol.asyncDispose]();
  }
}

const hash = (algorithm: string, contents: string | Uint8Array): string =>
  createHash(algorithm).update(contents).digest("hex");

/** Has the names of the libraries. */
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

Deno.test("scanSource() indexes size, time and the wanted hashes", async () => {
  const names = ["/a", "/dir/with space", "/dir/100%.txt", "/ünï/日本", "/new\nline", "/.hidden"];
  await using repository = await Repository.create(...names);
  repository.write("/empty", "");
  const large = new Uint8Array(3_500_000).map((_, index) => index % 251);
  repository.write("/large", large, TIME + 123);
  const { store } = repository;
  const result = await repository.scan({ hashes: { sha256: true, sha1: true, md5: true } });
  assertEquals([...store.source.keys()].sort(), [...names, "/empty", "/large"].sort());
  assertEquals(store.source.get("/large"), {
    path: "/large",
    size: 3_500_000,
    modTime: TIME + 123,
    sha1: hash("sha1", large),
    sha256: hash("sha256", large),
    md5: hash("md5", large),
  });
  assertEquals(store.source.get("/empty")?.sha256, hash("sha256", ""));
  assertEquals(store.source.get("/ünï/日本")?.md5, hash("md5", "contents of /ünï/日本"));
  const { files, changed, removed, hashed, warnings } = result;
  assertEquals({ files, changed, removed, hashed, warnings }, {
    files: 8,
    changed: 8,
    removed: 0,
    hashed: 8,
    warnings: [],
  });
  assertEquals(result.bytes, [...store.source.values()].reduce((sum, { size }) => sum + size, 0));
});

Deno.test("scanSource() reads only what changed, and writes only the difference", async () => {
  await using repository = await Repository.create("/same", "/touched", "/rewritten", "/gone");
  await repository.scan();
  repository.write("/touched", "contents of /touched", TIME + 1);
  repository.write("/rewritten", "more");
  repository.write("/new", "new");
  Deno.removeSync(`${repository.path}/gone`);
  const { store } = repository;
  store.written.length = 0;
  const { files, changed, removed, hashed } = await repository.scan();
  assertEquals({ files, changed, removed, hashed }, {
    files: 4,
    changed: 3,
    removed: 1,
    hashed: 3,
  });
  assertEquals([...store.source.keys()].sort(), ["/new", "/rewritten", "/same", "/touched"]);
  assertEquals(store.source.get("/rewritten")?.sha256, hash("sha256", "more"));
  assertEquals(store.written.length, 1);

  assertEquals((await repository.scan()).hashed, 0);
  assertEquals(store.written.length, 1);
});

Deno.test("scanSource() reads again for a wanted hash, and on demand", async () => {
  await using repository = await Repository.create("/a", "/b");
  await repository.scan();
  const more = { ...SHA256, md5: true };
  const { hashed, changed } = await repository.scan({ hashes: more });
  assertEquals({ hashed, changed }, { hashed: 2, changed: 2 });
  assertEquals(repository.store.source.get("/a")?.md5, hash("md5", "contents of /a"));

  // Same size and time, other contents: only a rehash sees it.
  repository.write("/a", "CONTENTS OF /a");
  assertEquals((await repository.scan({ hashes: more })).changed, 0);
  const again = await repository.scan({ hashes: more, rehash: true });
  assertEquals({ hashed: again.hashed, changed: again.changed }, { hashed: 2, changed: 1 });
  assertEquals(repository.store.source.get("/a")?.sha256, hash("sha256", "CONTENTS OF /a"));
});

Deno.test("scanSource() reads nothing when no hash is wanted", async () => {
  await using repository = await Repository.create("/a");
  const hashes = { sha256: false, sha1: false, md5: false };
  assertEquals((await repository.scan({ hashes })).hashed, 0);
  assertEquals(repository.store.source.get("/a")?.sha256, "");
  assertEquals((await repository.scan({ hashes })).changed, 0);
});

Deno.test("scanSource() records symbolic links and never follows them", async () => {
  await using repository = await Repository.create("/pool/file", "/pool/sub/leaf");
  await using elsewhere = await tempDir();
  Deno.writeTextFileSync(`${elsewhere.path}/secret`, "secret");
  const { path } = repository;
  Deno.mkdirSync(`${path}/links`);
  for (
    const [name, target] of [
      ["relative", "../pool/file"],
      ["absolute", `${path}/pool/file`],
      ["chain", "relative"],
      ["directory", "../pool"],
      ["root", ".."],
      ["self", "self"],
      ["circle1", "circle2"],
      ["circle2", "circle1"],
      ["dangling", "nowhere"],
      ["outside", `${elsewhere.path}/secret`],
      ["outside-directory", elsewhere.path],
      ["through", `../links/directory/sub/leaf`],
    ] as const
  ) Deno.symlinkSync(target, `${path}/links/${name}`);
  const { aliases, outside, files } = await repository.scan();
  assertEquals(files, 2);
  assertEquals([...repository.store.source.keys()].sort(), ["/pool/file", "/pool/sub/leaf"]);
  assertEquals(
    Object.fromEntries(aliases),
    {
      "/links/relative": "/pool/file",
      "/links/absolute": "/pool/file",
      "/links/chain": "/pool/file",
      "/links/directory": "/pool",
      "/links/root": "/",
      "/links/through": "/pool/sub/leaf",
    },
  );
  assertEquals([...outside].sort(), ["/links/outside", "/links/outside-directory"]);
});

Deno.test("scanSource() works when the repository itself is a link", async () => {
  await using repository = await Repository.create("/real/file");
  const { path } = repository;
  Deno.symlinkSync("real", `${path}/repository`);
  Deno.symlinkSync("file", `${path}/real/alias`);
  Deno.symlinkSync("../real", `${path}/real/circle`);
  const { aliases, files } = await repository.scan({ repository: `${path}/repository` });
  assertEquals(files, 1);
  assertEquals(Object.fromEntries(aliases), { "/alias": "/file", "/circle": "/" });
});

Deno.test("scanSource() refuses to empty the index, unless forced", async () => {
  await using repository = await Repository.create("/a", "/b");
  await repository.scan();
  const { store, path } = repository;
  Deno.removeSync(`${path}/a`);
  Deno.removeSync(`${path}/b`);
  const error = await assertRejects(() => repository.scan(), ScanError, "mount it");
  assertEquals((error as ScanError).reason, "repository");
  await assertRejects(
    () => repository.scan({ repository: `${path}/missing` }),
    ScanError,
    "missing",
  );
  assertEquals(store.source.size, 2);
  assertEquals((await repository.scan({ force: true })).removed, 2);
  assertEquals(store.source.size, 0);

  store.addFiles(fakeFile("/a"));
  await repository.scan({ repository: `${path}/missing`, force: true });
  assertEquals(store.source.size, 0);
});

Deno.test("scanSource() changes nothing when the repository goes while it is scanned", async () => {
  const paths = Array.from({ length: 600 }, (_, index) => `/${index}`);
  for (
    const { phase, rehash, take } of [
      {
        phase: "listing",
        rehash: false,
        take: (path: string) => Deno.renameSync(path, `${path}-`),
      },
      { phase: "hashing", rehash: true, take: (path: string) => Deno.renameSync(path, `${path}-`) },
      // As if the disk was unmounted: what was below it stands there in its place.
      {
        phase: "hashing",
        rehash: true,
        take: (path: string) => {
          Deno.renameSync(path, `${path}-`);
          Deno.symlinkSync("/proc", path);
        },
      },
      // Everything below it goes, and it stays.
      {
        phase: "hashing",
        rehash: true,
        take: (path: string) => paths.forEach((file) => Deno.removeSync(path + file)),
      },
    ]
  ) {
    await using directory = await tempDir();
    const path = `${directory.path}/repository`;
    Deno.mkdirSync(path);
    for (const file of paths) Deno.writeTextFileSync(path + file, "x");
    await using repository = await Repository.create();
    const { store } = repository;
    await repository.scan({ repository: path });
    store.written.length = 0;
    let there = true;
    const onProgress = (progress: ScanProgress): void => {
      if (progress.phase !== phase || !there) return;
      there = false;
      take(path);
    };
    const error = await assertRejects(
      () => repository.scan({ repository: path, rehash, onProgress }),
      ScanError,
      path,
    );
    assertEquals((error as ScanError).reason, "repository");
    assertEquals([store.written.length, store.source.size], [0, 600]);
  }
});

Deno.test("scanSource() passes over files that vanish while it looks", async () => {
  const paths = Array.from({ length: 600 }, (_, index) => `/${index}`);
  await using repository = await Repository.create(...paths);
  await repository.scan();
  let there = true;
  const { files, removed, warnings } = await repository.scan({
    onProgress: () => {
      if (there) paths.forEach((path) => Deno.removeSync(repository.path + path));
      there = false;
    },
  });
  // The first report comes after so many.
  assertEquals({ files, removed, warnings }, { files: 256, removed: 344, warnings: [] });
});

Deno.test("scanSource() says that a missing repository is missing, also when nothing is indexed", async () => {
  await using repository = await Repository.create();
  const missing = `${repository.path}/missing`;
  await assertRejects(
    () => repository.scan({ repository: missing }),
    ScanError,
    "no such directory",
  );
  assertEquals((await repository.scan()).files, 0);
});

Deno.test("scanSource() skips names that are not UTF-8", async () => {
  await using repository = await Repository.create("/good", "/�good");
  const args = ["-c", `printf x > "$(printf 'bad\\377name')"`];
  await new Deno.Command("sh", { args, cwd: repository.path }).output();
  await repository.scan();
  assertEquals([...repository.store.source.keys()].sort(), ["/good", "/�good"]);
});

Deno.test("scanSource() takes the lock of the source, and says who else has it", async () => {
  await using repository = await Repository.create("/a");
  const { store } = repository;
  store.held.set("source", new AbortController());
  const error = await assertRejects(() => repository.scan(), ScanError, "already in progress");
  assertEquals((error as ScanError).reason, "in_progress");
  store.held.clear();
  await repository.scan();
  assertEquals(store.held.size, 0);
});

Deno.test("scanSource() writes nothing when it is aborted or loses its lock", async () => {
  await using repository = await Repository.create("/a", "/b");
  const { store } = repository;
  for (const phase of ["listing", "hashing"]) {
    const stop = new AbortController();
    const onProgress = (progress: ScanProgress): void => {
      if (progress.phase === phase) stop.abort(new Error("Enough"));
    };
    for (let index = 0; index < 600; index++) repository.write(`/many/${index}`, "x");
    await assertRejects(
      () => repository.scan({ signal: stop.signal, onProgress }),
      Error,
      "Enough",
    );
    assertEquals(store.source.size, 0);
    assertEquals(store.held.size, 0);
  }
  const onProgress = (): void => store.held.get("source")?.abort(new Error("Lost"));
  await assertRejects(() => repository.scan({ onProgress }), ScanError, "the lock was lost");
  assertEquals(store.source.size, 0);
});

Deno.test("scanSource() lets others run while it works", async () => {
  await using repository = await Repository.create();
  const huge = new Uint8Array(40_000_000);
  for (let index = 0; index < 4; index++) repository.write(`/huge${index}`, huge);
  for (let index = 0; index < 5000; index++) repository.write(`/small/${index}`, "x");
  let longest = 0;
  let last = performance.now();
  const ticker = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  await repository.scan();
  clearInterval(ticker);
  // Without pauses it would be seconds; a busy machine must not fail the test.
  assert(longest < 1_000, `Others waited ${longest} ms`);
});

Deno.test("scanSource() keeps what it cannot read", async () => {
  // Root reads everything, unless it has lost the capability to.
  await using repository = await Repository.create(
    ...["/readable", "/secret", "/closed/inside", "/listed/inside"],
  );
  const { path } = repository;
  Deno.chmodSync(`${path}/secret`, 0);
  Deno.chmodSync(`${path}/listed`, 0o444);
  Deno.chmodSync(`${path}/closed`, 0);
  const script = `
    const { scanSource } = await import(${importOf("../../lib/scan/source_scan.ts")});
    const { FakeStore, fakeFile } = await import(${importOf("../support/fake_store.ts")});
    const { MemoryLog } = await import(${importOf("../support/memory_log.ts")});
    const store = new FakeStore();
    for (const directory of ["/closed", "/listed"]) {
      store.addFiles(fakeFile(directory + "/inside", { sha256: "known" }));
      store.addFiles(fakeFile(directory + "ness"));
    }
    const result = await scanSource({
      store,
      repository: ${JSON.stringify(path)},
      hashes: { sha256: true, sha1: false, md5: false },
      log: new MemoryLog(),
      now: Date.now,
      signal: new AbortController().signal,
    });
    console.log(JSON.stringify({ files: [...store.source.values()], warnings: result.warnings }));
  `;
  await using directory = await tempDir();
  Deno.writeTextFileSync(`${directory.path}/main.ts`, script);
  const humble = "--bounding-set=-dac_override,-dac_read_search";
  const [program, ...args] = [
    ...(Deno.uid() === 0 ? ["setpriv", humble] : []),
    ...[Deno.execPath(), "run", "-A", "--no-check", "--no-lock", `--config=${CONFIG}`],
    `${directory.path}/main.ts`,
  ];
  const { stdout, stderr } = await new Deno.Command(program!, { args }).output();
  for (const name of ["closed", "listed"]) Deno.chmodSync(`${path}/${name}`, 0o755);
  const text = new TextDecoder().decode(stdout);
  assert(text !== "", new TextDecoder().decode(stderr));
  const { files, warnings } = JSON.parse(text);
  const byPath = new Map(files.map((file: { path: string }) => [file.path, file]));
  const known = ["/closed/inside", "/listed/inside"];
  assertEquals([...byPath.keys()].sort(), [...known, "/readable", "/secret"]);
  for (const file of known) assertEquals(byPath.get(file), fakeFile(file, { sha256: "known" }));
  const { firstSeen, ...secret } = byPath.get("/secret") as SourceFile;
  assert(firstSeen! > 0);
  assertEquals(secret, fakeFile("/secret", { size: 19, modTime: TIME }));
  assertEquals(warnings.length, 3);
  assertStringIncludes(warnings.join(), '"/closed"');
  assertStringIncludes(warnings.join(), '"/listed/inside"');
  assertStringIncludes(warnings.join(), '"/secret"');
});

function importOf(file: string): string {
  return JSON.stringify(new URL(file, import.meta.url).href);
}

Deno.test("scanSource() writes size and time first where hashing takes long, and each file counts once", async () => {
  await using repository = await Repository.create("/small", "/gone");
  await repository.scan();
  repository.write("/large", new Uint8Array(33 * 1024 * 1024));
  Deno.removeSync(`${repository.path}/gone`);
  const { store } = repository;
  store.written.length = 0;
  const { changed, removed, hashed } = await repository.scan();
  assertEquals({ changed, removed, hashed }, { changed: 1, removed: 1, hashed: 1 });
  assertEquals(store.written[0]?.removed, ["/gone"]);
  const large = store.written.flatMap(({ changed }) => changed).filter(({ path }) =>
    path === "/large"
  );
  assertEquals(large.map((file) => "sha256" in file && file.sha256), [
    "",
    hash("sha256", new Uint8Array(33 * 1024 * 1024)),
  ]);
});

Deno.test("scanSource() writes no hash before the write of sizes has ended, which would take it away", async () => {
  await using repository = await Repository.create();
  repository.write("/large", new Uint8Array(33 * 1024 * 1024));
  const { store } = repository;
  const update = store.updateSource.bind(store);
  let asked = 0;
  let writing = 0;
  let most = 0;
  store.updateSource = async (difference, signal) => {
    most = Math.max(most, ++writing);
    const before = asked;
    // Only a hash that was found asks for the time meanwhile.
    if (store.written.length === 0) await waitFor(() => asked > before, { what: "the hash" });
    await update(difference, signal);
    writing--;
  };
  await repository.scan({
    now: () => {
      asked++;
      return 1_000_000 + performance.now();
    },
  });
  assertEquals(most, 1);
  assertEquals(
    store.source.get("/large")?.sha256,
    hash("sha256", new Uint8Array(33 * 1024 * 1024)),
  );
});

Deno.test("scanSource() takes what is excluded for gone, though it is there", async () => {
  await using repository = await Repository.create("/a", "/b.tmp", "/private/c");
  await repository.scan();
  const { files, removed } = await repository.scan({ exclude: ["*.tmp", "/private/"] });
  assertEquals({ files, removed }, { files: 1, removed: 2 });
  assertEquals([...repository.store.source.keys()], ["/a"]);
  // All of it: that is meant, no disk is missing.
  assertEquals((await repository.scan({ exclude: ["/**"] })).removed, 1);
});

Deno.test("scanSource() tells when it first saw a version, but of those that were there before", async () => {
  await using repository = await Repository.create("/old", "/changed");
  const { store } = repository;
  const seen = (path: string): number | undefined => store.source.get(path)?.firstSeen;
  await repository.scan({ now: () => 1000 });
  assertEquals([seen("/old"), seen("/changed")], [undefined, undefined]);
  // Both have old times, as copies keep them.
  repository.write("/changed", "more", TIME - 1);
  repository.write("/new", "new", TIME - 2);
  await repository.scan({ now: () => 2000 });
  assertEquals([seen("/old"), seen("/changed"), seen("/new")], [undefined, 2000, 2000]);
  // Other hashes are no other version.
  await repository.scan({ now: () => 3000, hashes: { sha256: true, sha1: true, md5: false } });
  assertEquals(store.written.at(-1)?.changed.map((file) => "firstSeen" in file), [
    ...[false, false, false],
  ]);
});
