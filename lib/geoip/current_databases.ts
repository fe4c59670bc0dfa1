import type { GeoRecord } from "../geo/geo_record.ts";
import type { Log } from "../log/log.ts";
import { type GeoDatabases, type LoadedDatabases, loadGeoDatabases } from "./load_databases.ts";
import type { GeoResolver } from "./resolver.ts";

/** What {@linkcode CurrentDatabases} work with. */
export interface CurrentDatabasesOptions {
  /** Where the databases are, as configured now. */
  readonly directory: () => string;
  /** Told what is loaded, missing or broken. */
  readonly log: Log;
  /** Called each time databases were loaded. */
  readonly loaded: (databases: LoadedDatabases) => void;
}

/** The databases of the configured directory, as they were when someone last looked. */
export class CurrentDatabases implements GeoResolver {
  readonly #options: CurrentDatabasesOptions;
  #directory = "";
  #databases: GeoDatabases | null = null;

  constructor(options: CurrentDatabasesOptions) {
    this.#options = options;
  }

  /** What was loaded last; `null` before the first {@linkcode refresh}. */
  get loaded(): LoadedDatabases | null {
    return this.#databases?.databases ?? null;
  }

  /** See {@linkcode GeoResolver.resolve}; nothing is known before the first {@linkcode refresh}. */
  resolve(address: string): GeoRecord | null {
    return this.#databases?.resolver.resolve(address) ?? null;
  }

  /** See {@linkcode GeoResolver.sourcesOf}. */
  sourcesOf(address: string): string[] {
    return this.#databases?.resolver.sourcesOf?.(address) ?? [];
  }

  /** Loads what is new in the directory, or everything from another one. */
  async refresh(): Promise<void> {
    const directory = this.#options.directory();
    const current = this.#databases;
    if (current !== null && directory === this.#directory && !await current.changed()) return;
    const { log, loaded } = this.#options;
    this.#databases = await loadGeoDatabases({ directory, log, previous: current });
    this.#directory = directory;
    loaded(this.#databases.databases);
  }
}
