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

/** How old copies below a path may be. */
export interface OutdatedFilesRule {
  /** Path prefix with a leading slash. */
  readonly prefix: string;
  readonly minutes: number;
}

/** Where to listen: a TCP address or a Unix socket. */
export type ListenAddress =
  | { readonly transport: "tcp"; readonly hostname: string; readonly port: number }
  | { readonly transport: "unix"; readonly path: string };

/** The whole configuration, validated and normalised; the keys are those of the file in camel case. */
export interface Config {
  /** Absolute path of the source repository, without a trailing slash. */
  readonly repository: string;
  /** Directory of page templates; `null`: the embedded pages. */
  readonly templates: string | null;
  readonly localJsPath: string;
  readonly outputMode: OutputMode;
  readonly listenAddress: ListenAddress;
  readonly gzip: boolean;
  readonly allowHttpToHttpsRedirects: boolean;
  /** Seconds; 0: every ranged request counts. */
  readonly sameDownloadInterval: number;
  /** `null`, and no sentinels: the embedded store. */
  readonly redisAddress: { readonly hostname: string; readonly port: number } | null;
  readonly redisPassword: string;
  readonly redisDb: number;
  readonly redisSentinelMasterName: string;
  readonly redisSentinels: readonly { readonly hostname: string; readonly port: number }[];
  /** Directory of downloads.log; `null`: no download log. */
  readonly logDir: string | null;
  /** Path below the mirrors' base URLs, without a leading slash; empty: none. */
  readonly traceFileLocation: string;
  readonly geoipDatabasePath: string;
  readonly concurrentSync: number;
  /** Minutes. */
  readonly scanInterval: number;
  /** Minutes; 0: always due. */
  readonly checkInterval: number;
  /** Minutes; 0: no automatic source scan. */
  readonly repositoryScanInterval: number;
  readonly maxLinkHeaders: number;
  readonly fixTimezoneOffsets: boolean;
  readonly hashes: { readonly sha256: boolean; readonly sha1: boolean; readonly md5: boolean };
  readonly disallowRedirects: boolean;
  /** Mirrors up to this many times as far away as the closest take part in the draw; above 0. */
  readonly weightDistributionRange: number;
  readonly disableOnMissingFile: boolean;
  readonly allowOutdatedFiles: readonly OutdatedFilesRule[];
  readonly fallbacks: readonly FallbackConfig[];
  readonly rpcListenAddress: { readonly hostname: string; readonly port: number };
  readonly rpcPassword: string;
  /** File of the embedded store. */
  readonly databasePath: string;
  /** HTTP threads; 0: serve on the main thread. */
  readonly workers: number | "auto";
  /** CIDR ranges of peers whose forwarding headers are believed; `"all"`: everyone's. */
  readonly trustedProxies: readonly string[] | "all";
  /** false: mirrors in range are drawn by their score alone. */
  readonly geographicalSort: boolean;
}
