import { utcDay } from "../clock/utc_day.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import { type DatabaseFiles, DISK, type FileStamp } from "./database_files.ts";
import { databaseCandidates, type DatabaseRole } from "./database_names.ts";
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

/** Loaded databases, and whether they are still those of the directory. */
export interface GeoDatabases {
  /** What was loaded, to send to other threads. */
  readonly databases: LoadedDatabases;
  /** Resolves from these databases. */
  readonly resolver: GeoResolver;
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
 * Loads the best usable database of a directory for each purpose; where there is none for places, the
 * embedded one. What is broken or missing goes to the log, and the others are used all the same.
 */
export async function loadGeoDatabases(options: LoadOptions): Promise<GeoDatabases> {
  const { directory, log, files = DISK } = options;
  const listed = await listDatabases(directory, files);
  if (listed.problem) log.warn(`Cannot look for GeoIP databases: ${listed.problem}`);
  const place = await loadBest("place", listed, options) ?? await loadEmbedded(options);
  const network = await loadBest("network", listed, options);
  const databases = { place, network };
  for (const database of [place, network]) {
    if (database) {
      const day = utcDay(database.buildTime);
      log.info(`GeoIP database "${database.name}" loaded: ${database.type} of ${day}`);
    }
  }
  return {
    databases,
    resolver: createGeoResolver(databases, log),
    async changed() {
      return !sameFiles(listed, await listDatabases(directory, files));
    },
  };
}

/** Files of the directory that count, and why they could not be listed. */
interface ListedDatabases {
  /** By path. */
  readonly stamps: ReadonlyMap<string, FileStamp>;
  readonly paths: Readonly<Record<DatabaseRole, readonly string[]>>;
  readonly problem: string | null;
}

async function listDatabases(directory: string, files: DatabaseFiles): Promise<ListedDatabases> {
  const stamps = new Map<string, FileStamp>();
  let names: string[] = [];
  let problem: string | null = null;
  try {
    names = await files.list(directory);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) problem = reason(error, directory);
  }
  const base = directory.endsWith("/") ? directory : `${directory}/`;
  const paths = { place: [] as string[], network: [] as string[] };
  for (const role of ["place", "network"] as const) {
    for (const name of databaseCandidates(role, names)) {
      const path = base + name;
      const stamp = await files.stamp(path).catch(() => null);
      if (!stamp) continue;
      stamps.set(path, stamp);
      paths[role].push(path);
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

async function loadBest(
  role: DatabaseRole,
  { paths, stamps }: ListedDatabases,
  { previous, log, files = DISK }: LoadOptions,
): Promise<LoadedDatabase | null> {
  const before = previous?.databases[role] ?? null;
  for (const path of paths[role]) {
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
  log.info(
    `No GeoIP database of cities or countries in "${directory}": the ${EMBEDDED_DATABASE} ` +
      "is used, which knows no cities (see: mirrorbits help geoip)",
  );
  try {
    const bytes = await embedded();
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    // It was checked when the program was made.
    return describe(EMBEDDED_DATABASE, shared, null, true);
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
  return { name, bytes, type, buildTime, stamp };
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
