import { assert, assertEquals } from "@std/assert";
import type { HttpConfig } from "../../../lib/http/request/config.ts";
import { fakeChoices, FakeStore } from "../../control/fake_services.ts";
import { indexedFile, MIRRORS } from "../fixtures.ts";

const OUTSIDE = "203.0.113.9";
const INSIDE = "192.0.2.7";
const PATH = "/pool/file.iso";

function storeOf(): FakeStore {
  const store = new FakeStore();
  for (const mirror of MIRRORS) store.records.set(mirror.id, mirror);
  store.indexed.set(PATH, indexedFile(PATH));
  return store;
}

/** Who gets 3 requests from outside and 2 from a network that may. */
async function simulated(
  store: FakeStore,
  config: Partial<HttpConfig> = {},
): Promise<readonly [served: number, fallbacks: number, unknown: readonly number[]]> {
  const requests = [[OUTSIDE, PATH, 3], [INSIDE, PATH, 2]] as const;
  const { mirrors, fallbacks, unknown } = await fakeChoices(store, config)
    .simulate(requests, (all) => all, 1);
  return [mirrors.reduce((sum, { requests }) => sum + requests, 0), fallbacks, unknown];
}

Deno.test("what is held back is explained and simulated as each client gets it", async () => {
  const store = storeOf();
  assertEquals(await simulated(store), [5, 0, []]);
  const note = JSON.stringify({ networks: ["192.0.2.0/24"], since: 0 });
  await store.notes.change("hold", { put: new Map([["/pool", note]]) });
  const choices = fakeChoices(store);
  const ask = { path: PATH, https: false, seed: 1 };
  for (const from of [OUTSIDE, null]) assertEquals(await choices.explain({ ...ask, from }), "held");
  assert(typeof await choices.explain({ ...ask, from: INSIDE }) === "object");
  assertEquals(await simulated(store), [2, 0, [0]]);
  const excluded = { exclude: ["/pool/**"] };
  assertEquals(
    await fakeChoices(store, excluded).explain({ ...ask, from: INSIDE }),
    "excluded",
  );
  assertEquals(await simulated(store, excluded), [0, 0, [0, 1]]);
});

Deno.test("what is under embargo, or sent from here, is simulated so", async () => {
  const store = storeOf();
  const { size, modTime } = indexedFile(PATH).file;
  const note = JSON.stringify({ size, modTime, until: Date.now() + 3_600_000 });
  await store.notes.change("embargo", { put: new Map([[PATH, note]]) });
  const embargo = [{ prefix: "/pool/", mirrors: 3, minutes: 60 }];
  const fallbacks = [{ url: "https://fallback.example/", countryCode: "", continentCode: "" }];
  assertEquals(await simulated(store, { embargo, fallbacks }), [0, 5, []]);
  // Nobody but mirrors would serve it.
  assertEquals(await simulated(store, { embargo }), [5, 0, []]);
  const serveLocally = {
    ...{ below: size + 1, patterns: [], lastResort: false, accel: null },
    ...{ maxBytesPerSecond: 0, maxConnections: 10 },
  };
  assertEquals(await simulated(store, { serveLocally }), [0, 5, []]);
});
