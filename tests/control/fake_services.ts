import type { Rollout } from "../../lib/catalog/rollout.ts";
import type { IndexedFile } from "../../lib/catalog/file.ts";
import type {
  DifferencePage,
  DifferenceQuery,
  FileVersion,
} from "../../lib/catalog/file_difference.ts";
import type { Mirror } from "../../lib/catalog/mirror.ts";
import type { MirrorEvent } from "../../lib/catalog/mirror_event.ts";
import type { MirrorRecord, MirrorState } from "../../lib/catalog/mirror_state.ts";
import type { MirrorScanResult, SourceScanResult } from "../../lib/catalog/scan_result.ts";
import type { GeoRecord } from "../../lib/geo/geo_record.ts";
import type { HealthJson } from "../../lib/control/api/daemon_schemas.ts";
import type { GeoipJson } from "../../lib/control/api/geoip_schemas.ts";
import type { ControlServices } from "../../lib/control/control_services.ts";
import type { HttpConfig } from "../../lib/http/request/config.ts";
import type { CountedPeriods, DownloadCount, Period } from "../../lib/store/download_counts.ts";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { INITIAL_STATE } from "../../lib/catalog/mirror_state_fields.ts";
import { Explainer } from "../../lib/http/answer/explainer.ts";
import { NameTakenError, NoSuchMirrorError } from "../../lib/store/store.ts";
import { CONFIG } from "../http/fixtures.ts";
import { READY_SETS } from "../../lib/catalog/set_rule.ts";
import { formatHistory, formatStanding, standingName } from "../../lib/catalog/set_state.ts";
import { Trees } from "../../lib/selection/tree.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { MemoryNotes } from "../support/memory_notes.ts";

/** What the control API needs of a store, in memory. */
export class FakeStore {
  readonly records = new Map<number, MirrorRecord>();
  readonly allEvents: MirrorEvent[] = [];
  readonly notes = new MemoryNotes();
  /** Period → path → downloads. */
  readonly files = new Map<Period, Map<string, number>>();
  /** Period → mirror → downloads. */
  readonly counts = new Map<Period, Map<number, { downloads: number; bytes: number }>>();
  /** Hour or day → name → count. */
  readonly named = new Map<Period, Map<string, number>>();
  /** Path → file with its copies. */
  readonly indexed = new Map<string, IndexedFile>();
  #lastId = 0;

  mirrors(): Promise<MirrorRecord[]> {
    return Promise.resolve([...this.records.values()]);
  }

  mirror(id: number): Promise<MirrorRecord | null> {
    return Promise.resolve(this.records.get(id) ?? null);
  }

  addMirror(mirror: Omit<Mirror, "id">): Promise<number> {
    return this.#change(mirror.name, 0, () => {
      const id = ++this.#lastId;
      this.records.set(id, { ...mirror, ...INITIAL_STATE, id });
      return id;
    });
  }

  updateMirror(mirror: Mirror): Promise<void> {
    return this.#change(mirror.name, mirror.id, () => this.#replace(mirror.id, mirror));
  }

  enableMirror(id: number, enabled: boolean): Promise<void> {
    return this.#change("", id, () => this.#replace(id, { enabled }));
  }

  updateMirrorState(id: number, state: Partial<MirrorState>): Promise<void> {
    return this.#change("", id, () => this.#replace(id, state));
  }

  removeMirror(id: number): Promise<void> {
    return this.#change("", id, () => {
      this.#replace(id, {});
      this.records.delete(id);
    });
  }

  /** What the monitor would find. */
  setState(id: number, state: Partial<MirrorState>): void {
    this.#replace(id, state);
  }

  addEvent(event: MirrorEvent): Promise<void> {
    this.allEvents.push(event);
    return Promise.resolve();
  }

  events(mirrorId: number, limit: number): Promise<MirrorEvent[]> {
    const events = this.allEvents.filter((event) => event.mirrorId === mirrorId);
    return Promise.resolve(events.slice(-limit));
  }

  mirrorDownloads(
    periods: readonly Period[],
  ): Promise<Map<number, { downloads: number; bytes: number }>> {
    const sums = new Map<number, { downloads: number; bytes: number }>();
    for (const period of periods) {
      for (const [id, { downloads, bytes }] of this.counts.get(period) ?? []) {
        const sum = sums.get(id) ?? { downloads: 0, bytes: 0 };
        sums.set(id, { downloads: sum.downloads + downloads, bytes: sum.bytes + bytes });
      }
    }
    return Promise.resolve(sums);
  }

  async *allFileDownloads(
    periods: readonly Period[],
  ): AsyncGenerator<ReadonlyMap<string, number>> {
    const batches = periods.map((period) => this.files.get(period) ?? new Map<string, number>());
    yield* await Promise.resolve(batches);
  }

  downloadsByPeriod(mirrorId: number | null, periods: readonly Period[]): DownloadCount[] {
    return periods.map((period) => {
      const counts = [...this.counts.get(period) ?? []]
        .filter(([id]) => mirrorId === null || id === mirrorId);
      return {
        downloads: counts.reduce((sum, [, { downloads }]) => sum + downloads, 0),
        bytes: counts.reduce((sum, [, { bytes }]) => sum + bytes, 0),
      };
    });
  }

  totalDownloads(): number {
    return [...this.files.get("")?.values() ?? []].reduce((sum, count) => sum + count, 0);
  }

  series(times: readonly Period[], names: readonly string[]): (number[] | null)[] {
    return times.map((time) => {
      const counts = this.named.get(time);
      return counts === undefined ? null : names.map((name) => counts.get(name) ?? 0);
    });
  }

  seriesSums(times: readonly Period[]): Map<string, number> {
    const sums = new Map<string, number>();
    for (const [name, count] of times.flatMap((time) => [...this.named.get(time) ?? []])) {
      sums.set(name, (sums.get(name) ?? 0) + count);
    }
    return sums;
  }

  countedPeriods(): Promise<CountedPeriods> {
    const counters = new Set([...this.files.keys(), ...this.counts.keys()]);
    return Promise.resolve({
      counters: [...counters].sort(),
      series: [...this.named.keys()].sort(),
    });
  }

  removeCounted(kind: keyof CountedPeriods, period: Period): Promise<number> {
    const tables = kind === "series" ? [this.named] : [this.files, this.counts];
    const sizes = tables.map((table) => table.get(period)?.size ?? 0);
    for (const table of tables) table.delete(period);
    return Promise.resolve(sizes.reduce((sum, size) => sum + size, 0));
  }

  forgetRevisions(path: string): Promise<number> {
    return Promise.resolve(path.length);
  }

  #replace(id: number, change: Partial<MirrorRecord>): void {
    const record = this.records.get(id);
    if (!record) throw new NoSuchMirrorError(id);
    this.records.set(id, { ...record, ...change });
  }

  #change<T>(name: string, id: number, change: () => T): Promise<T> {
    for (const record of this.records.values()) {
      if (record.name === name && record.id !== id) return Promise.reject(new NameTakenError(name));
    }
    return new Promise((resolve) => resolve(change()));
  }
}

/** The place of one address, for the fake GeoIP database. */
export const SWEDEN: GeoRecord = {
  countryCode: "SE",
  country: "Sweden",
  continentCode: "EU",
  city: "Linköping",
  latitude: 58.4167,
  longitude: 15.6167,
  located: true,
  asNumber: 29518,
  asName: "Bredband2 AB",
};

/** The time of the fake clock. */
export const NOW: number = Date.parse("2026-11-22T15:04:05Z");

/** What a scan finds that nobody told otherwise. */
export const MIRROR_SCAN: MirrorScanResult = {
  protocol: "rsync",
  indexed: 28,
  known: 27,
  removed: 1,
  timeZoneOffset: 0,
  warnings: [],
};

/** What a source scan finds that nobody told otherwise. */
export const SOURCE_SCAN: SourceScanResult = {
  files: 28,
  changed: 28,
  removed: 0,
  hashed: 28,
  bytes: 1000,
  aliases: new Map([["/a", "/b"]]),
  outside: [],
  warnings: [],
};

/** A daemon that is ready. */
export const HEALTHY: HealthJson = {
  ready: true,
  well: true,
  trouble: null,
  http: { address: "[::]:8080", threads: 2, alive: true, hint: null },
  store: { description: "SQLite 3.53 at /var/lib/mirrorbits/mirrorbits.db", available: true },
  originals: [],
  source: { files: 28, lastScan: new Date(NOW).toISOString() },
  geoip: {
    databases: [
      { type: "GeoLite2-City", built: "2026-11-20" },
      { type: "GeoLite2-ASN", built: "2026-11-21" },
    ],
    warning: null,
  },
  pieces: null,
  mirrors: {
    ...{
      enabled: 4,
      up: 3,
      httpOnly: 1,
      httpsOnly: 0,
      down: 1,
      unknown: 0,
      planned: 0,
      disabled: 1,
    },
    ...{ stale: 1, busy: 0, furthest: { name: "beta", lag: 3 * 86_400_000 }, notScanned: [] },
    asOf: null,
    noRoute: [],
  },
};

/** What the control API asks of the configuration. */
export const FAKE_CONFIG: ReturnType<ControlServices["config"]> = {
  checkInterval: 1,
  rpcPassword: "",
  rpcListenAddress: { hostname: "localhost", port: 3390 },
  keepStats: 0,
  scanInterval: 30,
  staleAfter: 2880,
};

const GEO = {
  resolve: (address: string) => (address === "89.160.20.112" ? SWEDEN : null),
  sourcesOf: (address: string) => (address === "89.160.20.112" ? ["City.mmdb"] : []),
};

/** What tells how requests are decided, over a store in memory. */
export function fakeChoices(store: FakeStore, config: Partial<HttpConfig> = {}): Explainer {
  return new Explainer({
    mirrors: () => store.mirrors(),
    lookup: (path) => store.indexed.get(path) ?? null,
    config: () => ({ ...CONFIG, ...config }),
    geo: GEO,
    quotas: () => new Map(),
    notes: (kind) => store.notes.all(kind),
    now: Date.now,
  });
}

/** Everything the control API works on, in memory; parts can be replaced. */
export function fakeServices(
  parts: Partial<ControlServices> & { readonly store?: FakeStore } = {},
): ControlServices & { readonly store: FakeStore; readonly log: MemoryLog } {
  const log = new MemoryLog();
  const { store = new FakeStore() } = parts;
  return {
    store,
    geo: GEO,
    choices: fakeChoices(store),
    resolveHost: (hostname) =>
      hostname.endsWith(".invalid")
        ? Promise.reject(new Error("no such host"))
        : Promise.resolve([hostname]),
    scans: {
      scanMirrorNow: () => Promise.resolve(MIRROR_SCAN),
      scanSourceNow: () => Promise.resolve(SOURCE_SCAN),
    },
    reload: () => Promise.resolve({ warnings: [] }),
    nodes: () =>
      Promise.resolve({
        cluster: true,
        nodes: [
          { name: "a-12345", self: true, mirrors: ["m1"] },
          { name: "b-54321", self: false, mirrors: [] },
        ],
      }),
    geoip: {
      report: (address) => Promise.resolve(sampleGeoip(address)),
      update: () => Promise.resolve(sampleGeoip(null)),
    },
    sets: () => Promise.resolve(sampleSets()),
    rollout: (path) => Promise.resolve(path === "/none" ? null : sampleRollout()),
    checkUrl: (url) =>
      url.includes("bad")
        ? Promise.resolve({
          url,
          suitable: false,
          findings: [
            { weight: "mend", text: "IPv4: 192.0.2.1: connection refused" },
            { weight: "advice", text: "No IPv6 address: clients that have nothing else get none" },
          ],
        })
        : Promise.resolve({
          url,
          suitable: true,
          findings: [{ weight: "good", text: "10 files are there, with their sizes and times" }],
        }),
    testNotify: () => Promise.resolve({ messages: [] }),
    health: () => Promise.resolve(HEALTHY),
    prunePieces: () => Promise.resolve(3),
    metrics: (accept) => Promise.resolve({ contentType: "text/plain", body: `a ${accept}\n` }),
    differences: (_mirror, query) => Promise.resolve(sampleDifferences(query)),
    version: { version: "1.2.3", deno: "2.0.0", v8: "14", os: "linux", architecture: "x", cpus: 2 },
    config: () => FAKE_CONFIG,
    remembered: () => null,
    ...systemClock,
    now: () => NOW,
    ...parts,
    log,
  } as ControlServices & { readonly store: FakeStore; readonly log: MemoryLog };
}

/** Two databases for places, and none for networks. */
function sampleGeoip(address: string | null): GeoipJson {
  const place = { role: "place", answers: true, reason: "" } as const;
  const directory = "/usr/share/GeoIP";
  const built = "2026-11-20T00:00:00.000Z";
  return {
    databases: [
      { ...place, name: "/var/lib/mirrorbits/geoip/city.mmdb", type: "DBIP-City-Lite", built },
      {
        ...{ role: "place", name: `${directory}/GeoLite2-City.mmdb`, type: "GeoLite2-City" },
        ...{ built: "2024-01-01T00:00:00.000Z", answers: false, reason: "it is older" },
      },
    ],
    old: [],
    update: {
      source: "DB-IP",
      checked: "2026-11-22T03:00:00.000Z",
      next: "2026-11-23T03:00:00.000Z",
      failure: null,
    },
    lookup: address === null
      ? null
      : { address, place: GEO.resolve(address), sources: GEO.sourcesOf(address) },
  };
}

/** Three files that differ, each in every way. */
function sampleDifferences({ kind, after, limit }: DifferenceQuery): DifferencePage {
  const version = (size: number, hours: number): FileVersion => ({
    size,
    modTime: NOW - hours * 3_600_000,
  });
  const files = ["/a b.iso", "/it's", "/z"].filter((path) => path > after).map((path) => ({
    path,
    source: kind === "foreign" ? null : version(path.length, 1),
    mirror: kind === "missing" ? null : path === "/z" ? { size: 0, modTime: null } : version(7, 3),
  }));
  return { files: files.slice(0, limit), more: files.length > limit };
}

/** Something that one of two mirrors has. */
function sampleRollout(): Rollout {
  return {
    ...{ percent: 50, have: 1, traffic: 12.5 },
    continents: [{ code: "EU", mirrors: 2, have: 1 }],
    mirrors: [
      { id: 2, name: "slow", has: false, took: null },
      { id: 1, name: "quick", has: true, took: 60_000 },
    ],
    curve: [{ time: 0, have: 0 }, { time: 60_000, have: 1 }],
  };
}

/** One metadata set, of which the first mirror has the present revision and the second an older one. */
function sampleSets(): Trees {
  const trees = new Trees({ stableDraw: [], metadataSets: READY_SETS.apt! }, 0);
  const root = "/dists/a/InRelease";
  const revisions = [1, 2].map((number) => ({
    ...{ number, size: 1, modTime: null, sha256: "", time: Date.UTC(2026, 10, 22, number) },
  }));
  trees.takeSets(new Map([[root, formatHistory({ revisions, former: new Map() })]]), null);
  const standing = (whole: number): string =>
    formatStanding({ seen: whole, whole, unsteady: false, time: 0 });
  trees.takeStandings(
    new Map([1, 2].map((id) => [standingName(id, root), standing(3 - id)])),
    null,
  );
  return trees;
}
