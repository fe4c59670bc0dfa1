import type { HealthJson } from "../../lib/control/api/daemon_schemas.ts";
import { ScanError } from "../../lib/catalog/scan_error.ts";
import { GivenLister } from "../../lib/scan/given_lister.ts";
import { mirrorsHealth } from "../../lib/control/mirrors_health.ts";
import { indexedFile } from "../http/fixtures.ts";
import { rule } from "../selection/fixtures.ts";
import {
  FAKE_CONFIG,
  fakeChoices,
  fakeServices,
  FakeStore,
  HEALTHY,
  MIRROR_SCAN,
  NOW,
  SOURCE_SCAN,
} from "../control/fake_services.ts";

type Services = ReturnType<typeof fakeServices>;

/** What a transcript finds beside an empty store. */
export const SETUPS: Readonly<Record<string, () => Promise<Services> | Services>> = {
  "list.txt": async () => {
    const services = fakeServices({ store: await mirrors("alpha", "beta", "gamma", "delta") });
    const { store } = services;
    for (const id of [1, 2, 4]) await store.enableMirror(id, true);
    const time = (text: string): number => Date.parse(`2026-11-${text}:00Z`);
    store.setState(1, { httpUp: true, stateSince: time("20T10:00") });
    store.setState(2, {
      httpDownReason: "Unreachable",
      httpsDownReason: "Unreachable",
      stateSince: time("21T10:00"),
    });
    await store.updateMirror({ ...store.records.get(4)!, httpUrl: "delta.example/" });
    store.setState(4, {
      httpUp: true,
      httpsDownReason: "Got status code 500",
      stateSince: time("20T10:00"),
    });
    return services;
  },
  "show.txt": async () => {
    const services = fakeServices({ store: await mirrors("alpha", "new") });
    const { store } = services;
    await store.enableMirror(1, true);
    await store.updateMirror({ ...store.records.get(1)!, comment: "called on Friday" });
    const stateSince = Date.parse("2026-11-21T10:00:00Z");
    const cause = {
      ...{ kind: "connect" as const, text: "connection refused", address: "192.0.2.7" },
      milliseconds: 12,
      ...{ reason: "Unreachable", since: stateSince },
    } as const;
    store.setState(1, {
      ...{ httpDownReason: "Unreachable", httpDownCause: cause, stateSince },
      ...{ httpsDownReason: "Got status code 500", lastSuccessfulSync: NOW },
    });
    return services;
  },
  "explain.txt": explained,
  "simulate.txt": explained,
  "choice.txt": async () => {
    const store = await mirrors("campus", "sponsor");
    await store.updateMirror({
      ...store.records.get(1)!,
      ...{ countryCodes: ["SE"], continentCode: "EU", tags: ["uni"], maxDay: 2e12 },
    });
    await store.updateMirror({
      ...store.records.get(2)!,
      ...{ countryCodes: ["US"], continentCode: "NA", maxMonth: 25e12, monthStarts: 12 },
    });
    const count = (bytes: number) => new Map([[2, { downloads: 1, bytes }]]);
    store.counts.set("2026-11-22", count(2e12));
    for (let day = 15; day < 22; day++) store.counts.set(`2026-11-${day}`, count(1.5e12));
    return fakeServices({
      store,
      choices: fakeChoices(store, {
        rules: [
          rule("SE", "sponsor", "never"),
          rule("@EU", "tag:uni nobody", "first"),
          rule("192.0.2.0/24", "*", "last"),
        ],
        refuse: [{ client: rule("AS29518", "*", "never").client, status: 451 }],
      }),
    });
  },
  "logs.txt": async () => {
    const services = fakeServices({ store: await mirrors("m1") });
    const events = [
      { type: "added" },
      { type: "scan_started", protocol: "rsync" },
      { type: "error", message: "rsync: no such module\nbye" },
      { type: "scan_started", protocol: "ftp" },
      { type: "scan_completed", indexed: 28, known: 28, removed: 0, timeZoneOffset: 0 },
      { type: "scan_completed", indexed: 28, known: 27, removed: 1, timeZoneOffset: -7200000 },
      { type: "edited" },
      { type: "enabled" },
      { type: "state", protocol: "http", up: true, reason: "" },
      { type: "state", protocol: "https", up: false, reason: "Unreachable" },
      { type: "disabled" },
      { type: "quota", of: "day", percent: 80, limit: 2e12 },
      { type: "quota", of: "month", percent: 100, limit: 25e12 },
    ] as const;
    for (const event of events) await services.store.addEvent({ ...event, mirrorId: 1, time: NOW });
    return services;
  },
  "scan.txt": async () =>
    fakeServices({
      store: await mirrors("corrected", "failing", "plain", "warned"),
      scans: {
        scanMirrorNow: async (id, { protocol, listing }) => {
          if (listing !== undefined) return await listingScan(listing);
          if (protocol === "ftp") throw new ScanError("no_url", "no suitable URL for the scan");
          if (id === 1) return { ...MIRROR_SCAN, timeZoneOffset: -7200000 };
          if (id === 2) throw new ScanError("listing", "rsync: no such module");
          const warnings = id === 4 ? ["Some files could not be read"] : [];
          return { ...MIRROR_SCAN, warnings };
        },
        scanSourceNow: () => Promise.resolve(SOURCE_SCAN),
      },
    }),
  "scan_not_indexed.txt": async () => {
    const message = "local repository not yet indexed. You should run 'refresh' first!";
    return fakeServices({
      store: await mirrors("m1", "m2"),
      scans: {
        scanMirrorNow: () => Promise.reject(new ScanError("not_indexed", message)),
        scanSourceNow: ({ force, rehash }) =>
          force
            ? Promise.resolve({ ...SOURCE_SCAN, warnings: rehash ? ["Cannot read /a"] : [] })
            : Promise.reject(new ScanError("repository", "The repository /srv is empty")),
      },
    });
  },
  "stats.txt": async () => {
    const services = fakeServices({ store: await mirrors("m1") });
    const { files, counts } = services.store;
    files.set("2026-11-22", new Map([["/b.iso", 2], ["/a.iso", 1]]));
    files.set("2026-11-21", new Map([["/b.iso", 3]]));
    files.set("2025", new Map([["/Old.iso", 4]]));
    counts.set("2026-11-22", new Map([[1, { downloads: 3, bytes: 1536 }]]));
    counts.set("2026-11-21", new Map([[1, { downloads: 1, bytes: 512 }]]));
    files.set("", new Map([["/b.iso", 5], ["/a.iso", 1], ["/Old.iso", 4]]));
    counts.set("2024-11-22", new Map([[2, { downloads: 1, bytes: 512 }]]));
    const { named } = services.store;
    named.set("2026-11-21", new Map([["downloads", 3], ["bytes", 512], ["country:DE", 3]]));
    named.set(
      "2026-11-22",
      new Map([
        ...[["downloads", 15], ["bytes", 1536], ["bots", 7], ["country:DE", 13]] as const,
        ...[["country:", 2], ["answer:redirect", 16], ["answer:not_found", 4]] as const,
      ]),
    );
    named.set("2026-11-22T14", new Map([["downloads", 15], ["bytes", 1536], ["bots", 7]]));
    named.set("2025-01-01", new Map([["downloads", 1]]));
    return services;
  },
  "meanwhile.txt": async () => {
    const services = fakeServices({ store: await mirrors("m1") });
    const { store } = services;
    await store.updateMirror({ ...store.records.get(1)!, httpUrl: "http://89.160.20.112/" });
    const found = store.mirrors.bind(store);
    // Whoever looks at the mirrors finds them changed by somebody else a moment later.
    store.mirrors = async () => {
      const before = await found();
      for (const mirror of before) {
        await store.updateMirror({ ...mirror, score: mirror.score + 1, comment: "theirs" });
      }
      return before;
    };
    return services;
  },
  "downtime.txt": async () => {
    const store = await mirrors("alpha", "beta");
    await store.enableMirror(1, true);
    return fakeServices({ store });
  },
  "import.txt": async () => fakeServices({ store: await mirrors("m1", "m2", "m3") }),
  "upgrade.txt": () => {
    let works = true;
    return fakeServices({
      upgrade: () => {
        if (!works) return Promise.reject(new Error("The new process did not start: no such file"));
        works = false;
        return Promise.resolve({ pid: 4321 });
      },
    });
  },
  "health.txt": () => {
    let asked = 0;
    const bad: HealthJson = {
      ready: false,
      well: false,
      trouble: "the store has not been reached yet",
      http: { address: "", threads: 1, alive: true, hint: null },
      store: { description: "Redis at 127.0.0.1:6379, database 0", available: false },
      originals: [],
      source: { files: null, lastScan: null },
      geoip: { databases: [], warning: "GeoLite2-City is 75 days old" },
      pieces: { hashed: 2, total: 30 },
      mirrors: { ...mirrorsHealth(null, FAKE_CONFIG, NOW), noRoute: [] },
    };
    const unwell = { ...HEALTHY, well: false, trouble: "all mirrors are gone from the store" };
    const hinted = {
      ...HEALTHY,
      originals: ["old-12345"],
      http: {
        ...HEALTHY.http,
        hint: "800 of 1000 requests were forwarded by 192.0.2.0/24: if that is a proxy of yours, " +
          "add it to TrustedProxies",
      },
    };
    const well = Array(5).fill(HEALTHY);
    const answers = [...well, bad, bad, unwell, hinted];
    return fakeServices({ health: () => Promise.resolve(answers[asked++]!) });
  },
  "reload.txt": () =>
    fakeServices({ reload: () => Promise.resolve({ warnings: ['Unknown key "Gzp"'] }) }),
  "reload_refused.txt": () =>
    fakeServices({
      reload: () => Promise.reject(new Error("Cannot parse line 3: OutputMode is wrong")),
    }),
  "password.txt": () =>
    fakeServices({
      config: () => ({ ...FAKE_CONFIG, rpcPassword: "let me in, 100 %ä" }),
    }),
};

async function mirrors(...names: string[]): Promise<FakeStore> {
  const store = new FakeStore();
  const { DEFAULT_SETTINGS } = await import("../../lib/catalog/settings/mirror_settings.ts");
  for (const name of names) {
    await store.addMirror({ ...DEFAULT_SETTINGS, name, httpUrl: `http://${name}.example/` });
  }
  return store;
}

/** Five mirrors, one of them for its own network, one old, one without the file. */
async function explained(): Promise<Services> {
  const store = await mirrors("campus", "far", "lacking", "near", "old");
  const settings = {
    1: { networks: ["192.0.2.0/24"], latitude: 40, longitude: -74, countryCodes: ["US"] },
    2: { latitude: 40, longitude: -74, countryCodes: ["US"], continentCode: "NA" },
    3: {},
    4: { latitude: 59, longitude: 18, countryCodes: ["SE"], continentCode: "EU" },
    5: { latitude: 59, longitude: 18 },
  };
  const indexed = indexedFile("/pub/file.iso");
  const [copy] = indexed.copies;
  for (const [id, changes] of Object.entries(settings)) {
    await store.updateMirror({ ...store.records.get(Number(id))!, ...changes, enabled: true });
    store.setState(Number(id), { httpUp: true, lastSuccessfulSync: NOW });
  }
  const copies = [1, 2, 4, 5].map((mirrorId) => ({
    ...copy!,
    mirrorId,
    size: mirrorId === 5 ? 7 : copy!.size,
  }));
  store.indexed.set("/pub/file.iso", { ...indexed, copies });
  return fakeServices({ store });
}

/** A scan of what the program sends, as a scan would read it. */
async function listingScan(listing: AsyncIterable<Uint8Array>): Promise<typeof MIRROR_SCAN> {
  let indexed = 0;
  try {
    const { files } = new GivenLister(listing).list("", new AbortController().signal);
    for await (const batch of files) indexed += batch.length;
  } catch (error) {
    throw new ScanError("listing", (error as Error).message);
  }
  return { ...MIRROR_SCAN, indexed, known: indexed, removed: 0 };
}
