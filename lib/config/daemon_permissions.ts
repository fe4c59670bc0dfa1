import type { Config, ListenAddress } from "./config.ts";
import { formatHostPort, type HostPort } from "../net/host_port.ts";
import { LIBC_PATHS } from "./libc_paths.ts";
import { nextSocketPath } from "./next_socket_path.ts";
import { PROXY_VARIABLES } from "./proxy_variables.ts";

/** What a thread is allowed, by the name of Deno's permission; `true`: all of it. */
export interface Permissions {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly net: readonly string[] | true;
  readonly run: readonly string[];
  readonly env: readonly string[] | true;
  readonly sys: readonly string[];
  readonly ffi: readonly string[];
}

/** Permissions of which any may be given whole. */
export type GrantedPermissions = {
  readonly [Name in keyof Permissions]: readonly string[] | true;
};

/** What decides what the daemon needs. */
export interface PermissionFacts {
  readonly config: Config;
  /** The configuration file, whether it exists or not. */
  readonly configFile: string;
  readonly pidFile: string;
  /** `null`: the log goes to standard error. */
  readonly logFile: string | null;
  /** File of certificates that health checks trust; `null`: none. */
  readonly certificates: string | null;
  /** Where the repository really is, when a link leads there. */
  readonly realRepository: string;
  /** The program that an upgrade starts. */
  readonly executable: string;
  /** Directory of the program's own files, which its threads read; `null`: they are in it. */
  readonly sources: string | null;
  /** Hosts of the mirrors, with or without a port; `null`: mirrors may be anywhere. */
  readonly mirrorHosts: readonly string[] | null;
  /** NOTIFY_SOCKET, where the service manager listens. Default: there is none. */
  readonly notifySocket?: string | undefined;
}

/**
 * Variables that the daemon reads; the star stands for the keys of the configuration, and those with
 * LOG belong to the YAML library.
 */
const VARIABLES = [
  "MIRRORBITS_*",
  ...PROXY_VARIABLES,
  ...["HOME", "LISTEN_FDS", "LISTEN_PID", "LOG_STREAM", "LOG_TOKENS", "NO_COLOR"],
  ...["NOTIFY_SOCKET", "OTEL_DENO_CONSOLE", "PATH", "SSL_CERT_FILE", "STATE_DIRECTORY"],
  ...["WATCHDOG_PID", "WATCHDOG_USEC", "XDG_RUNTIME_DIR", "XDG_STATE_HOME"],
];

/** Ports of the schemes that messages are sent by: mail is submitted (RFC 6409, RFC 8314). */
const PORTS: Readonly<Record<string, string>> = {
  "http:": "80",
  "https:": "443",
  "smtp:": "587",
  "smtps:": "465",
};

/** What the daemon needs with a configuration, and nothing more. */
export function daemonPermissions(facts: PermissionFacts): Permissions {
  const { config, configFile, pidFile, logFile, certificates, mirrorHosts } = facts;
  const redis = usesRedis(config);
  // SQLite keeps its journal beside the file, and the directory is made when it is missing. With
  // Redis, counts that wait for it lie there.
  const state = directoryOf(config.databasePath);
  const downloads = config.logDir === null ? [] : [`${config.logDir}/downloads.log`];
  const socket = socketFiles(config.listenAddress);
  const manager = managerSockets(facts);
  const read = [
    configFile,
    config.repository,
    facts.realRepository,
    config.geoipDatabasePath,
    config.templates,
    certificates,
    redisCertificates(config),
    pidFile,
    // Whether it was removed is asked before each line.
    logFile,
    facts.sources,
    ...downloads,
    state,
    ...socket,
    ...manager,
  ];
  return {
    read: unique(read),
    write: unique([pidFile, logFile, ...downloads, state, ...socket, ...manager]),
    // Sentinels tell where the Redis is only when they are asked.
    net: mirrorHosts === null || config.redisSentinels.length > 0 ? true : unique([
      ...ownAddresses(config),
      ...manager.map(unixPermission),
      ...mirrorHosts,
      ...notifyHosts(config),
      ...databaseHosts(config),
    ]),
    run: unique(["rsync", "rsync-ssl", facts.executable, ...notifyPrograms(config)]),
    // The Redis library looks through the whole environment for switches of its own.
    env: redis ? true : [...VARIABLES, ...config.notify.flatMap(({ variables }) => variables)],
    // Whoever waits for a redirect comes before what is hashed. The service manager wants to know when
    // a reload began.
    sys: ["hostname", ...(manager.length === 0 ? [] : ["osUptime"]), "setPriority"],
    // In an upgrade, a thread that may do nothing else decides which process gets connections.
    ffi: LIBC_PATHS,
  };
}

/**
 * What a thread that answers requests needs with a configuration: nothing to run, nothing to write,
 * and of the disk only the repository and the store.
 */
export function httpThreadPermissions(
  config: Pick<
    Config,
    | "repository"
    | "databasePath"
    | "listenAddress"
    | "redisAddress"
    | "redisSentinels"
    | "redisTls"
  >,
  { sources }: Pick<PermissionFacts, "sources">,
): Permissions {
  const { listenAddress, redisAddress } = config;
  const redis = usesRedis(config);
  const socket = socketFiles(listenAddress);
  const store = redis ? [] : [directoryOf(config.databasePath)];
  return {
    read: unique([config.repository, sources, redisCertificates(config), ...store, ...socket]),
    write: socket,
    net: config.redisSentinels.length > 0 ? true : [
      ...listenPermissions(listenAddress),
      ...(redisAddress === null ? [] : [hostPermission(redisAddress)]),
    ],
    run: [],
    env: redis ? true : [],
    sys: [],
    ffi: [],
  };
}

/** Where messages go to, as far as they leave the machine by the network. */
export function notifyHosts({ notify }: Pick<Config, "notify">): string[] {
  return notify.flatMap((receiver) => {
    if (receiver.to === "command") return [];
    const { protocol, hostname, port } = new URL(
      receiver.to === "webhook" ? receiver.url : receiver.smtp,
    );
    return [`${hostname}:${port || PORTS[protocol] || ""}`];
  });
}

/** Hosts that MaxMind's downloads come from, which it names for firewalls. */
const MAXMIND_HOSTS = [
  "download.maxmind.com:443",
  "mm-prod-geoip-databases.a2649acb697e2c09b632799562c076f2.r2.cloudflarestorage.com:443",
];

/** Where GeoIP databases are fetched from. */
export function databaseHosts({ geoipUpdate: from }: Pick<Config, "geoipUpdate">): string[] {
  if (from === "off") return [];
  if (from === "dbip") return ["download.db-ip.com:443"];
  if (from === "maxmind") return MAXMIND_HOSTS;
  const { protocol, hostname, port } = new URL(from);
  return [`${hostname}:${port || PORTS[protocol] || ""}`];
}

/** Programs that get messages. */
export function notifyPrograms({ notify }: Pick<Config, "notify">): string[] {
  return notify.flatMap((receiver) => receiver.to === "command" ? [receiver.run[0]] : []);
}

function usesRedis(config: Pick<Config, "redisAddress" | "redisSentinels">): boolean {
  return config.redisAddress !== null || config.redisSentinels.length > 0;
}

/** The certificates that Redis is trusted by, where they are in a file. */
function redisCertificates(
  config: Pick<Config, "redisAddress" | "redisSentinels" | "redisTls">,
): string | null {
  return usesRedis(config) && typeof config.redisTls === "string" ? config.redisTls : null;
}

/** Where the daemon listens, and the Redis that it uses. */
function ownAddresses(config: Config): string[] {
  const { listenAddress, rpcListenAddress, metricsListenAddress } = config;
  const { redisAddress, checkProxy } = config;
  const metrics = metricsListenAddress === null ? [] : [metricsListenAddress];
  const redis = redisAddress === null ? [] : [redisAddress];
  const proxy = checkProxy === null ? [] : [new URL(checkProxy).host];
  return [
    ...listenPermissions(listenAddress),
    ...[rpcListenAddress, ...metrics, ...redis].map(hostPermission),
    ...proxy,
  ];
}

/** The socket of the service manager and our own that speaks to it; none where it has no path. */
function managerSockets({ notifySocket, config }: PermissionFacts): string[] {
  return notifySocket?.startsWith("/") ? [notifySocket, ownNotifySocket(config)] : [];
}

/** Where the daemon's own end of the way to the service manager is. */
export function ownNotifySocket({ databasePath }: Pick<Config, "databasePath">): string {
  return `${directoryOf(databasePath)}/mirrorbits-notify.sock`;
}

function listenPermissions(address: ListenAddress): string[] {
  return address.transport === "tcp"
    ? [hostPermission(address)]
    : socketFiles(address).map(unixPermission);
}

/** The Unix socket that is listened on, and the one that takes its place in an upgrade. */
function socketFiles(address: ListenAddress): string[] {
  return address.transport === "unix" ? [address.path, nextSocketPath(address.path)] : [];
}

/** Deno takes a Unix socket for a file and for a network address. */
function unixPermission(path: string): string {
  return `unix:${path}`;
}

/** Port 0 stands for any that is free. */
function hostPermission(address: HostPort): string {
  return formatHostPort(address).replace(/:0$/, "");
}

function directoryOf(path: string): string {
  return path.replace(/\/[^/]*$/, "") || "/";
}

/** Without what is missing, what comes twice, and what lies below another. */
function unique(values: readonly (string | null)[]): string[] {
  const given = [
    ...new Set(
      values.filter((value) => value !== null && value !== "").map((value) =>
        value!.replace(/(?<=.)\/+$/, "")
      ),
    ),
  ];
  const below = (value: string, other: string): boolean =>
    other.startsWith("/") && value !== other &&
    value.startsWith(other === "/" ? "/" : `${other}/`);
  return given.filter((value) => !given.some((other) => below(value, other)));
}
