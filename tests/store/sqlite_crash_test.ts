import { assert, assertEquals, assertRejects } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { allCopies, allSourceFiles, knownCount, sampleFile } from "../store_contract/samples.ts";
import { seededRandom } from "../store_contract/seeded_random.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

const KILLS = 4;

/** So many that a write of all of them takes a while, in dozens of transactions. */
const MANY = 20_000;

/** Starts the child that writes. */
function spawn(path: string, files = 3000): Deno.ChildProcess {
  const script = new URL("sqlite_crash_child.ts", import.meta.url).href;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-lock", script, path, `${files}`],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/**
 * Lets the child write for some milliseconds after its first round, then kills it.
 *
 * @param meanwhile called after the first round
 * @returns the number of rounds that the child has said are done
 */
async function writeAndKill(
  path: string,
  milliseconds: number,
  meanwhile: () => Promise<unknown>,
): Promise<number> {
  const child = spawn(path);
  const stderr = new Response(child.stderr).text();
  let promised = 0;
  let text = "";
  let killing: Promise<void> | undefined;
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const lines = text.split("\n");
    text = lines.pop()!;
    promised = Number(lines.at(-1) ?? promised);
    if (promised === 0) continue;
    killing ??= meanwhile().then(() => delay(milliseconds)).finally(() => child.kill("SIGKILL"));
  }
  await killing;
  assertEquals((await child.status).signal, "SIGKILL", await stderr);
  return promised;
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

for (const part of ["source", "copies"] as const) {
  Deno.test(`a store whose process was killed while it wrote ${part} has each file old or new`, async () => {
    await using dir = await tempDir();
    const path = `${dir.path}/mirrorbits.db`;
    const child = spawn(path, MANY);
    const ended = Promise.all([child.stdout.pipeTo(new WritableStream()), child.stderr.cancel()]);
    const round = (): number => {
      using reader = openReader(path);
      const [first, last] = [0, MANY - 1].map((i) => reader.sizeOf(part, `/pool/file-${i}`));
      return first !== undefined && last !== undefined && first === last + 1 ? first : 0;
    };
    // Another program sees the one file new and the other one old: then it is in the middle of it.
    const half = await waitFor(() => round(), {
      what: "a write to be half-way",
      every: 5,
    });
    child.kill("SIGKILL");
    assertEquals((await child.status).signal, "SIGKILL");
    await ended;

    await using store = await openSqliteStore({ path, log: new MemoryLog(), now: Date.now });
    const mirror = (await store.mirrors()).find(({ name }) => name === "stays")!;
    const files = part === "source"
      ? (await allSourceFiles(store)).filter((file) => file.path.startsWith("/pool/"))
      : await allCopies(store, mirror.id);
    assertEquals(files.length, MANY);
    const written = files.filter((file) => file.size === half);
    assert(written.length > 0 && written.length < MANY, `${written.length} files are new`);
    for (const file of files) {
      assert(file.size === half || file.size === half - 1, `${file.path} is of another round`);
      assertEquals(file.modTime, file.size * 1000);
    }
    assertEquals(await knownCount(store, mirror.id), MANY);

    // The next scan writes the rest.
    const rest = files.filter((file) => file.size !== half)
      .map(({ path }) => sampleFile(path, { size: half, modTime: half * 1000 }));
    const { signal } = new AbortController();
    if (part === "source") await store.updateSource({ changed: rest, removed: [] }, signal);
    else await store.updateCopies(mirror.id, { changed: rest, removed: [] }, signal);
    const whole = part === "source"
      ? (await allSourceFiles(store)).filter((file) => file.path.startsWith("/pool/"))
      : await allCopies(store, mirror.id);
    assertEquals(whole.filter((file) => file.size === half).length, MANY);
  });
}

/** A second program's view of the store, of one moment. */
function openReader(path: string): Disposable & {
  sizeOf(part: "source" | "copies", filePath: string): number | undefined;
} {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    database.exec("BEGIN");
    database.exec("SELECT * FROM mirror LIMIT 0");
  } catch {
    // It is just being made.
  }
  return {
    sizeOf(part, filePath) {
      const table = part === "source" ? "source" : "copy";
      const only = part === "source"
        ? ""
        : "AND mirror_id = (SELECT id FROM mirror WHERE name = 'stays')";
      try {
        const sql = `SELECT size FROM ${table} JOIN path ON id = path_id WHERE text = ? ${only}`;
        return database?.prepare(sql).get(filePath)?.size as number | undefined;
      } catch {
        return undefined;
      }
    },
    [Symbol.dispose]: () => database?.close(),
  };
}

Deno.test("a store whose process was killed at its start opens again", async () => {
  await using dir = await tempDir();
  // The store is opened somewhere in this time; wherever it is cut, nothing must be in the way.
  for (let milliseconds = 60; milliseconds <= 300; milliseconds += 40) {
    const path = `${dir.path}/${milliseconds}/mirrorbits.db`;
    const child = spawn(path);
    await delay(milliseconds);
    child.kill("SIGKILL");
    await Promise.all([child.stdout.cancel(), child.stderr.cancel(), child.status]);
    await using store = await openSqliteStore({ path, log: new MemoryLog(), now: Date.now });
    assertEquals(await store.countFiles(), (await allSourceFiles(store)).length);
  }
});

Deno.test("a store whose process was killed has everything that was promised, and nothing untrue", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  const random = seededRandom(3);
  for (let kill = 0; kill < KILLS; kill++) {
    const promised = await writeAndKill(path, Math.floor(random() * 250), () =>
      assertRejects(
        () => openSqliteStore({ path, log: new MemoryLog(), now: Date.now }),
        StoreUnavailableError,
        "another mirrorbits daemon",
      ));
    assert(promised > 0);
    const log = new MemoryLog();
    await using store = await openSqliteStore({ path, log, now: Date.now });
    assertEquals(log.lines, []);

    const mirrors = await store.mirrors();
    const stays = mirrors.find((mirror) => mirror.name === "stays");
    assert(stays);
    assertEquals(stays.lastSync, stays.lastModTime);
    const [downloads] = await store.fileDownloads("/pool/file-0", [""]);
    assert(downloads === promised || downloads === promised + 1, `${downloads}, not ${promised}`);
    assertEquals(await store.fileDownloads("/pool/file-0", ["2026"]), [downloads!]);
    assertEquals(
      await store.mirrorDownloads(["2026-11"]),
      new Map([[stays.id, { downloads: downloads!, bytes: downloads! * 10 }]]),
    );

    const source = await allSourceFiles(store);
    assertEquals(await store.countFiles(), source.length);
    for (const file of source) {
      if (file.path.startsWith("/old-")) continue;
      assertEquals(file.modTime, file.size * 1000);
      assert(file.size >= promised && file.size <= promised + 1);
    }
    assertEquals(source.filter((file) => file.path.startsWith("/pool/")).length, 3000);
    const copies = await allCopies(store, stays.id);
    for (const copy of copies) {
      assertEquals(copy.modTime, copy.size * 1000);
      assert(copy.size >= promised && copy.size <= promised + 1);
    }
    assertEquals([copies.length, await knownCount(store, stays.id)], [3000, 3000]);
    const looked = await store.lookup("/pool/file-7");
    assertEquals(
      looked?.copies.map((copy) => copy.mirrorId),
      mirrors.map(({ id }) => id).slice(
        0,
        looked?.copies.length,
      ),
    );
  }
  const database = new DatabaseSync(path);
  assertEquals(database.prepare("PRAGMA integrity_check").get()?.integrity_check, "ok");
  const orphans = database.prepare(
    "SELECT count(*) AS count FROM copy WHERE mirror_id NOT IN (SELECT id FROM mirror)",
  ).get();
  assertEquals(orphans?.count, 0);
  database.close();
});
