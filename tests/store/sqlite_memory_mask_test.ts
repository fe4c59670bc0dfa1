import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import * as fc from "fast-check";
import { newKey } from "../../lib/daemon/random_bytes.ts";
import { MemoryMask } from "../../lib/store/sqlite/memory_mask.ts";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import { type Store, StoreUnavailableError } from "../../lib/store/store.ts";
import { sampleMirror } from "../store_contract/samples.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";

const HASH = "0123456789abcdef".repeat(4);
const DAY = "2026-11-22";

function open(path: string, key: (() => Uint8Array) | null = newKey): Promise<Store> {
  const options = { path, log: new MemoryLog(), now: Date.now };
  return openSqliteStore({ ...options, ...(key === null ? {} : { newKey: key }) });
}

/** Counts parts of a client's downloads, which count once each. */
async function download(store: Store, ...paths: string[]): Promise<number> {
  const ranged = paths.map((path) => ({
    ...{ clientHash: HASH, path, mirrorId: 1, size: 7, seconds: 3000 },
  }));
  await store.addDownloads({ day: DAY, files: new Map(), mirrors: new Map(), ranged });
  return (await store.mirrorDownloads([DAY])).get(1)?.downloads ?? 0;
}

/** Hashes of clients, as they stand in the database. */
function kept(path: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare("SELECT lower(hex(client)) AS client FROM remembered").all();
  database.close();
  return rows.map(({ client }) => String(client));
}

Deno.test("the embedded store hides who downloads what, and knows them again", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  {
    await using store = await open(path);
    await store.addMirror(sampleMirror("m"));
    assertEquals(await download(store, "/a", "/b"), 2);
    assertEquals(await download(store, "/a"), 2);
  }
  const [one, other] = kept(path);
  assertEquals([one, other].includes(HASH), false);
  // One client is hidden otherwise for each file.
  assertNotEquals(one, other);
  assertEquals(Deno.statSync(`${path}.key`).mode! & 0o777, 0o600);
  {
    await using store = await open(path);
    assertEquals(await download(store, "/a", "/b"), 2);
  }
  // A copy without the key tells nothing, and forgets only that.
  const copy = `${dir.path}/copy.db`;
  await Deno.copyFile(path, copy);
  await using store = await open(copy);
  assertEquals(await download(store, "/a"), 3);
  assertEquals(kept(copy).includes(HASH), false);
});

Deno.test("what a version before remembered is hidden, and still remembered", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  {
    await using store = await open(path, null);
    await store.addMirror(sampleMirror("m"));
    assertEquals(await download(store, "/a", "/b"), 2);
  }
  assertEquals(kept(path), [HASH, HASH]);
  await using store = await open(path);
  assertEquals(kept(path).includes(HASH), false);
  assertEquals(await download(store, "/a", "/b"), 2);
});

Deno.test("a key that is none is made anew", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  await Deno.writeTextFile(`${path}.key`, "short");
  await using _store = await open(path);
  assertEquals(Deno.readFileSync(`${path}.key`).length, 32);
});

Deno.test("MemoryMask finds again what it hid, for any client and path", () => {
  const mask = new MemoryMask(newKey());
  const hash = fc.array(fc.constantFrom(..."0123456789abcdef"), { minLength: 64, maxLength: 64 })
    .map((digits) => digits.join(""));
  fc.assert(
    fc.property(hash, fc.string(), (client, path) => {
      const hidden = mask.hide(client, path);
      assert(/^[0-9a-f]{64}$/.test(hidden));
      assertEquals(mask.reveal(hidden, path), client);
    }),
  );
  assertEquals(new MemoryMask(null).hide(HASH, "/a"), HASH);
});

Deno.test("who knows one client of a file learns nothing of the others", () => {
  const mask = new MemoryMask(newKey());
  const [known, other] = [HASH, "00".repeat(32)];
  const mixed = (a: string, b: string): bigint => BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  // What hides one of them would show the other.
  assertNotEquals(mixed(mask.hide(known, "/a"), mask.hide(other, "/a")), mixed(known, other));
});

Deno.test("a key that cannot be read is said to be the trouble", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/mirrorbits.db`;
  await Deno.mkdir(`${path}.key`);
  const error = await assertRejects(() => open(path), StoreUnavailableError);
  assertStringIncludes(error.message, "the key beside it cannot be read: ");
});
