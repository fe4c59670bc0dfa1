import { assertEquals, assertMatch } from "@std/assert";
import { StoreUnavailableError } from "../../../lib/store/store.ts";
import { FakeStore } from "../../control/fake_services.ts";
import { MIRRORS, Site } from "../fixtures.ts";

function filled(): FakeStore {
  const store = new FakeStore();
  store.counts.set(
    "2026-11-22",
    new Map([[2, { downloads: 8, bytes: 80 }], [3, { downloads: 30, bytes: 1 }], [
      99,
      { downloads: 7, bytes: 70 },
    ]]),
  );
  store.counts.set("2026-11-21", new Map([[1, { downloads: 2, bytes: 20 }]]));
  store.counts.set("2026-11", new Map([[1, { downloads: 5, bytes: 50 }]]));
  store.files.set("2026-11-22", new Map([["/a", 40]]));
  store.files.set("", new Map([["/a", 50]]));
  store.named.set(
    "2026-11-22",
    new Map([["downloads", 45], ["bytes", 151], ["bots", 4], ["country:SE", 12], ["country:", 9]]),
  );
  return store;
}

function site(publicStats: "none" | "mirrors" | "all"): Site {
  const mirrors = MIRRORS.map((mirror) =>
    mirror.id === 3 ? { ...mirror, networksOnly: true } : mirror
  );
  return new Site({ config: { publicStats }, mirrors, stats: filled() });
}

Deno.test("/?stats shows strangers what ?mirrorstats shows, by default", async () => {
  const response = await site("mirrors").get("/?stats");
  assertEquals(response.headers.get("content-type"), "application/json; charset=utf-8");
  assertEquals(await response.json(), {
    ...{ from: "2026-11-22", to: "2026-11-22", downloads: 8, bytes: 80, by: "day" },
    // Nothing of a mirror for its own networks, nor of one that is gone.
    mirrors: [{ id: 2, name: "m2", downloads: 8, bytes: 80 }],
    series: [{ time: "2026-11-22", downloads: 8, bytes: 80, bots: 0 }],
  });
  const two = await (await site("mirrors").get("/?stats&from=2026-11-21&to=2026-12-31")).json();
  assertEquals([two.to, two.downloads, two.series.length], ["2026-11-22", 10, 2]);
  const csv = await site("mirrors").get("/?stats&csv=mirrors");
  assertEquals(csv.headers.get("content-type"), "text/csv; charset=utf-8");
  assertEquals(await csv.text(), "id,mirror,downloads,bytes\n2,m2,8,80\n");
  for (const query of ["csv=countries", "csv=files", "csv=answers", "by=hour"]) {
    assertEquals((await site("mirrors").get(`/?stats&${query}`)).status, 403, query);
  }
});

Deno.test("/?stats shows everything where PublicStats says so", async () => {
  const all = await (await site("all").get("/?stats&by=day")).json();
  assertEquals(
    { ...all, mirrors: all.mirrors.length },
    {
      ...{ from: "2026-11-22", to: "2026-11-22", downloads: 45, bytes: 151, bots: 4, ever: 50 },
      mirrors: 1,
      countries: [{ country: "SE", downloads: 12 }],
      ...{ otherCountries: 9, answers: [], files: [{ path: "/a", downloads: 40 }], by: "day" },
      series: [{ time: "2026-11-22", downloads: 45, bytes: 151, bots: 4 }],
    },
  );
  const csv = await site("all").get("/?stats&csv=files");
  assertEquals(await csv.text(), "path,downloads\n/a,40\n");
});

Deno.test("/?stats, ?mirrorstats and FILE?stats are words like any other where nothing is public", async () => {
  assertEquals((await site("none").get("/pool/file.iso?stats")).status, 302);
  for (const query of ["/?stats", "/?mirrorstats"]) {
    const response = await site("none").get(query, { headers: { accept: "application/json" } });
    assertEquals((await response.text()).includes("ownloads"), false, query);
  }
  // Nor does a page lead there.
  const page = async (stats: "none" | "mirrors"): Promise<boolean> =>
    (await (await site(stats).get("/pool/file.iso?mirrorlist")).text()).includes("?mirrorstats");
  assertEquals([await page("none"), await page("mirrors")], [false, true]);
});

Deno.test("/?stats refuses days that do not exist, and what it does not know", async () => {
  const cases = ["from=2026-02-30", "to=x", "by=week", "csv=all", "from=2027-01-01", "from=1900"];
  for (const query of [...cases, "from=2026-11-22&to=2026-11-21", "from=2020&by=day"]) {
    assertEquals((await site("all").get(`/?stats&${query}`)).status, 400, query);
  }
  assertEquals((await site("all").get("/?stats=2026-13")).status, 400);
  // What is right is said, too.
  for (const [query, said] of [["to=x", /days such as/], ["csv=all", /hour.*files/]] as const) {
    assertMatch(await (await site("all").get(`/?stats&${query}`)).text(), said);
  }
  const month = await (await site("all").get("/?stats=2026-10")).json();
  assertEquals([month.from, month.to], ["2026-10-01", "2026-10-31"]);
});

Deno.test("/?stats is remembered for ten seconds, but no failure is", async () => {
  const asked = site("all");
  asked.storeError = new StoreUnavailableError("away");
  assertEquals((await asked.get("/?stats")).status, 503);
  asked.storeError = undefined;
  assertEquals((await asked.get("/?stats")).status, 200);
  asked.storeError = new StoreUnavailableError("away");
  asked.now += 9_999;
  assertEquals((await asked.get("/?stats")).status, 200);
  asked.now += 1;
  assertEquals((await asked.get("/?stats")).status, 503);
});

Deno.test("/?stats gives up a walk over the files that takes too long", async () => {
  let due = (): void => {};
  let batches = 0;
  const store = new class extends FakeStore {
    override async *allFileDownloads(): AsyncGenerator<ReadonlyMap<string, number>> {
      while (true) {
        if (++batches === 3) due();
        yield await Promise.resolve(new Map([[`/${batches}`, 1]]));
      }
    }
  }();
  const times: number[] = [];
  const site = new Site({
    config: { publicStats: "all" },
    stats: store,
    after: (milliseconds, action) => {
      times.push(milliseconds);
      due = action;
      return { [Symbol.dispose]: () => {} };
    },
  });
  const response = await site.get("/?stats");
  await response.body?.cancel();
  assertEquals([response.status, batches, times], [503, 3, [10_000]]);
  assertEquals(response.headers.has("retry-after"), true);
});
