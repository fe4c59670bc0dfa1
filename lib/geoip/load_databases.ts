import { utcDay } from "../clock/utc_day.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import { type DatabaseFiles, DISK, type FileStamp } from "./database_files.ts";
import { kindOf } from "./database_kind.ts";
import { databaseCandidates, type DatabaseRole, FETCHED_NAMES } from "./database_names.ts";
import { EMBEDDED_DATABASE, embeddedDatabase } from "./embedded_database.ts";
import { MmdbDatabase } from "./mmdb_database.ts";
import { MmdbResolver, type NamedDatabase } from "./mmdb_resolver.ts";
import type { GeoResolver } from "./resolver.ts";

/** A database that was loaded and checked; it can be sent to another thread. */
export interface LoadedDatabase {
  /** Path of the file, or {@linkcode EMBEDDED_DATABASE}. */
  readonly name: string;
  /** The file; threads share it. */
  readonly bytes: Uint8Array;
  /** As the maker names it: `GeoLite2-City`. */
  readonly type: string;
  /** When the maker built it, milliseconds since the epoch. */
  readonly buildTime: number;
  /** `null`: the embedded one. */
  readonly stamp: FileStamp | null;
}

/** The database for each purpose; `null`: none. */
export type LoadedDatabases = { readonly [R in DatabaseRole]: LoadedDatabase | null };

/** What {@linkcode loadGeoDatabases} goes by. */
export interface LoadOptions {
  /** Where the databases are. */
  readonly directory: string;
  /** Where those are that the daemon fetched itself; `null`, the default: nowhere. */
  readonly fetched?: string | null;
  /** Told what is loaded, missing or broken. */
  readonly log: Log;
  /**
   * What was loaded before: a file that has not changed is not read again, and one that is broken now
   * does not replace a good one.
   */
  readonly previous?: GeoDatabases | null;
  /** Default: the disk. */
  readonly files?: DatabaseFiles;
  /** Reads the database to use when the directory has none for places. Default: the embedded one. */
  readonly embedded?: () => Promise<Uint8Array>;
}

/** A good database that does not answer. */
export interface PassedOver {
  /** What it would tell. */
  readonly role: DatabaseRole;
  /** Path of the file. */
  readonly name: string;
  /** As the maker names it. */
  readonly type: string;
  /** When the maker built it, milliseconds since the epoch. */
  readonly buildTime: number;
  /** For people: `it is older`. */
  readonly reason: string;
}

/** Loaded databases, and whether they are still those of the directory. */
export interface GeoDatabases {
  /** What was loaded, to send to other threads. */
  readonly databases: LoadedDatabases;
  /** Resolves from these databases. */
  readonly resolver: GeoResolver;
  /** What else there is, and why it does not answer. */
  readonly passedOver: readonly PassedOver[];
  /** Whether a file in the directory that counts was added, replaced or removed since. */
  changed(): Promise<boolean>;
}

/**
 * Makes a resolver of databases that were loaded before, perhaps by another thread.
 *
 * @param log told once of each database whose entries turn out to be broken
 */
export function createGeoResolver(
  { place, network }: LoadedDatabases,
  log: Pick<Log, "error">,
): GeoResolver {
  const open = (loaded: LoadedDatabase | null): NamedDatabase | null =>
    loaded && { name: loaded.name, database: new MmdbDatabase(loaded.bytes, true) };
  return new MmdbResolver(open(place), open(network), log);
}

/**
 * Loads the best usable database for each purpose: cities before countries, and of two of one kind the one
 * that was built later; where there is none for places, the embedded one. What is broken or missing goes
 * to the log, and the others are used all the same.
 */
export async function loadGeoDatabases(options: LoadOptions): Promise<GeoDatabases> {
  const { directory, log, fetched = null, files = DISK } = options;
  const listed = await listDatabases(directory, fetched, files);
  if (listed.problem) log.warn(`Cannot look for GeoIP databases: ${listed.problem}`);
  const [places, networks] = [
    await loadAll("place", listed, options),
    await loadAll("network", listed, options),
  ];
  const place = places[0] ?? await loadEmbedded(options);
  const network = networks[0] ?? null;
  const databases = { place, network };
  const passedOver = [
    ...places.slice(1).map((one) => passOver("place", one, places[0]!)),
    ...networks.slice(1).map((one) => passOver("network", one, networks[0]!)),
  ];
  for (const database of [place, network]) {
    if (database && database.stamp !== null) {
      const day = utcDay(database.buildTime);
      log.info(`GeoIP database "${database.name}" loaded: ${database.type} of ${day}`);
    }
  }
  return {
    databases,
    resolver: createGeoResolver(databases, log),
    passedOver,
    async changed() {
      return !sameFiles(listed, await listDatabases(directory, fetched, files));
    },
  };
}

/** Files of the directory that count, and why they could not be listed. */
interface ListedDatabases {
  /** By path. */
  readonly stamps: ReadonlyMap<string, FileStamp>;
  /** The files of each name, best first. */
  readonly paths: Readonly<Record<DatabaseRole, readonly (readonly string[])[]>>;
  readonly problem: string | null;
}

async function listDatabases(
  directory: string,
  fetched: string | null,
  files: DatabaseFiles,
): Promise<ListedDatabases> {
  const stamps = new Map<string, FileStamp>();
  let names: string[] = [];
  let problem: string | null = null;
  try {
    names = await files.list(directory);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) problem = reason(error, directory);
  }
  const base = directory.endsWith("/") ? directory : `${directory}/`;
  const paths = { place: [] as string[][], network: [] as string[][] };
  for (const role of ["place", "network"] as const) {
    const groups = databaseCandidates(role, names).map((group) => group.map((one) => base + one));
    if (fetched !== null) groups.push([`${fetched}/${FETCHED_NAMES[role]}`]);
    for (const group of groups) {
      const found: string[] = [];
      for (const path of group) {
        const stamp = await files.stamp(path).catch(() => null);
        if (!stamp) continue;
        stamps.set(path, stamp);
        found.push(path);
      }
      if (found.length > 0) paths[role].push(found);
    }
  }
  return { stamps, paths, problem };
}

function sameFiles(a: ListedDatabases, b: ListedDatabases): boolean {
  return a.problem === b.problem && a.stamps.size === b.stamps.size &&
    [...a.stamps].every(([path, stamp]) => sameStamp(stamp, b.stamps.get(path) ?? null));
}

function sameStamp(a: FileStamp | null, b: FileStamp | null): boolean {
  return a?.size === b?.size && a?.modifiedAt === b?.modifiedAt;
}

/** Loads the first usable file of each name. @returns the best database first */
async function loadAll(
  role: DatabaseRole,
  listed: ListedDatabases,
  options: LoadOptions,
): Promise<LoadedDatabase[]> {
  const loaded: LoadedDatabase[] = [];
  for (const group of listed.paths[role]) {
    const one = await loadFirst(role, group, listed, options);
    if (one !== null) loaded.push(one);
  }
  // What is alike stays in the order of the names.
  return loaded.sort((a, b) =>
    Number(onlyCountries(a)) - Number(onlyCountries(b)) || b.buildTime - a.buildTime
  );
}

function onlyCountries({ type }: LoadedDatabase): boolean {
  return kindOf(type) === "country";
}

function passOver(role: DatabaseRole, one: LoadedDatabase, better: LoadedDatabase): PassedOver {
  const { name, type, buildTime } = one;
  const reason = onlyCountries(one) && !onlyCountries(better)
    ? "it knows countries alone"
    : buildTime < better.buildTime
    ? "it is older"
    : "it is as old, and the name of the other goes first";
  return { role, name, type, buildTime, reason };
}

async function loadFirst(
  role: DatabaseRole,
  group: readonly string[],
  { stamps }: ListedDatabases,
  { previous, log, files = DISK }: LoadOptions,
): Promise<LoadedDatabase | null> {
  const before = previous?.databases[role] ?? null;
  for (const path of group) {
    const stamp = stamps.get(path) ?? null;
    if (before?.name === path && sameStamp(before.stamp, stamp)) return before;
    try {
      return describe(path, await files.read(path), stamp);
    } catch (error) {
      const keep = before?.name === path;
      log.error(
        `Cannot use GeoIP database "${path}": ${reason(error, path)}; ` +
          (keep ? "the copy loaded before stays in use until" : "it is left out until") +
          " a good copy is in its place",
      );
      if (keep) return before;
    }
  }
  return null;
}

async function loadEmbedded(
  { directory, log, embedded = embeddedDatabase, previous }: LoadOptions,
): Promise<LoadedDatabase | null> {
  const before = previous?.databases.place ?? null;
  if (before && before.stamp === null) return before;
  try {
    const bytes = await embedded();
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    // It was checked when the program was made.
    const database = describe(EMBEDDED_DATABASE, shared, null, true);
    log.info(
      `No GeoIP database of cities or countries in "${directory}": the ${EMBEDDED_DATABASE} of ` +
        `${utcDay(database.buildTime)} is used, which knows no cities (see: mirrorbits help geoip)`,
    );
    return database;
  } catch (error) {
    log.error(
      `Cannot use the ${EMBEDDED_DATABASE}: ${reason(error, "")}; clients count as unknown`,
    );
    return null;
  }
}

function describe(
  name: string,
  bytes: Uint8Array,
  stamp: FileStamp | null,
  trusted = false,
): LoadedDatabase {
  const { type, buildTime } = new MmdbDatabase(bytes, trusted);
  // What the embedded one calls itself means nothing to anybody.
  return { name, bytes, type: stamp === null ? name : type, buildTime, stamp };
}

/** Says why a file or directory cannot be used, and what to do where that is not plain. */
function reason(error: unknown, path: string): string {
  if (error instanceof Deno.errors.NotCapable) {
    return `Deno may not read it, allow that with --allow-read=${path}`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "the user that runs this program may not read it";
  }
  return messageOf(error);
}
