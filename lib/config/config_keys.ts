import type { Config } from "./config.ts";
import * as address from "./address_schemas.ts";
import * as file from "./file_schemas.ts";
import { DEFAULT_LOG_MODE } from "./log_mode.ts";
import * as rules from "./rule_schemas.ts";
import { NOTIFY_KEYS, NOTIFY_SECRETS, notifyReceivers } from "./notify_schema.ts";
import { embargoRules, latestRules } from "./release_schemas.ts";
import { serveLocally } from "./serve_schema.ts";
import { metadataSets } from "./set_schema.ts";
import * as url from "./url_schemas.ts";
import * as value from "./value_schemas.ts";

/** What is known about one key of the configuration. */
export interface ConfigKey<T> {
  /** As in the file. */
  readonly name: string;
  /** Reads what was written. */
  readonly schema: value.ValueSchema<T>;
  /** Used when the key is absent or has no value. */
  readonly defaultValue: T;
  /** Keys of the map that the value is, or that each entry of it is. */
  readonly nested?: readonly string[];
  /** The value may hold several parts, so an environment variable gives it as YAML or JSON. */
  readonly structured?: true;
  /** Never shown; of a structured value: the nested keys that are not. */
  readonly secret?: true | readonly string[];
}

/** Every key of the configuration, by the property of {@linkcode Config} that it becomes. */
export const CONFIG_KEYS: { readonly [F in keyof Config]: ConfigKey<Config[F]> } = {
  repository: { name: "Repository", schema: value.text, defaultValue: "" },
  templates: { name: "Templates", schema: value.text, defaultValue: null },
  localJsPath: { name: "LocalJSPath", schema: value.text, defaultValue: "" },
  outputMode: {
    name: "OutputMode",
    schema: value.choice("auto", "json", "redirect"),
    defaultValue: "auto",
  },
  listenAddress: {
    name: "ListenAddress",
    schema: address.listenAddress,
    defaultValue: { transport: "tcp", hostname: "::", port: 8080 },
  },
  unixSocketMode: { name: "UnixSocketMode", schema: value.fileMode, defaultValue: null },
  gzip: { name: "Gzip", schema: value.boolean, defaultValue: false },
  allowHttpToHttpsRedirects: {
    name: "AllowHTTPToHTTPSRedirects",
    schema: value.boolean,
    defaultValue: true,
  },
  sameDownloadInterval: {
    name: "SameDownloadInterval",
    schema: value.integer(0),
    defaultValue: 600,
  },
  redisAddress: { name: "RedisAddress", schema: address.serverAddress, defaultValue: null },
  redisUser: { name: "RedisUser", schema: value.text, defaultValue: "" },
  redisPassword: { name: "RedisPassword", schema: value.text, defaultValue: "", secret: true },
  redisTls: { name: "RedisTLS", schema: address.redisTls, defaultValue: false },
  redisDb: { name: "RedisDB", schema: value.integer(0), defaultValue: 0 },
  redisSentinelMasterName: {
    name: "RedisSentinelMasterName",
    schema: value.text,
    defaultValue: "",
  },
  redisSentinels: {
    name: "RedisSentinels",
    schema: address.sentinels,
    defaultValue: [],
    nested: ["Host"],
    structured: true,
  },
  logDir: { name: "LogDir", schema: value.text, defaultValue: null },
  logRefused: {
    name: "LogRefused",
    schema: value.choice("sampled", "all", "none"),
    defaultValue: "sampled",
  },
  logAddress: {
    name: "LogAddress",
    schema: value.choice("full", "network", "none"),
    defaultValue: "full",
  },
  logMode: { name: "LogMode", schema: value.fileMode, defaultValue: DEFAULT_LOG_MODE },
  traceFileLocation: {
    name: "TraceFileLocation",
    schema: file.repositoryPath,
    defaultValue: "",
  },
  geoipDatabasePath: {
    name: "GeoipDatabasePath",
    schema: value.text,
    defaultValue: "/usr/share/GeoIP/",
  },
  geoipUpdate: {
    name: "GeoipUpdate",
    schema: url.databaseSource,
    defaultValue: "off",
    secret: true,
  },
  geoipAccountId: { name: "GeoipAccountID", schema: value.text, defaultValue: "" },
  geoipLicenseKey: {
    name: "GeoipLicenseKey",
    schema: value.text,
    defaultValue: "",
    secret: true,
  },
  concurrentSync: { name: "ConcurrentSync", schema: value.integer(1), defaultValue: 5 },
  scanInterval: { name: "ScanInterval", schema: value.integer(0), defaultValue: 30 },
  maxScanAge: { name: "MaxScanAge", schema: value.integer(0), defaultValue: 0 },
  httpScan: {
    name: "HTTPScan",
    schema: value.choice("auto", "fallback", "off"),
    defaultValue: "auto",
  },
  httpScanRate: { name: "HTTPScanRate", schema: value.scanRate, defaultValue: 10 },
  httpScanInterval: { name: "HTTPScanInterval", schema: value.integer(1), defaultValue: 360 },
  ipFamilies: {
    name: "IPFamilies",
    schema: value.choice("prefer", "strict", "ignore"),
    defaultValue: "prefer",
  },
  checkInterval: { name: "CheckInterval", schema: value.integer(0), defaultValue: 1 },
  repositoryScanInterval: {
    name: "RepositoryScanInterval",
    schema: value.integerFromZero,
    defaultValue: 5,
  },
  watchRepository: { name: "WatchRepository", schema: value.boolean, defaultValue: true },
  maxLinkHeaders: { name: "MaxLinkHeaders", schema: value.integer(0), defaultValue: 10 },
  fixTimezoneOffsets: {
    name: "FixTimezoneOffsets",
    schema: value.boolean,
    defaultValue: false,
  },
  tolerance: { name: "Tolerance", schema: value.milliseconds, defaultValue: 0 },
  hashes: {
    name: "Hashes",
    schema: file.hashes,
    defaultValue: { sha256: true, sha1: false, md5: false },
    nested: ["SHA256", "SHA1", "MD5"],
    structured: true,
  },
  disallowRedirects: {
    name: "DisallowRedirects",
    schema: value.boolean,
    defaultValue: false,
  },
  checkProxy: {
    name: "CheckProxy",
    schema: address.proxyUrl,
    defaultValue: null,
    secret: true,
  },
  weightDistributionRange: {
    name: "WeightDistributionRange",
    schema: value.positiveNumber,
    defaultValue: 1.5,
  },
  disableOnMissingFile: {
    name: "DisableOnMissingFile",
    schema: value.boolean,
    defaultValue: false,
  },
  verify: {
    name: "Verify",
    schema: file.verification,
    defaultValue: null,
    nested: ["From"],
    structured: true,
  },
  allowOutdatedFiles: {
    name: "AllowOutdatedFiles",
    schema: file.outdatedFiles,
    defaultValue: [],
    nested: ["Prefix", "Minutes"],
    structured: true,
  },
  fallbacks: {
    name: "Fallbacks",
    schema: url.fallbacks,
    defaultValue: [],
    nested: ["URL", "CountryCode", "ContinentCode"],
    structured: true,
  },
  rpcListenAddress: {
    name: "RPCListenAddress",
    schema: address.listenServer,
    defaultValue: { hostname: "localhost", port: 3390 },
  },
  rpcPassword: { name: "RPCPassword", schema: value.text, defaultValue: "", secret: true },
  metricsListenAddress: {
    name: "MetricsListenAddress",
    schema: address.listenServer,
    defaultValue: null,
  },
  metricsMirrors: { name: "MetricsMirrors", schema: value.integer(0, 10_000), defaultValue: 200 },
  metricsCountries: { name: "MetricsCountries", schema: value.boolean, defaultValue: false },
  publicStats: {
    name: "PublicStats",
    schema: value.choice("none", "mirrors", "all"),
    defaultValue: "mirrors",
  },
  ignoreAgents: {
    name: "IgnoreAgents",
    schema: value.expressions,
    defaultValue: [],
    structured: true,
  },
  keepStats: { name: "KeepStats", schema: value.daysKept, defaultValue: 0 },
  notify: {
    name: "Notify",
    schema: notifyReceivers,
    defaultValue: [],
    nested: NOTIFY_KEYS,
    structured: true,
    secret: NOTIFY_SECRETS,
  },
  fallbackShare: { name: "FallbackShare", schema: value.positiveNumber, defaultValue: 5 },
  disableAfter: { name: "DisableAfter", schema: value.integer(0), defaultValue: 0 },
  staleAfter: { name: "StaleAfter", schema: value.integer(1), defaultValue: 2880 },
  databasePath: { name: "DatabasePath", schema: value.text, defaultValue: "" },
  workers: { name: "Workers", schema: value.workers, defaultValue: "auto" },
  trustedProxies: {
    name: "TrustedProxies",
    schema: address.trustedProxies,
    // Loopback (RFC 6890) and what RFC 1918 and RFC 4193 set aside for private networks.
    defaultValue: [
      "127.0.0.0/8",
      "::1/128",
      "10.0.0.0/8",
      "172.16.0.0/12",
      "192.168.0.0/16",
      "fc00::/7",
    ],
    structured: true,
  },
  forwardedHeader: {
    name: "ForwardedHeader",
    schema: address.headerName,
    defaultValue: "X-Forwarded-For",
  },
  geographicalSort: { name: "GeographicalSort", schema: value.boolean, defaultValue: true },
  directories: {
    name: "Directories",
    schema: value.choice("list", "fallback", "off"),
    defaultValue: null,
  },
  exclude: { name: "Exclude", schema: file.pathPatterns, defaultValue: [], structured: true },
  embargo: {
    name: "Embargo",
    schema: embargoRules,
    defaultValue: [],
    nested: ["Prefix", "Mirrors", "For"],
    structured: true,
  },
  latest: {
    name: "Latest",
    schema: latestRules,
    defaultValue: [],
    nested: ["Path", "Pattern", "Mirrors"],
    structured: true,
  },
  serveLocally: {
    name: "ServeLocally",
    schema: serveLocally,
    defaultValue: null,
    nested: [
      "Below",
      "Patterns",
      "LastResort",
      "MaxBytesPerSecond",
      "MaxConnections",
      "Accel",
    ],
    structured: true,
  },
  metadataSets: {
    name: "MetadataSets",
    schema: metadataSets,
    defaultValue: [],
    nested: ["Root", "Below", "Immutable", "MaxBehind", "Quorum"],
    structured: true,
  },
  stableDraw: {
    name: "StableDraw",
    schema: file.pathPrefixes,
    defaultValue: [],
    structured: true,
  },
  keepRemoved: { name: "KeepRemoved", schema: value.integer(0), defaultValue: null },
  rules: {
    name: "Rules",
    schema: rules.selectionRules,
    defaultValue: [],
    nested: ["Client", "Mirror", "Use"],
    structured: true,
  },
  refuse: {
    name: "Refuse",
    schema: rules.refusalRules,
    defaultValue: [],
    nested: ["Client", "Status"],
    structured: true,
  },
  clientChoice: {
    name: "ClientChoice",
    schema: value.choice("none", "avoid", "all"),
    defaultValue: "avoid",
  },
  explain: {
    name: "Explain",
    schema: value.choice("none", "loopback", "all"),
    defaultValue: "none",
  },
  geoOverrides: {
    name: "GeoOverrides",
    schema: rules.geoOverrides,
    defaultValue: [],
    nested: ["Network", "Country", "AS", "Latitude", "Longitude"],
    structured: true,
  },
  metalink: { name: "Metalink", schema: value.boolean, defaultValue: true },
  metalinkHeaders: {
    name: "MetalinkHeaders",
    schema: value.choice("auto", "always", "never"),
    defaultValue: "auto",
  },
  metalinkNegotiation: {
    name: "MetalinkNegotiation",
    schema: value.boolean,
    defaultValue: false,
  },
  metalinkMirrors: { name: "MetalinkMirrors", schema: value.integer(1, 1000), defaultValue: 20 },
  metalinkPublisher: {
    name: "MetalinkPublisher",
    schema: url.publisher,
    defaultValue: null,
    nested: ["Name", "URL"],
    structured: true,
  },
  metalinkAlternates: { name: "MetalinkAlternates", schema: value.integer(0), defaultValue: 4 },
  pieceHashes: { name: "PieceHashes", schema: value.boolean, defaultValue: false },
  pieceHashMinSize: { name: "PieceHashMinSize", schema: value.integer(1), defaultValue: 16 },
  torrents: { name: "Torrents", schema: value.boolean, defaultValue: false },
  torrentVersion: {
    name: "TorrentVersion",
    schema: value.choice("1", "hybrid"),
    defaultValue: "1",
  },
  torrentTrackers: {
    name: "TorrentTrackers",
    schema: url.trackers,
    defaultValue: [],
    structured: true,
  },
  zsync: { name: "Zsync", schema: value.boolean, defaultValue: false },
  publicUrl: { name: "PublicURL", schema: url.publicUrl, defaultValue: null },
};

/** The properties of {@linkcode Config}, in the order of the documentation. */
export const CONFIG_FIELDS = Object.keys(CONFIG_KEYS) as readonly (keyof Config)[];
