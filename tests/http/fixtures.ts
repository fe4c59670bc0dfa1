import type { Clock } from "../../lib/clock/clock.ts";
import type { IndexedFile, SourceFile } from "../../lib/catalog/file.ts";
import type { FileRevision } from "../../lib/catalog/file_revision.ts";
import type { GoneFile } from "../../lib/catalog/gone_file.ts";
import type { PieceHashes } from "../../lib/catalog/piece_hashes.ts";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import type { GeoRecord } from "../../lib/geo/geo_record.ts";
import type { ForgetfulFileIndex } from "../../lib/http/threads/side_options.ts";
import type { DirectoryEntry, DiskAnswer, Repository } from "../../lib/http/request/repository.ts";
import type { HttpConfig } from "../../lib/http/request/config.ts";
import type { MirrorCounts } from "../../lib/http/request/count_memory.ts";
import type { HourTally } from "../../lib/stats/hour_tally.ts";
import type { AnswerFacts } from "../../lib/stats/recorder.ts";
import type { RequestTally } from "../../lib/stats/request_tally.ts";
import type { StoreReader } from "../../lib/store/store_reader.ts";
import { ZSYNC_PART, type ZsyncSums } from "../../lib/catalog/zsync_sums.ts";
import { HttpSide } from "../../lib/http/threads/side.ts";
import { clientRecord, mirrorRecord } from "../selection/fixtures.ts";
import { MemoryLog } from "../support/memory_log.ts";

/** 2026-11-22 15:04:05.678 UTC. */
export const NOW = Date.UTC(2026, 10, 22, 15, 4, 5, 678);

/** The time of every file: 2023-11-14 23:13:20.5 UTC. */
export const FILE_TIME = Date.UTC(2023, 10, 14, 23, 13, 20, 500);

/** The default configuration. */
export const CONFIG: HttpConfig = {
  repository: "/srv/repository",
  listenAddress: { transport: "tcp", hostname: "127.0.0.1", port: 8080 },
  workers: 1,
  gzip: false,
  hashes: { sha1: false, sha256: true, md5: false },
  outputMode: "auto",
  localJsPath: "",
  allowHttpToHttpsRedirects: true,
  sameDownloadInterval: 600,
  logDir: null,
  logRefused: "sampled",
  logAddress: "full",
  maxLinkHeaders: 10,
  fixTimezoneOffsets: false,
  tolerance: 0,
  weightDistributionRange: 1.5,
  allowOutdatedFiles: [],
  fallbacks: [],
  trustedProxies: ["127.0.0.0/8", "::1/128", "10.0.0.0/8"],
  forwardedHeader: "X-Forwarded-For",
  ipFamilies: "ignore",
  geographicalSort: true,
  directories: "fallback",
  exclude: [],
  embargo: [],
  latest: [],
  serveLocally: null,
  stableDraw: [],
  metadataSets: [],
  keepRemoved: null,
  rules: [],
  refuse: [],
  clientChoice: "avoid",
  explain: "none",
  geoOverrides: [],
  metalink: true,
  metalinkHeaders: "auto",
  metalinkNegotiation: false,
  metalinkMirrors: 20,
  metalinkPublisher: null,
  metalinkAlternates: 4,
  pieceHashes: false,
  pieceHashMinSize: 16,
  torrents: false,
  torrentVersion: "1",
  torrentTrackers: [],
  zsync: false,
  publicUrl: null,
  staleAfter: 2880,
  verify: null,
  metricsCountries: false,
  publicStats: "mirrors",
  ignoreAgents: [],
};

/** A client in London, one in Linköping with an AS, one in Milton with another. */
export const PLACES: Readonly<Record<string, GeoRecord>> = {
  "81.2.69.160": clientRecord({
    countryCode: "GB",
    country: "United Kingdom",
    city: "London",
    latitude: 51.5142,
    longitude: -0.0931,
  }),
  "89.160.20.112": clientRecord({
    countryCode: "SE",
    country: "Sweden",
    city: "Linköping",
    latitude: 58.4167,
    longitude: 15.6167,
    asNumber: 29518,
    asName: "Bredband2 AB",
  }),
  "216.160.83.56": clientRecord({
    countryCode: "US",
    country: "United States",
    continentCode: "NA",
    city: "Milton",
    latitude: 47.2513,
    longitude: -122.3149,
    asNumber: 209,
  }),
};

/** A mirror in each of their places, and one in Germany with both schemes. */
export const MIRRORS: readonly MirrorRecord[] = [
  mirrorRecord(1, { countryCodes: ["GB"], latitude: 51.5142, longitude: -0.0931 }),
  mirrorRecord(2, {
    countryCodes: ["SE", "NO"],
    latitude: 58.4167,
    longitude: 15.6167,
    asNumber: 29518,
  }),
  mirrorRecord(3, {
    countryCodes: ["US"],
    continentCode: "NA",
    latitude: 47.2513,
    longitude: -122.3149,
    asNumber: 209,
  }),
  mirrorRecord(4, {
    httpUrl: "m4.example/pub/",
    httpsUp: true,
    latitude: 51.5,
    longitude: 10.5,
  }),
];

/** A file with a perfect copy on each mirror. */
export function indexedFile(path: string, changes: Partial<SourceFile> = {}): IndexedFile {
  const file: SourceFile = {
    path,
    size: 1000,
    modTime: FILE_TIME,
    sha1: "",
    sha256: "ab".repeat(32),
    md5: "cd".repeat(16),
    ...changes,
  };
  const copies = MIRRORS.map(({ id }) => ({
    mirrorId: id,
    size: file.size,
    modTime: file.modTime,
  }));
  return { file, copies };
}

/** What statistics are read from. */
export type Statistics = Pick<
  StoreReader,
  | "allFileDownloads"
  | "downloadsByPeriod"
  | "events"
  | "mirrorDownloads"
  | "series"
  | "seriesSums"
  | "totalDownloads"
>;

const NO_STATISTICS: Statistics = {
  allFileDownloads: async function* () {},
  downloadsByPeriod: (_id, periods) => periods.map(() => ({ downloads: 0, bytes: 0 })),
  events: () => [],
  mirrorDownloads: () => new Map(),
  series: (times) => times.map(() => null),
  seriesSums: () => new Map(),
  totalDownloads: () => 0,
};

/** What a {@linkcode Site} is to be like. */
export interface SiteOptions {
  /** Default: nothing is ever due. */
  readonly after?: Clock["after"];
  readonly config?: Partial<HttpConfig>;
  readonly mirrors?: readonly MirrorRecord[];
  /** Files that memory knows. */
  readonly files?: readonly IndexedFile[];
  /** Files that only the store knows. */
  readonly cold?: readonly IndexedFile[];
  /** What is on disk beside; all else is missing. */
  readonly disk?: Readonly<Record<string, DiskAnswer>>;
  /** Entries of directories of that disk. */
  readonly listed?: readonly DirectoryEntry[];
  /** A disk in place of that one. */
  readonly repository?: Repository;
  /** Downloads and bytes of this day, by mirror. */
  readonly counts?: MirrorCounts;
  /** Former versions of files. */
  readonly revisions?: ReadonlyMap<string, readonly FileRevision[]>;
  /** Hashes of the pieces of files. */
  readonly pieces?: ReadonlyMap<string, PieceHashes & { readonly zsync?: ZsyncSums | null }>;
  /** Files that left the source. */
  readonly gone?: ReadonlyMap<string, GoneFile>;
  /** Notes of files that mirrors were asked for. */
  readonly asked?: ReadonlyMap<string, string>;
  /** A store with statistics, in place of `counts`. */
  readonly stats?: Statistics;
  /** Thrown by the store. */
  readonly storeError?: Error;
  /** Thrown by the disk. */
  readonly diskError?: Error;
  readonly random?: () => number;
  /** Counts for the metrics. */
  readonly tally?: RequestTally;
  /** Counts for the statistics. */
  readonly hours?: HourTally;
  /** Takes what was recorded, besides. */
  readonly record?: (facts: AnswerFacts) => void;
}

/** How a request is made. */
export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** X-Forwarded-For. */
  readonly from?: string;
  readonly remote?: Deno.Addr;
}

const LOCAL: Deno.Addr = { transport: "tcp", hostname: "127.0.0.1", port: 1234 };

/** An HTTP side over plain objects, with what it recorded, logged and asked for. */
export class Site {
  readonly facts: AnswerFacts[] = [];
  /** Who forwarded each request without being trusted to. */
  readonly forwarders: (string | null)[] = [];
  readonly wanted: string[] = [];
  /** Whose connections were to be cut. */
  readonly cuts: Deno.Addr[] = [];
  readonly log = new MemoryLog();
  readonly lookups: string[] = [];
  readonly diskLookups: string[] = [];
  readonly side: HttpSide<Readonly<Record<string, GeoRecord>>>;
  now = NOW;
  storeError: Error | undefined;
  flushes = 0;
  readonly #known = new Map<string, IndexedFile | null>();
  readonly #statistics: Statistics;

  constructor(options: SiteOptions = {}) {
    this.storeError = options.storeError;
    this.#statistics = options.stats ?? NO_STATISTICS;
    for (const entry of options.files ?? [indexedFile("/pool/file.iso")]) {
      this.#known.set(entry.file.path, entry);
    }
    const cold = new Map((options.cold ?? []).map((entry) => [entry.file.path, entry]));
    const known = this.#known;
    const files: ForgetfulFileIndex = {
      peek: (path) => known.get(path),
      load: (path) => {
        this.lookups.push(path);
        if (this.storeError) throw this.storeError;
        const entry = cold.get(path) ?? null;
        known.set(path, entry);
        return Promise.resolve(entry);
      },
      drop: (paths) => paths.forEach((path) => known.delete(path)),
      clear: () => known.clear(),
    };
    this.side = new HttpSide({
      config: { ...CONFIG, ...options.config },
      files,
      reader: {
        askedNotes: (names) => names.map((name) => options.asked?.get(name) ?? null),
        goneFile: (path) => options.gone?.get(path) ?? null,
        pieceHashes: (path) => {
          if (this.storeError) return Promise.reject(this.storeError);
          return options.pieces?.get(path) ?? null;
        },
        revisions: (path) => options.revisions?.get(path) ?? [],
        zsyncHead: (path) => {
          const record = options.pieces?.get(path);
          if (!record?.zsync) return null;
          const { size, modTime, sha256, zsync: { block, sha1 } } = record;
          return { path, size, modTime, sha256, block, sha1 };
        },
        zsyncPart: ({ path, sha1 }, part) => {
          const zsync = options.pieces?.get(path)?.zsync;
          if (zsync?.sha1 !== sha1) return null;
          return zsync.sums.slice(part * ZSYNC_PART, (part + 1) * ZSYNC_PART);
        },
        fileDownloads: (path, periods) => {
          if (this.storeError) return Promise.reject(this.storeError);
          return periods.map((period) => path === "/pool/file.iso" ? period.length : 0);
        },
        allFileDownloads: (periods) => this.#stats().allFileDownloads(periods),
        downloadsByPeriod: (id, periods) => this.#stats().downloadsByPeriod(id, periods),
        events: (id, limit) => this.#stats().events(id, limit),
        series: (times, names) => this.#stats().series(times, names),
        seriesSums: (times) => this.#stats().seriesSums(times),
        totalDownloads: () => this.#stats().totalDownloads(),
        mirrorDownloads: (periods) => {
          if (options.stats !== undefined) return this.#stats().mirrorDownloads(periods);
          const [period] = periods;
          if (this.storeError) return Promise.reject(this.storeError);
          return new Map(period === "2026-11-22" ? options.counts : []);
        },
      },
      repository: {
        list: (_root, directory) =>
          Promise.resolve(
            (options.listed ?? []).filter(({ name, path }) =>
              path === `${directory === "/" ? "" : directory}/${name}`
            ),
          ),
        read: () => Promise.resolve(null),
        namesTime: () => Promise.resolve(null),
        open: () => Promise.resolve("missing"),
        lookup: (_root, path) => {
          this.diskLookups.push(path);
          if (options.diskError) return Promise.reject(options.diskError);
          return Promise.resolve(options.disk?.[path] ?? { type: "missing", path });
        },
        oddNames: () => Promise.resolve(new Map()),
      },
      ...(options.repository ? { repository: options.repository } : {}),
      openGeo: (places) => ({ resolve: (address) => places[address] ?? null }),
      ...(options.tally === undefined ? {} : { tally: options.tally }),
      ...(options.hours === undefined ? {} : { hours: options.hours }),
      recorder: {
        record: (facts) => {
          this.facts.push(facts);
          options.record?.(facts);
        },
        flush: () => this.flushes++,
        taken: () => {},
      },
      forwarders: { add: (network) => this.forwarders.push(network) },
      threads: ({ workers }) => Number(workers),
      cut: (peer) => this.cuts.push(peer),
      wanted: (path) => this.wanted.push(path),
      log: this.log,
      elapsed: () => this.now,
      after: options.after ?? (() => ({ [Symbol.dispose]: () => {} })),
      now: () => this.now,
      random: options.random ?? (() => 0),
      version: "1.2.3",
    });
    this.side.receive({ type: "mirrors", mirrors: options.mirrors ?? MIRRORS });
    this.side.receive({ type: "geoip", databases: PLACES });
  }

  #stats(): Statistics {
    if (this.storeError) throw this.storeError;
    return this.#statistics;
  }

  /** Lets memory know a file. */
  index(entry: IndexedFile): void {
    this.#known.set(entry.file.path, entry);
  }

  /** Asks; the answer may be there at once. */
  ask(target: string, options: RequestOptions = {}): Response | Promise<Response> {
    const headers = new Headers(options.headers);
    if (options.from !== undefined) headers.set("X-Forwarded-For", options.from);
    const url = /^[a-z+]+:\/\//.test(target) ? target : `http://localhost:8080${target}`;
    return this.side.handler(plainRequest(url, options.method ?? "GET", headers), {
      remoteAddr: options.remote ?? LOCAL,
    });
  }

  /** Asks and waits. */
  async get(target: string, options: RequestOptions = {}): Promise<Response> {
    return await this.ask(target, options);
  }
}

/** A request as the server hands it over: with the URL as received, which `new Request` would clean. */
export function plainRequest(url: string, method: string, headers: Headers): Request {
  // deno-lint-ignore no-explicit-any -- a handler looks at nothing else
  return { url, method, headers } as any;
}
