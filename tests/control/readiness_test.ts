import { FakeClock } from "../support/fake_clock.ts";
import { mirrorsHealth } from "../../lib/control/mirrors_health.ts";
import { assertEquals } from "@std/assert";
import { healthOf } from "../../lib/control/health_service.ts";
import { Readiness } from "../../lib/control/readiness.ts";
import type { StoreChange } from "../../lib/store/store.ts";
import { FAKE_CONFIG, HEALTHY, NOW } from "./fake_services.ts";

/** A store that knows so many files, or is away. */
class CountingStore {
  files: number | null = 0;
  watchers = 0;
  #listener: (change: StoreChange) => void = () => {};

  countFiles(): Promise<number> {
    return this.files === null
      ? Promise.reject(new Error("It is away"))
      : Promise.resolve(this.files);
  }

  watch(listener: (change: StoreChange) => void, signal: AbortSignal): void {
    this.#listener = listener;
    this.watchers++;
    signal.addEventListener("abort", () => this.watchers--);
  }

  /** Tells a change, and lets whoever hears of it look. */
  async tell(change: StoreChange): Promise<void> {
    this.#listener(change);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** A readiness that was started, and everything that it said. */
async function start(files: number | null) {
  const store = new CountingStore();
  store.files = files;
  const said: (string | null)[] = [];
  const readiness = new Readiness({
    store,
    changed: (one) => said.push(one),
    clock: new FakeClock(NOW),
  });
  assertEquals(readiness.trouble, "nothing is known yet");
  const aborter = new AbortController();
  await readiness.start(aborter.signal);
  return { store, readiness, said, aborter };
}

Deno.test("Readiness finds nothing in the way where the repository is known", async () => {
  const { readiness, said } = await start(3);
  assertEquals([readiness.trouble, readiness.lastScan, said], [null, null, [null]]);
});

Deno.test("Readiness waits for the first scan, however little it finds", async () => {
  const { readiness, said } = await start(0);
  assertEquals(said, ["the repository has not been scanned yet"]);
  readiness.sourceScanned();
  assertEquals([readiness.trouble, readiness.lastScan], [null, NOW]);
});

Deno.test("Readiness looks again when the store is back, or another node scanned", async () => {
  const { store, readiness, said } = await start(null);
  await store.tell({ type: "availability", available: false });
  await store.tell({ type: "mirror", id: 1 });
  assertEquals(said, ["the store has not been reached yet"]);
  store.files = 0;
  await store.tell({ type: "availability", available: true });
  assertEquals(readiness.trouble, "the repository has not been scanned yet");
  store.files = 1;
  await store.tell({ type: "files", paths: ["/a"] });
  assertEquals(readiness.trouble, null);
  // What is known is served on while the store is away.
  store.files = null;
  await store.tell({ type: "availability", available: true });
  assertEquals([readiness.trouble, store.watchers], [null, 0]);
});

Deno.test("Readiness ends with the daemon", async () => {
  const { readiness, said } = await start(1);
  readiness.stop();
  readiness.sourceScanned();
  assertEquals(said, [null, "stopping"]);
});

const REST = { config: () => FAKE_CONFIG, remembered: () => null, now: () => NOW };

Deno.test("healthOf() tells what there is, and what nobody knows now", async () => {
  const { http } = HEALTHY;
  const away = (): Promise<never> => Promise.reject(new Error("It is away"));
  const store = {
    description: "Redis",
    available: false,
    trouble: "the store cannot be reached",
    countFiles: away,
    mirrors: away,
  };
  const health = await healthOf({
    store,
    readiness: { trouble: null, lastScan: NOW },
    http: () => Promise.resolve(http),
    ...REST,
    pieces: () => ({ hashed: 3, total: null }),
  });
  assertEquals(health, {
    ready: true,
    well: false,
    trouble: "the store cannot be reached",
    http,
    store: { description: "Redis", available: false },
    originals: [],
    source: { files: null, lastScan: "2026-11-22T15:04:05.000Z" },
    geoip: { databases: [], warning: null },
    pieces: { hashed: 3, total: null },
    mirrors: { ...mirrorsHealth(null, FAKE_CONFIG, NOW), noRoute: [] },
  });
});

Deno.test("healthOf() is not ready while a thread hangs", async () => {
  const { ready, well, trouble } = await healthOf({
    store: {
      description: "SQLite",
      available: true,
      trouble: null,
      countFiles: () => Promise.resolve(1),
      mirrors: () => Promise.resolve([]),
    },
    readiness: { trouble: null, lastScan: null },
    http: () => Promise.resolve({ ...HEALTHY.http, alive: false }),
    ...REST,
  });
  assertEquals([ready, well, trouble], [false, false, "a thread that answers requests hangs"]);
});
