import type { GeoCredit } from "../geo/geo_credit.ts";
import type { GeoRecord } from "../geo/geo_record.ts";
import type { Log } from "../log/log.ts";
import {
  type GeoDatabases,
  type LoadedDatabases,
  loadGeoDatabases,
  type PassedOver,
} from "./load_databases.ts";
import type { GeoResolver } from "./resolver.ts";

/** What {@linkcode CurrentDatabases} work with. */
export interface CurrentDatabasesOptions {
  /** Where the databases are, as configured now. */
  readonly directory: () => string;
  /** Where those are that the daemon fetched itself; `null`: those do not count. */
  readonly fetched: () => string | null;
  /** Told what is loaded, missing or broken. */
  readonly log: Log;
  /** Called each time databases were loaded. */
  readonly loaded: (databases: LoadedDatabases) => void;
}

/** The databases of the configured directory, as they were when someone last looked. */
export class CurrentDatabases implements GeoResolver {
  readonly #options: CurrentDatabasesOptions;
  #places = "";
  #databases: GeoDatabases | null = null;

  constructor(options: CurrentDatabasesOptions) {
    this.#options = options;
  }

  /** What was loaded last; `null` before the first {@linkcode refresh}. */
  get loaded(): LoadedDatabases | null {
    return this.#databases?.databases ?? null;
  }

  /** What else there is, and why it does not answer. */
  get passedOver(): readonly PassedOver[] {
    return this.#databases?.passedOver ?? [];
  }

  /** See {@linkcode GeoResolver.credit}. */
  get credit(): GeoCredit | null {
    return this.#databases?.resolver.credit ?? null;
  }

  /** See {@linkcode GeoResolver.resolve}; nothing is known before the first {@linkcode refresh}. */
  resolve(address: string): GeoRecord | null {
    return this.#databases?.resolver.resolve(address) ?? null;
  }

  /** See {@linkcode GeoResolver.sourcesOf}. */
  sourcesOf(address: string): string[] {
    return this.#databases?.resolver.sourcesOf?.(address) ?? [];
  }

  /** Loads what is new in the directories, or everything from other ones. */
  async refresh(): Promise<void> {
    const directory = this.#options.directory();
    const fetched = this.#options.fetched();
    const places = JSON.stringify([directory, fetched]);
    const current = this.#databases;
    if (current !== null && places === this.#places && !await current.changed()) return;
    const { log, loaded } = this.#options;
    this.#databases = await loadGeoDatabases({ directory, fetched, log, previous: current });
    this.#places = places;
    loaded(this.#databases.databases);
  }
}
