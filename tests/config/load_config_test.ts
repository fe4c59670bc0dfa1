import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Config } from "../../lib/config/config.ts";
import { READY_SETS } from "../../lib/catalog/set_rule.ts";
import { ConfigError } from "../../lib/config/config_error.ts";
import { CONFIG_FIELDS, CONFIG_KEYS } from "../../lib/config/config_keys.ts";
import {
  type ConfigSources,
  defaults,
  loadConfig,
  type LoadedConfig,
} from "../../lib/config/load_config.ts";
import { environmentVariable } from "../../lib/config/environment_variable.ts";

const HOME = { HOME: "/home/x" };

function load(text: string, sources: Partial<ConfigSources> = {}): LoadedConfig {
  return loadConfig({
    file: "m.conf",
    text,
    environment: HOME,
    flags: { repository: "/repo" },
    workingDirectory: "/work",
    ...sources,
  });
}

function value<F extends keyof Config>(field: F, written: string): Config[F] {
  return load(`${CONFIG_KEYS[field].name}: ${written}\n`).config[field];
}

function problemsOf(text: string, sources: Partial<ConfigSources> = {}): readonly string[] {
  const error = assertThrows(() => load(text, sources), ConfigError);
  return (error as ConfigError).problems;
}

Deno.test("loadConfig() has the documented defaults", () => {
  assertEquals(load("").config, {
    repository: "/repo",
    templates: null,
    localJsPath: "",
    outputMode: "auto",
    listenAddress: { transport: "tcp", hostname: "::", port: 8080 },
    unixSocketMode: null,
    gzip: false,
    allowHttpToHttpsRedirects: true,
    sameDownloadInterval: 600,
    redisAddress: null,
    redisUser: "",
    redisPassword: "",
    redisTls: false,
    redisDb: 0,
    redisSentinelMasterName: "",
    redisSentinels: [],
    logDir: null,
    logRefused: "sampled",
    logAddress: "full",
    logMode: 0o640,
    traceFileLocation: "",
    geoipDatabasePath: "/usr/share/GeoIP/",
    geoipUpdate: "off",
    geoipAccountId: "",
    geoipLicenseKey: "",
    concurrentSync: 5,
    scanInterval: 30,
    httpScan: "auto",
    httpScanRate: 10,
    httpScanInterval: 360,
    ipFamilies: "prefer",
    checkInterval: 1,
    repositoryScanInterval: 5,
    watchRepository: true,
    maxLinkHeaders: 10,
    fixTimezoneOffsets: false,
    maxScanAge: 0,
    tolerance: 0,
    hashes: { sha256: true, sha1: false, md5: false },
    disallowRedirects: false,
    checkProxy: null,
    weightDistributionRange: 1.5,
    disableOnMissingFile: false,
    verify: null,
    allowOutdatedFiles: [],
    fallbacks: [],
    notify: [],
    fallbackShare: 5,
    disableAfter: 0,
    staleAfter: 2880,
    metricsListenAddress: null,
    metricsMirrors: 200,
    metricsCountries: false,
    publicStats: "mirrors",
    ignoreAgents: [],
    keepStats: 0,
    rpcListenAddress: { hostname: "localhost", port: 3390 },
    rpcPassword: "",
    databasePath: "/home/x/.local/state/mirrorbits/mirrorbits.db",
    workers: "auto",
    trustedProxies: [
      "127.0.0.0/8",
      "::1/128",
      "10.0.0.0/8",
      "172.16.0.0/12",
      "192.168.0.0/16",
      "fc00::/7",
    ],
    forwardedHeader: "X-Forwarded-For",
    geographicalSort: true,
    directories: null,
    metadataSets: [],
    stableDraw: [],
    keepRemoved: null,
    exclude: [],
    embargo: [],
    latest: [],
    serveLocally: null,
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
  });
});

Deno.test("loadConfig() reads a whole file", () => {
  const { config, warnings } = load(
    `
Repository: /srv/repo/
Templates: /usr/share/mirrorbits
LocalJSPath: /js
OutputMode: json
ListenAddress: "[::1]:80"
Gzip: On
AllowHTTPToHTTPSRedirects: no
SameDownloadInterval: 0
RedisAddress: 10.0.0.1:6379
RedisUser: app
RedisPassword: 0123
RedisTLS: ca.pem
RedisDB: 3
RedisSentinelMasterName: mirrorbits
RedisSentinels:
  - Host: 10.0.0.2:26379
  - Host: "[::1]:26380"
LogDir: /var/log/mirrorbits
LogRefused: none
LogAddress: network
TraceFileLocation: /trace
GeoipDatabasePath: /geo
GeoipUpdate: maxmind
GeoipAccountID: 0123
GeoipLicenseKey: key
ConcurrentSync: 1
ScanInterval: 60
CheckInterval: 0
IPFamilies: strict
RepositoryScanInterval: -5
WatchRepository: no
MaxLinkHeaders: 0
FixTimezoneOffsets: YES
Hashes:
  SHA1: On
  MD5: true
DisallowRedirects: True
MaxScanAge: 1440
HTTPScan: fallback
HTTPScanRate: 0.5
HTTPScanInterval: 60
Tolerance: 2s
CheckProxy: http://u:p@proxy:3128
WeightDistributionRange: 2
DisableOnMissingFile: yes
AllowOutdatedFiles:
  - Prefix: /nightly/
    Minutes: 540
  - {Prefix: /, Minutes: 0}
Fallbacks:
  - URL: https://fallback.example.org/pub
    CountryCode: fr
    ContinentCode: EU
  - URL: fallback2.example.org
Notify: [{To: command, Run: [/bin/page], Events: up, After: 5}]
FallbackShare: 12.5
StaleAfter: 60
MetricsListenAddress: 10.0.0.5:9390
MetricsMirrors: 20
MetricsCountries: true
PublicStats: all
IgnoreAgents: ["bot\\\\b"]
KeepStats: 400
RPCListenAddress: :3391
RPCPassword: "p: #"
DatabasePath: /data/m.db
Workers: 0
TrustedProxies: all
ForwardedHeader: CF-Connecting-IP
GeographicalSort: off
Directories: off
Embargo: [{Prefix: /releases/, Mirrors: 5, For: 90m}, {Prefix: /x/}]
Latest: [{Path: "/latest/{os}", Pattern: "/r/{version}/{os}"}]
MetadataSets:
  - apt
  - {Root: /x/*/root, Below: /x/*/, Immutable: ["*.bin"], MaxBehind: 5, Quorum: 80}
  - {Root: /y/root, Below: /y/}
StableDraw: [/pool/, /dists/]
KeepRemoved: 90
Exclude: ["/archive/**", "*.tmp"]
ServeLocally:
  Below: 4kB
  Patterns: ["*.asc"]
  LastResort: true
  MaxBytesPerSecond: 10MB
  MaxConnections: 20
  Accel: X-Accel-Redirect /internal/
Rules: [{Client: [RU, "@EU"], Mirror: "tag:x", Use: last}]
Refuse: [{Client: AS64500, Status: 451}, {Client: 192.0.2.0/24}]
ClientChoice: all
Explain: loopback
GeoOverrides: [{Network: 203.0.113.0/24, Country: md, AS: AS64500, Latitude: 47, Longitude: 28.9}]
Metalink: no
MetalinkHeaders: always
MetalinkNegotiation: yes
MetalinkMirrors: 1
MetalinkPublisher: {Name: A & B, URL: https://example.org/}
Verify: {From: 50MB}
MetalinkAlternates: 9
PieceHashes: yes
PieceHashMinSize: 1
Torrents: yes
TorrentVersion: hybrid
TorrentTrackers: [udp://a:1, [http://b/announce, wss://c/]]
Zsync: true
PublicURL: https://dl.example.org/sub
`,
    { flags: {} },
  );
  assertEquals(warnings, [
    "AllowOutdatedFiles, Embargo, ServeLocally.Below, ServeLocally.Patterns do not apply below MetadataSets: " +
    "their files come from one place",
  ]);
  assertEquals(config, {
    repository: "/srv/repo",
    templates: "/usr/share/mirrorbits",
    localJsPath: "/js",
    outputMode: "json",
    listenAddress: { transport: "tcp", hostname: "::1", port: 80 },
    unixSocketMode: null,
    gzip: true,
    allowHttpToHttpsRedirects: false,
    sameDownloadInterval: 0,
    redisAddress: { hostname: "10.0.0.1", port: 6379 },
    redisUser: "app",
    redisPassword: "0123",
    redisTls: "/work/ca.pem",
    redisDb: 3,
    redisSentinelMasterName: "mirrorbits",
    redisSentinels: [
      { hostname: "10.0.0.2", port: 26379 },
      { hostname: "::1", port: 26380 },
    ],
    logDir: "/var/log/mirrorbits",
    logRefused: "none",
    logAddress: "network",
    logMode: 0o640,
    traceFileLocation: "trace",
    geoipDatabasePath: "/geo",
    geoipUpdate: "maxmind",
    geoipAccountId: "0123",
    geoipLicenseKey: "key",
    concurrentSync: 1,
    scanInterval: 60,
    ipFamilies: "strict",
    checkInterval: 0,
    repositoryScanInterval: 0,
    watchRepository: false,
    maxLinkHeaders: 0,
    fixTimezoneOffsets: true,
    hashes: { sha256: true, sha1: true, md5: true },
    disallowRedirects: true,
    maxScanAge: 1440,
    httpScan: "fallback",
    httpScanRate: 0.5,
    httpScanInterval: 60,
    tolerance: 2000,
    checkProxy: "http://u:p@proxy:3128",
    weightDistributionRange: 2,
    disableOnMissingFile: true,
    verify: { from: 50_000_000 },
    allowOutdatedFiles: [{ prefix: "/nightly/", minutes: 540 }, { prefix: "/", minutes: 0 }],
    fallbacks: [
      { url: "https://fallback.example.org/pub/", countryCode: "FR", continentCode: "EU" },
      { url: "fallback2.example.org/", countryCode: "", continentCode: "" },
    ],
    notify: [{ to: "command", run: ["/bin/page"], events: ["up"], after: 5, variables: [] }],
    fallbackShare: 12.5,
    disableAfter: 0,
    staleAfter: 60,
    metricsListenAddress: { hostname: "10.0.0.5", port: 9390 },
    metricsMirrors: 20,
    metricsCountries: true,
    publicStats: "all",
    ignoreAgents: ["bot\\b"],
    keepStats: 400,
    rpcListenAddress: { hostname: "::", port: 3391 },
    rpcPassword: "p: #",
    databasePath: "/data/m.db",
    workers: 0,
    trustedProxies: "all",
    forwardedHeader: "CF-Connecting-IP",
    geographicalSort: false,
    directories: "off",
    metadataSets: [...READY_SETS.apt!, {
      ...{ root: "/x/*/root", below: "/x/*/", immutable: ["*.bin"], maxBehind: 5, quorum: 80 },
    }, {
      ...{ root: "/y/root", below: "/y/", immutable: [], maxBehind: 720, quorum: 50 },
    }],
    stableDraw: ["/pool/", "/dists/"],
    keepRemoved: 90,
    exclude: ["/archive/**", "*.tmp"],
    embargo: [
      { prefix: "/releases/", mirrors: 5, minutes: 90 },
      { prefix: "/x/", mirrors: 3, minutes: 1440 },
    ],
    latest: [{ path: "/latest/{os}", pattern: "/r/{version}/{os}", mirrors: 2 }],
    serveLocally: {
      below: 4000,
      patterns: ["*.asc"],
      lastResort: true,
      maxBytesPerSecond: 10e6,
      maxConnections: 20,
      accel: { header: "X-Accel-Redirect", prefix: "/internal/" },
    },
    rules: [{
      client: [{ type: "country", code: "RU" }, { type: "continent", code: "EU" }],
      mirror: [{ type: "tag", tag: "x" }],
      use: "last",
    }],
    refuse: [
      { client: [{ type: "as", number: 64500 }], status: 451 },
      { client: [{ type: "network", network: "192.0.2.0/24" }], status: 403 },
    ],
    clientChoice: "all",
    explain: "loopback",
    geoOverrides: [{
      network: "203.0.113.0/24",
      country: "MD",
      asNumber: 64500,
      latitude: 47,
      longitude: 28.9,
    }],
    metalink: false,
    metalinkHeaders: "always",
    metalinkNegotiation: true,
    metalinkMirrors: 1,
    metalinkPublisher: { name: "A & B", url: "https://example.org/" },
    metalinkAlternates: 9,
    pieceHashes: true,
    pieceHashMinSize: 1,
    torrents: true,
    torrentVersion: "hybrid",
    torrentTrackers: [["udp://a:1"], ["http://b/announce", "wss://c/"]],
    zsync: true,
    publicUrl: "https://dl.example.org/sub/",
  });
});

Deno.test("loadConfig() takes a key without a value for its default", () => {
  const expected = load("").config;
  for (const empty of ["", "~", "null", "''"]) {
    const text = CONFIG_FIELDS.map((field) => `${CONFIG_KEYS[field].name}: ${empty}\n`).join("");
    assertEquals(load(text), { config: expected, warnings: [] }, empty);
  }
  assertEquals(value("hashes", "{SHA1: , MD5: yes}"), { sha256: true, sha1: false, md5: true });
});

Deno.test("loadConfig() reads what YAML 1.1 takes for a boolean, in any case", () => {
  for (const word of ["true", "True", "TRUE", "yes", "YES", "yEs", "on", "On", "ON", "'yes'"]) {
    assertEquals(value("gzip", word), true, word);
  }
  for (const word of ["false", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "oFf"]) {
    assertEquals(value("geographicalSort", word), false, word);
  }
});

Deno.test("loadConfig() reads addresses to listen on", () => {
  const tcp = (hostname: string, port: number) => ({ transport: "tcp" as const, hostname, port });
  assertEquals(value("listenAddress", ":8081"), tcp("::", 8081));
  assertEquals(value("listenAddress", "0.0.0.0:0"), tcp("0.0.0.0", 0));
  assertEquals(value("listenAddress", "'[2001:db8::1]:80'"), tcp("2001:db8::1", 80));
  assertEquals(value("listenAddress", "unix:/run/m.sock"), {
    transport: "unix",
    path: "/run/m.sock",
  });
  assertEquals(value("listenAddress", "unix:m.sock"), { transport: "unix", path: "/work/m.sock" });
});

Deno.test("loadConfig() reads trusted proxies as a list or in one line", () => {
  assertEquals(value("trustedProxies", "[10.0.0.0/8, '::1']"), ["10.0.0.0/8", "::1"]);
  assertEquals(value("trustedProxies", "10.0.0.0/8, 192.0.2.1"), ["10.0.0.0/8", "192.0.2.1"]);
  assertEquals(value("trustedProxies", "[]"), []);
  assertEquals(value("trustedProxies", "all"), "all");
});

Deno.test("loadConfig() makes paths absolute", () => {
  const { config } = load(
    "Repository: ./a/../repo//x/\nTemplates: t\nLogDir: log/\nGeoipDatabasePath: geo\nDatabasePath: d.db",
    { flags: {}, workingDirectory: "/work/" },
  );
  assertEquals(config.repository, "/work/repo/x");
  assertEquals(config.templates, "/work/t");
  assertEquals(config.logDir, "/work/log/");
  assertEquals(config.geoipDatabasePath, "/work/geo");
  assertEquals(config.databasePath, "/work/d.db");
  assertEquals(load("", { flags: { repository: "/" } }).config.repository, "/");
  assertEquals(load("", { flags: { repository: "." } }).config.repository, "/work");
});

Deno.test("defaults() put the embedded store into the state directory", () => {
  const cases: [Record<string, string>, string][] = [
    [{ STATE_DIRECTORY: "/var/lib/m", XDG_STATE_HOME: "/x", HOME: "/h" }, "/var/lib/m"],
    [{ STATE_DIRECTORY: "/var/lib/m/:/var/lib/n" }, "/var/lib/m"],
    [{ STATE_DIRECTORY: "", XDG_STATE_HOME: "/x/", HOME: "/h" }, "/x/mirrorbits"],
    [{ XDG_STATE_HOME: "relative", HOME: "/h" }, "/h/.local/state/mirrorbits"],
    [{}, "/var/lib/mirrorbits"],
  ];
  for (const [environment, directory] of cases) {
    assertEquals(defaults(environment).databasePath, `${directory}/mirrorbits.db`);
  }
});

Deno.test("loadConfig() goes by the option, the environment, the file, the default, in this order", () => {
  const text = "Repository: /file\nListenAddress: :1\nScanInterval: 1\n";
  const environment = {
    MIRRORBITS_REPOSITORY: "/environment",
    MIRRORBITS_LISTEN_ADDRESS: ":2",
    MIRRORBITS_SCAN_INTERVAL: "2",
  };
  const flags = { repository: "/flag", listenAddress: ":3" };
  const pick = ({ config }: LoadedConfig): unknown[] => [
    config.repository,
    config.listenAddress.transport === "tcp" && config.listenAddress.port,
    config.scanInterval,
    config.checkInterval,
  ];
  assertEquals(pick(load(text, { flags: {} })), ["/file", 1, 1, 1]);
  assertEquals(pick(load(text, { environment, flags: {} })), ["/environment", 2, 2, 1]);
  assertEquals(pick(load(text, { environment, flags })), ["/flag", 3, 2, 1]);
});

Deno.test("loadConfig() reads environment variables, structured ones as YAML or JSON", () => {
  const { config, warnings } = load("RedisDB: 4\nHashes: {MD5: true}\n", {
    environment: {
      MIRRORBITS_REDIS_PASSWORD: "a: b # c",
      MIRRORBITS_REDIS_DB: "",
      MIRRORBITS_HASHES: "{SHA1: true}",
      MIRRORBITS_FALLBACKS: '[{"URL": "http://f.example.org", "CountryCode": "no"}]',
      MIRRORBITS_REDIS_SENTINELS: "",
      MIRRORBITS_TRUSTED_PROXIES: "10.0.0.0/8,::1",
      MIRRORBITS_ALLOW_HTTP_TO_HTTPS_REDIRECTS: "Off",
      MIRRORBITS_RPC_LISTEN_ADDRESS: "0.0.0.0:1",
      MIRRORBITS_LOCAL_JS_PATH: "null",
      MIRRORBITS_HOST: "h",
      MIRRORBITS_PORT: "tcp://10.0.0.1:80",
      MIRRORBITS_PASSWORD: "p",
      MIRRORBITS_SERVICE_PORT_HTTP: "80",
      MIRRORBITS_PORT_80_TCP: "tcp://10.0.0.1:80",
      MIRRORBITS_PORT_LISTEN_ADDRESS: "like a key, and none",
      PATH: "/bin",
    },
  });
  assertEquals(warnings, []);
  assertEquals(config.redisPassword, "a: b # c");
  assertEquals(config.redisDb, 4);
  assertEquals(config.hashes, { sha256: true, sha1: true, md5: false });
  assertEquals(config.fallbacks, [
    { url: "http://f.example.org/", countryCode: "NO", continentCode: "" },
  ]);
  assertEquals(config.trustedProxies, ["10.0.0.0/8", "::1"]);
  assertEquals(config.allowHttpToHttpsRedirects, false);
  assertEquals(config.rpcListenAddress, { hostname: "0.0.0.0", port: 1 });
  assertEquals(config.localJsPath, "null");
});

Deno.test("environmentVariable() names every key once", () => {
  const names = CONFIG_FIELDS.map((field) => environmentVariable(CONFIG_KEYS[field].name));
  assertEquals(new Set(names).size, names.length);
  for (const name of names) assert(/^MIRRORBITS(_[A-Z]{2,}[0-9]*)+$/.test(name), name);
  assertEquals(environmentVariable("GeoipDatabasePath"), "MIRRORBITS_GEOIP_DATABASE_PATH");
});

Deno.test("loadConfig() says which file, line and key is wrong, what was found, what is allowed", () => {
  const cases: [string, string][] = [
    ["\n\nOutputMode: fast", 'line 3: OutputMode must be auto, json or redirect, found "fast"'],
    ["OutputMode: [json]", "line 1: OutputMode must be auto, json or redirect, found a list"],
    ["Repository: {a: b}", "line 1: Repository must be text in one line, found a map"],
    ["Gzip: maybe", 'line 1: Gzip must be true or false, found "maybe"'],
    ["Gzip: 1", 'line 1: Gzip must be true or false, found "1"'],
    [
      "ScanInterval: -1",
      'line 1: ScanInterval must be a whole number from 0 to 2147483647, found "-1"',
    ],
    [
      "ScanInterval: 1.5",
      'line 1: ScanInterval must be a whole number from 0 to 2147483647, found "1.5"',
    ],
    [
      "ScanInterval: 010",
      'line 1: ScanInterval must be a whole number from 0 to 2147483647, found "010"',
    ],
    ["ScanInterval: 99999999999", 'a whole number from 0 to 2147483647, found "99999999999"'],
    [
      "ConcurrentSync: 0",
      'line 1: ConcurrentSync must be a whole number from 1 to 2147483647, found "0"',
    ],
    [
      "RepositoryScanInterval: x",
      'RepositoryScanInterval must be a whole number from -2147483647 to 2147483647, found "x"',
    ],
    ["WeightDistributionRange: 0", 'WeightDistributionRange must be a number above 0, found "0"'],
    ["WeightDistributionRange: -1", 'WeightDistributionRange must be a number above 0, found "-1"'],
    ["WeightDistributionRange: .inf", "WeightDistributionRange must be a number above 0"],
    ["ListenAddress: 8080", 'ListenAddress must be [host]:port or unix:PATH, found "8080"'],
    ["ListenAddress: ::1:80", "ListenAddress must be [host]:port or unix:PATH"],
    ["ListenAddress: 'unix:'", "ListenAddress must be [host]:port or unix:PATH"],
    ["RPCListenAddress: unix:/x", 'RPCListenAddress must be [host]:port, found "unix:/x"'],
    ["RedisAddress: localhost", 'RedisAddress must be host:port, found "localhost"'],
    ["RedisAddress: localhost:0", 'RedisAddress must be host:port, found "localhost:0"'],
    ["RedisPassword: [secret]", "RedisPassword must be text in one line, found something else"],
    ["RedisSentinels: x", 'RedisSentinels must be a list of {Host: host:port}, found "x"'],
    [
      "RedisSentinels:\n  - x",
      'line 2: RedisSentinels entry 1 must be {Host: host:port}, found "x"',
    ],
    ["RedisSentinels:\n  -", "line 2: RedisSentinels entry 1 must be {Host: host:port}"],
    ["RedisSentinels:\n  - Host:", "line 2: RedisSentinels entry 1: Host is missing"],
    [
      "RedisSentinels:\n  - Host: a:1\n  - Host: b",
      'line 3: RedisSentinels entry 2: Host must be host:port, found "b"',
    ],
    ["Hashes: [SHA1]", "Hashes must be a map of SHA256, SHA1, MD5 to true or false, found a list"],
    ["Hashes:\n  MD5: x", 'line 2: Hashes: MD5 must be true or false, found "x"'],
    [
      "AllowOutdatedFiles:\n  - Prefix: x\n    Minutes: 1",
      'line 2: AllowOutdatedFiles entry 1: Prefix must be a path that begins with "/", found "x"',
    ],
    [
      "AllowOutdatedFiles:\n  - Prefix: /x\n    Minutes: -1",
      'line 3: AllowOutdatedFiles entry 1: Minutes must be a whole number from 0 to 2147483647, found "-1"',
    ],
    [
      "AllowOutdatedFiles:\n  - Prefix: /x",
      "line 2: AllowOutdatedFiles entry 1: Minutes is missing",
    ],
    ["Fallbacks:\n  - CountryCode: fr", "line 2: Fallbacks entry 1: URL is missing"],
    [
      "Fallbacks:\n  - URL: x.org\n    CountryCode: france",
      'line 3: Fallbacks entry 1: CountryCode must be a code of two letters, found "france"',
    ],
    [
      "TraceFileLocation: /../x",
      'TraceFileLocation must be a path in the repository, without ".."',
    ],
    ["Workers: -1", 'Workers must be auto or a whole number from 0 to 256, found "-1"'],
    ["Workers: many", 'Workers must be auto or a whole number from 0 to 256, found "many"'],
    [
      "TrustedProxies:\n  - 10.0.0.0/8\n  - 10.0.0.0/33",
      "line 3: TrustedProxies entry 2 must be an address or a range such as 10.0.0.0/8, " +
      'found "10.0.0.0/33"',
    ],
    ["TrustedProxies: {a: b}", "TrustedProxies must be all or a list of address ranges"],
    ["Gzip: on\nGzip: off", "line 2: Gzip is given twice, first in line 1"],
    ["- a", "line 1: The file must hold lines like"],
    ["just words", "line 1: The file must hold lines like"],
    [`OutputMode: ${"x".repeat(500)}`, `found "${"x".repeat(57)}..."`],
  ];
  for (const [text, message] of cases) {
    const problems = problemsOf(text);
    assertEquals(problems.length, 1, `${text}: ${problems.join("; ")}`);
    assert(problems[0]?.startsWith('Cannot parse "m.conf" line '), problems[0]);
    assert(problems[0]?.includes(message), `${problems[0]} lacks ${message}`);
  }
});

Deno.test("loadConfig() refuses fallback URLs that lead nowhere", () => {
  for (
    const url of [
      ...["ftp://x.org/", "http://", "'http:// x.org'", "//x.org/", "/path", "x.org?a=b"],
      ...[
        "'x.org#a'",
        "'a b'",
        "http://x.org:99999/",
        "'http://[::1/'",
        '"x.org\\r\\n"',
        "javascript:a",
      ],
    ]
  ) {
    const [problem = ""] = problemsOf(`Fallbacks: [{URL: ${url}}]`);
    assert(problem.includes("Fallbacks entry 1: URL must be an HTTP or HTTPS URL"), problem);
  }
  for (
    const url of ["x.org", "HTTP://x.org/a%20b/", "x.org:8080/p", "'[::1]:80'", "user:pw@x.org"]
  ) {
    const [fallback] = value("fallbacks", `[{URL: ${url}}]`);
    assertEquals(fallback?.url, `${url.replaceAll("'", "").replace(/\/$/, "")}/`);
  }
});

Deno.test("loadConfig() lists every problem of every source at once", () => {
  const problems = problemsOf("OutputMode: x\nGzip: x\nConcurrentSync: z\n", {
    environment: { MIRRORBITS_REDIS_DB: "-1", MIRRORBITS_HASHES: "[", MIRRORBITS_WORKERS: "two" },
    flags: { listenAddress: "nowhere" },
  });
  assertEquals(
    problems.map((problem) => problem.split(":")[0]),
    [
      'Cannot parse "m.conf" line 1',
      'Cannot parse "m.conf" line 2',
      'Cannot parse "m.conf" line 3',
      "Cannot parse MIRRORBITS_REDIS_DB",
      "Cannot parse MIRRORBITS_HASHES",
      "Cannot parse MIRRORBITS_WORKERS",
      "Cannot parse -listen",
    ],
  );
});

Deno.test("loadConfig() says how to give the repository when it is missing", () => {
  assertEquals(problemsOf("", { flags: {} }), [
    'Repository is not set: give -repository DIR, or the key Repository in "m.conf", ' +
    "or the environment variable MIRRORBITS_REPOSITORY",
  ]);
  assertEquals(problemsOf("", { flags: {}, file: null }), [
    "Repository is not set: give -repository DIR, " +
    "or the key Repository in a configuration file (-config FILE), " +
    "or the environment variable MIRRORBITS_REPOSITORY",
  ]);
  assertEquals(
    problemsOf("Repositry: /x", { flags: {} })[1],
    'Unknown key in "m.conf" line 1: "Repositry", did you mean Repository?',
  );
});

Deno.test("loadConfig() needs the name of the master for sentinels", () => {
  assert(
    problemsOf("RedisSentinels: [{Host: a:1}]")[0]?.startsWith("RedisSentinelMasterName is not"),
  );
});

Deno.test("loadConfig() warns of unknown keys", () => {
  const { warnings } = load(
    [
      "OutputMod: json",
      "gzip: true",
      "Colour: blue",
      "Fallbacks:",
      "  - Url: x.org",
      "    URL: x.org",
      "Hashes: {SHA-256: true}",
      "Nothing:",
    ].join("\n"),
    { environment: { MIRRORBITS_LISTEN_ADRESS: ":1", MIRRORBITS_COLOUR: "x" } },
  );
  assertEquals(warnings, [
    'Unknown key in "m.conf" line 1: "OutputMod", did you mean OutputMode?',
    'Unknown key in "m.conf" line 2: "gzip", did you mean Gzip?',
    'Unknown key in "m.conf" line 3: "Colour"',
    'Unknown key in "m.conf" line 8: "Nothing"',
    'Unknown key in "m.conf" line 5: "Url" of Fallbacks entry 1, did you mean URL?',
    'Unknown key in "m.conf" line 7: "SHA-256" of Hashes, did you mean SHA256?',
    "Unknown environment variable MIRRORBITS_LISTEN_ADRESS, did you mean MIRRORBITS_LISTEN_ADDRESS?",
  ]);
});

Deno.test("loadConfig() tells of a hundred unknown keys, and how many more there are", () => {
  const text = Array.from({ length: 60_000 }, (_, index) => `key${index}: x\n`).join("");
  const { warnings } = load(text);
  assertEquals(warnings.length, 101);
  assertEquals(warnings[100], 'And 59900 more unknown keys like "key100"');
});

Deno.test("ConfigError has a hundred problems in its message, and how many more there are", () => {
  const { message } = new ConfigError(Array.from({ length: 1000 }, (_, index) => `No ${index}`));
  assertEquals(message.split("\n").length, 101);
  assertEquals(message.split("\n").at(-1), "And 900 more problems");
});

Deno.test("loadConfig() throws nothing but ConfigError, whatever is given for whatever key", () => {
  const key = fc.constantFrom(...CONFIG_FIELDS.map((field) => CONFIG_KEYS[field].name));
  const written = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.jsonValue().map((json) => JSON.stringify(json)),
  );
  fc.assert(fc.property(key, written, (key, written) => {
    for (
      const attempt of [
        () => load(`${key}: ${written}\n`),
        () => load("", { environment: { ...HOME, [environmentVariable(key)]: written } }),
      ]
    ) {
      try {
        attempt();
      } catch (error) {
        assert(error instanceof ConfigError, String(error));
        assert(error.problems.every((problem) => problem.length > 10), error.message);
      }
    }
  }));
});

Deno.test("loadConfig() reads back every value that it is given", () => {
  const number = fc.nat(2_000_000_000);
  const text = fc.string({ minLength: 1 }).filter((text) => !/[\x7f]/.test(text));
  const port = fc.integer({ min: 1, max: 65535 });
  fc.assert(
    fc.property(
      number,
      fc.boolean(),
      text,
      port,
      fc.ipV6(),
      (number, flag, text, port, address) => {
        const { config, warnings } = load(JSON.stringify({
          ScanInterval: number,
          Gzip: flag,
          RPCPassword: text,
          RedisAddress: `[${address}]:${port}`,
          AllowOutdatedFiles: [{ Prefix: `/${text}`, Minutes: number }],
        }));
        assertEquals(warnings, []);
        assertEquals(config.scanInterval, number);
        assertEquals(config.gzip, flag);
        assertEquals(config.rpcPassword, text);
        assertEquals(config.redisAddress, { hostname: address, port });
        assertEquals(config.allowOutdatedFiles, [{ prefix: `/${text}`, minutes: number }]);
      },
    ),
  );
});

Deno.test("CheckProxy is the URL of a proxy", () => {
  for (const url of ["http://proxy:3128", "https://u:p%40@proxy/", "socks5://127.0.0.1:1080"]) {
    assertEquals(value("checkProxy", url), url);
  }
  for (const url of ["proxy:3128", "ftp://proxy/", "http://", "http://proxy/path", "http://a b/"]) {
    assertEquals(problemsOf(`CheckProxy: "${url}"\n`).length, 1, url);
  }
  // What cannot be decoded would fail each check.
  for (const user of ["50%", "u:%zz", "%ff:p", "%E2:%82%AC"]) {
    assertMatch(
      problemsOf(`CheckProxy: "http://${user}@proxy:3128"\n`).join(),
      /CheckProxy.*percent-encoded/,
      user,
    );
  }
});

Deno.test("Tolerance is a duration, in milliseconds without a unit", () => {
  for (const [written, read] of [["0", 0], ["1500", 1500], ["2s", 2000], ["1m", 60_000]] as const) {
    assertEquals(value("tolerance", written), read);
  }
  for (const written of ["-1", "soon", "2 fortnights"]) {
    assertEquals(problemsOf(`Tolerance: ${written}\n`).length, 1, written);
  }
});

Deno.test("PublicURL and MetalinkPublisher are checked", () => {
  for (const url of ["dl.example.org", "ftp://x/", "http://u:p@x/", "http://x/?a", "http://x/#a"]) {
    assertEquals(problemsOf(`PublicURL: "${url}"\n`).length, 1, url);
  }
  for (const trackers of ["http://x/", "[ftp://x/]", "[[]]", "[{a: b}]"]) {
    assertEquals(problemsOf(`TorrentTrackers: ${trackers}\n`).length, 1, trackers);
  }
  assertEquals(value("metalinkPublisher", "{Name: x}"), { name: "x", url: "" });
  for (const publisher of ["{URL: http://x/}", "{Name: x, URL: x}", "x", "[x]"]) {
    assertEquals(problemsOf(`MetalinkPublisher: ${publisher}\n`).length, 1, publisher);
  }
});

Deno.test("Verify has a size from which on copies are verified", () => {
  assertEquals(value("verify", "{From: 50MB}"), { from: 50_000_000 });
  assertEquals(value("verify", "{From: 1}"), { from: 1 });
  assertEquals(value("verify", ""), null);
  for (const written of ["50MB", "{}", "{From: 0}", "{From: -1}", "{From: soon}", "{Form: 1}"]) {
    assertEquals(problemsOf(`Verify: ${written}\n`).length, 1, written);
  }
});

Deno.test("GeoipUpdate takes a word or a URL, and never shows what was written", () => {
  const wanted = "GeoipUpdate must be off, dbip, maxmind or an HTTP or HTTPS URL";
  const refused = [
    "MaxMind",
    "ftp://host/x",
    "https://host",
    "https://{edition}.example/x",
    "https://host/{name}",
    "https://host/a b",
    "https://me:50%@host/x",
  ];
  for (const value of refused) {
    const [problem = ""] = problemsOf(`GeoipUpdate: "${value}"`);
    assertEquals(problem.includes(wanted), true, problem);
    assertEquals(problem.endsWith("found something else"), true, problem);
  }
  const taken = [
    ...["off", "dbip", "https://host/x", "http://me:secret@[::1]:81/{Edition}/{month}.gz?key=a"],
  ];
  for (const value of taken) {
    const text = `Repository: /srv\nGeoipUpdate: ${JSON.stringify(value)}`;
    const { config } = loadConfig({
      ...{ file: null, text, environment: {}, flags: {}, workingDirectory: "/" },
    });
    assertEquals(config.geoipUpdate, value);
  }
  const [missing = ""] = problemsOf("GeoipUpdate: maxmind\nGeoipAccountID: 1");
  assertEquals(missing.startsWith("GeoipLicenseKey is not set"), true, missing);
});

Deno.test("ServeLocally says what is sent from here, and how much", () => {
  assertEquals(value("serveLocally", ""), null);
  assertEquals(value("serveLocally", "{LastResort: true}"), {
    below: 0,
    patterns: [],
    lastResort: true,
    maxBytesPerSecond: 50_000_000,
    maxConnections: 200,
    accel: null,
  });
  for (
    const [written, accel] of [
      ["X-Sendfile", { header: "X-Sendfile", prefix: "" }],
      ["X-Accel-Redirect /", { header: "X-Accel-Redirect", prefix: "/" }],
      ["X-Accel-Redirect   /a/b/", { header: "X-Accel-Redirect", prefix: "/a/b/" }],
    ] as const
  ) {
    const read = value("serveLocally", `{Below: 4 KiB, Accel: ${written}}`);
    assertEquals(read && [read.below, read.accel], [4096, accel]);
  }
  const wrong = ["LastResort: maybe", "Below: -1", "Below: 4 kilo", "Patterns: ['/']"]
    .concat(["Patterns: x", "MaxBytesPerSecond: 999", "MaxConnections: 0", "Accel: X-Other /a/"])
    .concat(["Accel: X-Accel-Redirect", "Accel: X-Accel-Redirect a/", "Accel: X-Sendfile /a/"])
    .concat(["Accel: X-Accel-Redirect /a", "Accel: X-Accel-Redirect /a?b/"])
    .map((one) => `{LastResort: true, ${one}}`.replace("true, LastResort: maybe", "maybe"));
  for (const written of [...wrong, "true", "[]", "{}", "{Below: 0}", "{MaxConnections: 5}"]) {
    assertEquals(problemsOf(`ServeLocally: ${written}\n`).length, 1, written);
  }
  assertEquals(load("ServeLocally: {LastResort: true, Pattern: []}\n").warnings.length, 1);
});

Deno.test("a public address of metrics is warned about, a private one is not", () => {
  const warned = (address: string): boolean =>
    load(`MetricsListenAddress: ${address}`).warnings.some((one) => one.includes(" is public"));
  for (const address of [":9390", "0.0.0.0:9390", "198.51.100.7:9390", "[2001:db8::7]:9390"]) {
    assertEquals([address, warned(`"${address}"`)], [address, true]);
  }
  for (const address of ["localhost:9390", "127.0.0.1:9390", "10.0.0.5:9390", "[fd00::7]:9390"]) {
    assertEquals([address, warned(`"${address}"`)], [address, false]);
  }
  assertEquals(load("").warnings, []);
});
