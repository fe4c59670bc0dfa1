import type { EmbargoRule } from "../catalog/embargo.ts";
import type { LatestRule } from "../catalog/latest_rule.ts";
import type { SetRule } from "../catalog/set_rule.ts";
import type { RefusalRule, SelectionRule } from "../catalog/selection_rule.ts";
import type { NotifyReceiver } from "./notify_receiver.ts";

/** How the standard answer looks. */
export type OutputMode = "auto" | "json" | "redirect";

/** A server that answers when no mirror can. */
export interface FallbackConfig {
  /** Base URL with a trailing slash; the scheme may be missing. */
  readonly url: string;
  /** Upper-case ISO 3166-1 code; empty: none. */
  readonly countryCode: string;
  /** Upper-case two-letter code; empty: none. */
  readonly continentCode: string;
}

/** When a redirect carries the headers of RFC 6249: for clients that show that they use them; each; none. */
export type MetalinkHeaders = "auto" | "always" | "never";

/** What clients may say of mirrors: nothing, which they do not want, or also which ones they do. */
export type ClientChoice = "none" | "avoid" | "all";

/** What of the statistics strangers see. */
export type PublicStats = "none" | "mirrors" | "all";

/** Version of the torrents: BEP 3 alone, or with BEP 52. */
export type TorrentVersion = "1" | "hybrid";

/** Who publishes the files. */
export interface PublisherConfig {
  /** Text in one line. */
  readonly name: string;
  /** An HTTP or HTTPS URL; empty: none. */
  readonly url: string;
}

/** How the front sends files in place of this server: which header tells it, and what stands before paths. */
export interface AccelConfig {
  /** nginx has the first one, Apache and lighttpd the second. */
  readonly header: "X-Accel-Redirect" | "X-Sendfile";
  /** With a slash at both ends, percent-encoded; empty for X-Sendfile, which names files on disk. */
  readonly prefix: string;
}

/** What is sent from the repository itself, in place of a redirect. */
export interface ServeLocallyConfig {
  /** Files smaller than so many bytes; 0: none for their size. */
  readonly below: number;
  /** Files that match one of these patterns of paths. */
  readonly patterns: readonly string[];
  /** Whether files are that no mirror can serve, before fallbacks are asked. */
  readonly lastResort: boolean;
  /** Bytes a second of all files together. */
  readonly maxBytesPerSecond: number;
  /** Files at once. */
  readonly maxConnections: number;
  /** Who sends the bytes for trusted peers; `null`: this server. */
  readonly accel: AccelConfig | null;
}

/** How old copies below a path may be. */
export interface OutdatedFilesRule {
  /** Path prefix with a leading slash. */
  readonly prefix: string;
  /** How old a copy may be. */
  readonly minutes: number;
}

/** What is so of a network, whatever the GeoIP databases say; what is missing stays as they say. */
export interface GeoOverride {
  /** In CIDR notation. */
  readonly network: string;
  /** Upper-case ISO 3166-1 code. */
  readonly country?: string;
  /** Autonomous system number. */
  readonly asNumber?: number;
  /** Degrees, north positive. */
  readonly latitude?: number;
  /** Degrees, east positive. */
  readonly longitude?: number;
}

/** Where to listen: a TCP address or a Unix socket. */
export type ListenAddress =
  | { readonly transport: "tcp"; readonly hostname: string; readonly port: number }
  | {
    readonly transport: "unix";
    readonly path: string;
    /** Permissions of the socket; absent: as the umask gives. */
    readonly mode?: number;
  };

/** The whole configuration, validated and normalised; the keys are those of the file in camel case. */
export interface Config {
  /** Absolute path of the source repository, without a trailing slash. */
  readonly repository: string;
  /** Directory of page templates; `null`: the embedded pages. */
  readonly templates: string | null;
  /** Base URL of a copy of jQuery and others in the original; shown in JSON, used by nothing. */
  readonly localJsPath: string;
  /** How the standard answer looks; default `auto`. */
  readonly outputMode: OutputMode;
  /** Where requests are answered; default port 8080 on every address. */
  readonly listenAddress: ListenAddress;
  /** Permissions of a Unix socket in `listenAddress`; `null`, the default: as the umask gives. */
  readonly unixSocketMode: number | null;
  /** Whether HTML and JSON answers are compressed; default false. */
  readonly gzip: boolean;
  /** Whether a client that came by HTTP may be sent to HTTPS; default true. */
  readonly allowHttpToHttpsRedirects: boolean;
  /** Seconds; 0: every ranged request counts. */
  readonly sameDownloadInterval: number;
  /** `null`, and no sentinels: the embedded store. */
  readonly redisAddress: { readonly hostname: string; readonly port: number } | null;
  /** A user of Redis 6 and later; empty: the default one. */
  readonly redisUser: string;
  /** Empty: none. */
  readonly redisPassword: string;
  /**
   * Whether connections to Redis and its sentinels are encrypted; a path: the file of the certificates, in
   * PEM, that they are trusted by in place of the system's. Default false.
   */
  readonly redisTls: boolean | string;
  /** Number of the database. */
  readonly redisDb: number;
  /** Name under which the sentinels know the master. */
  readonly redisSentinelMasterName: string;
  /** Empty: Redis is not reached through sentinels. */
  readonly redisSentinels: readonly { readonly hostname: string; readonly port: number }[];
  /** Directory of downloads.log; `null`: no download log. */
  readonly logDir: string | null;
  /**
   * Lines of 404 and 503 in downloads.log; default `sampled`: 100 a second, and one that counts the
   * rest.
   */
  readonly logRefused: "sampled" | "all" | "none";
  /**
   * Of a client's address, what downloads.log holds; default `full`. `network`: the first address of its
   * /24 or /48.
   */
  readonly logAddress: "full" | "network" | "none";
  /** Permissions of logs that are made, less those that the umask takes; default 0o640. */
  readonly logMode: number;
  /** Path below the mirrors' base URLs, without a leading slash; empty: none. */
  readonly traceFileLocation: string;
  /** Directory of the GeoIP databases. */
  readonly geoipDatabasePath: string;
  /**
   * From where GeoIP databases are fetched: `off`, the default; `dbip`; `maxmind`; or a URL, perhaps with
   * user and password, in which `{edition}` stands for `city` and `asn` and `{month}` for `2026-11`.
   */
  readonly geoipUpdate: string;
  /** Number of the account at MaxMind; empty: none. */
  readonly geoipAccountId: string;
  /** Key to go with it; empty: none. */
  readonly geoipLicenseKey: string;
  /** Mirror scans at once; default 5. */
  readonly concurrentSync: number;
  /** Minutes. */
  readonly scanInterval: number;
  /** Minutes that a mirror's listing may be old, else it serves nobody; 0, the default: any number. */
  readonly maxScanAge: number;
  /** Whether mirrors are scanned over HTTP: those with neither rsync nor FTP, others when that failed, or none. */
  readonly httpScan: "auto" | "fallback" | "off";
  /** Requests a second to one mirror, 0.1 to 200. */
  readonly httpScanRate: number;
  /** Minutes in which a scan over HTTP looks at everything once. */
  readonly httpScanInterval: number;
  /**
   * Whether mirrors are checked over IPv4 and IPv6 separately, and what becomes of those that are down on
   * the family of a client: they go behind all others (`prefer`, the default) or are left out (`strict`).
   */
  readonly ipFamilies: "prefer" | "strict" | "ignore";
  /** Minutes; 0: always due. */
  readonly checkInterval: number;
  /** Minutes; 0: no automatic source scan. */
  readonly repositoryScanInterval: number;
  /** Whether the source is scanned as soon as the system tells that it changed; default true. */
  readonly watchRepository: boolean;
  /** How many alternatives an answer names in `Link` headers; default 10. */
  readonly maxLinkHeaders: number;
  /** Whether mirrors whose times are hours off are corrected; default false. */
  readonly fixTimezoneOffsets: boolean;
  /** Milliseconds by which times of copies may differ either way; default 0. */
  readonly tolerance: number;
  /** Which hashes a source scan computes; default SHA-256. */
  readonly hashes: { readonly sha256: boolean; readonly sha1: boolean; readonly md5: boolean };
  /** Whether a mirror that answers a health check with a redirect is down; default false. */
  readonly disallowRedirects: boolean;
  /** URL of the proxy that checks go through, perhaps with user and password; default: none. */
  readonly checkProxy: string | null;
  /** Mirrors up to this many times as far away as the closest take part in the draw; above 0. */
  readonly weightDistributionRange: number;
  /** Whether a mirror whose health check gets 404 is disabled; default false. */
  readonly disableOnMissingFile: boolean;
  /** Bytes from which on a file is asked for once where a redirect led; `null`, the default: none is. */
  readonly verify: { readonly from: number } | null;
  /** The first rule whose prefix matches counts. */
  readonly allowOutdatedFiles: readonly OutdatedFilesRule[];
  /** Who answers when no mirror can. */
  readonly fallbacks: readonly FallbackConfig[];
  /** Where the control API listens; default localhost:3390. */
  readonly rpcListenAddress: { readonly hostname: string; readonly port: number };
  /** Password of the control API; empty: none. */
  readonly rpcPassword: string;
  /** Where metrics are given to anyone who asks, besides the control API; `null`, the default: nowhere. */
  readonly metricsListenAddress: { readonly hostname: string; readonly port: number } | null;
  /** Mirrors that have metrics of their own; default 200. */
  readonly metricsMirrors: number;
  /** Whether requests are counted by country, too; default false. */
  readonly metricsCountries: boolean;
  /** What of the statistics strangers see: nothing, what `?mirrorstats` shows (the default), everything. */
  readonly publicStats: PublicStats;
  /** Regular expressions, in RE2's syntax, of programs that count apart; default: none. */
  readonly ignoreAgents: readonly string[];
  /** Days for which counters of files and mirrors are kept; 0, the default: for ever. */
  readonly keepStats: number;
  /** Who is told what happens; default: nobody. */
  readonly notify: readonly NotifyReceiver[];
  /** Percent of answers by fallbacks from which on that is told; above 0, default 5. */
  readonly fallbackShare: number;
  /** Minutes of being down, or stale, after which a mirror is disabled; 0, the default: never. */
  readonly disableAfter: number;
  /** Minutes by which a mirror may be behind before it counts as stale; default 2880. */
  readonly staleAfter: number;
  /** File of the embedded store. */
  readonly databasePath: string;
  /** HTTP threads; 0: serve on the main thread. */
  readonly workers: number | "auto";
  /** CIDR ranges of peers whose forwarding headers are believed; `"all"`: everyone's. */
  readonly trustedProxies: readonly string[] | "all";
  /** The one header of trusted peers that tells who asks: X-Forwarded-For, Forwarded or another name. */
  readonly forwardedHeader: string;
  /** false: mirrors in range are drawn by their score alone. */
  readonly geographicalSort: boolean;
  /** What a directory is answered with; default: `fallback` where there is one, else `list`. */
  readonly directories: "list" | "fallback" | "off" | null;
  /** Patterns of paths that are as if they were not there; default: none. */
  readonly exclude: readonly string[];
  /** New versions that wait until enough mirrors have them; the first whose prefix matches counts. */
  readonly embargo: readonly EmbargoRule[];
  /** Paths that stand for the newest of several versions; default: none. */
  readonly latest: readonly LatestRule[];
  /** What is sent from the repository itself; `null`, the default: nothing. */
  readonly serveLocally: ServeLocallyConfig | null;
  /** Files that fit together; default: none. */
  readonly metadataSets: readonly SetRule[];
  /** Prefixes of paths below which a client keeps its mirror; default: none. */
  readonly stableDraw: readonly string[];
  /** Minutes that files which left the repository stay answerable; 0: none; `null`, the default: as metadata sets need. */
  readonly keepRemoved: number | null;
  /** Which clients which mirrors are for; for each mirror the first that matches counts. */
  readonly rules: readonly SelectionRule[];
  /** Clients that are answered without a redirect; the first that matches counts. */
  readonly refuse: readonly RefusalRule[];
  /** Which words of clients about mirrors are followed; default `avoid`. */
  readonly clientChoice: ClientChoice;
  /** Who may ask for `?explain`: nobody, loopback peers that forward for nobody, or anybody. */
  readonly explain: "none" | "loopback" | "all";
  /** Corrections of the GeoIP databases; the most specific network counts. */
  readonly geoOverrides: readonly GeoOverride[];
  /** Whether metalinks are served; default true. */
  readonly metalink: boolean;
  /** Which redirects name a metalink, a digest and a tag; default `auto`. */
  readonly metalinkHeaders: MetalinkHeaders;
  /** Whether a file's own URL answers with a metalink to who accepts one; default false. */
  readonly metalinkNegotiation: boolean;
  /** Mirrors in a metalink at most, 1 to 1000; default 20. */
  readonly metalinkMirrors: number;
  /** Named in metalinks; `null`, the default: nobody. */
  readonly metalinkPublisher: PublisherConfig | null;
  /** Days for which former versions of a repomd.xml are named in metalinks; 0: none; default 4. */
  readonly metalinkAlternates: number;
  /** Whether hashes of pieces are computed, for metalinks; `torrents` implies it; default false. */
  readonly pieceHashes: boolean;
  /** MiB from which on a file gets hashes of its pieces, 1 or more; default 16. */
  readonly pieceHashMinSize: number;
  /** Whether torrents, magnet links and info hashes are served; default false. */
  readonly torrents: boolean;
  /** `hybrid` adds BEP 52; default `1`. */
  readonly torrentVersion: TorrentVersion;
  /** Tiers of trackers, each with one URL or more; default none. */
  readonly torrentTrackers: readonly (readonly string[])[];
  /** Whether control files for zsync are served; default false. */
  readonly zsync: boolean;
  /** Base of links to this server, with a trailing slash; `null`, the default: as a request says. */
  readonly publicUrl: string | null;
}
