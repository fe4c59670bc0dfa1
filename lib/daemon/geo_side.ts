import { dirname } from "node:path";
import { utcDay } from "../clock/utc_day.ts";
import type { Config } from "../config/config.ts";
import type { GeoipJson } from "../control/api/geoip_schemas.ts";
import type { GeoipHealthJson } from "../control/api/daemon_schemas.ts";
import { CurrentDatabases } from "../geoip/current_databases.ts";
import type { LoadedDatabases } from "../geoip/load_databases.ts";
import { oldDatabases } from "../geoip/old_databases.ts";
import { DatabaseUpdater } from "../geoip/update/database_updater.ts";
import { updateFiles } from "../geoip/update/update_files.ts";
import { GeoOverrides } from "../http/request/geo_overrides.ts";
import type { Log } from "../log/log.ts";
import type { MonitorFetch, MonitorHttpClient } from "../monitor/http_client.ts";
import { VERSION } from "../version.ts";
import { systemClock } from "./system_clock.ts";

/** What a {@linkcode GeoSide} works with. */
export interface GeoSideOptions {
  /** The configuration in force now. */
  readonly config: () => Config;
  /** Variables of the process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Called each time databases were loaded. */
  readonly loaded: (databases: LoadedDatabases) => void;
  /** Makes one change of what the daemon works with at a time. */
  readonly exclusively: (change: () => Promise<void>) => Promise<void>;
  readonly log: Log;
}

/** What the control API asks of the databases. */
export interface GeoService {
  /** Which databases there are, and what is known of an address; `null`: of none. */
  report(address: string | null): Promise<GeoipJson>;
  /** Looks for newer databases now. */
  update(): Promise<GeoipJson>;
  /** How they are, in short. */
  health(): Promise<GeoipHealthJson>;
}

/** Milliseconds between two looks at the files. */
const LOOK_INTERVAL = 30_000;

/** The GeoIP databases of the daemon: those in use, and what keeps them current. */
export class GeoSide implements GeoService, AsyncDisposable {
  /** Resolves addresses. */
  readonly databases: CurrentDatabases;
  readonly #options: GeoSideOptions;
  readonly #updater: DatabaseUpdater;
  readonly #resources = new AsyncDisposableStack();
  #client: { readonly proxy: string | null; readonly client: MonitorHttpClient } | null = null;
  /** What was told to be old. */
  #told = "";

  constructor(options: GeoSideOptions) {
    this.#options = options;
    const { config, log, loaded } = options;
    const directory = (): string => `${dirname(config().databasePath)}/geoip`;
    this.databases = new CurrentDatabases({
      directory: () => config().geoipDatabasePath,
      fetched: () => config().geoipUpdate === "off" ? null : directory(),
      ...{ log, loaded },
    });
    this.#updater = this.#resources.use(
      new DatabaseUpdater({
        config,
        files: updateFiles(directory),
        fetch: (url, init) => this.#fetch(url, init),
        placed: () => options.exclusively(() => this.refresh()),
        userAgent: `Mirrorbits/${VERSION}`,
        ...{ log, clock: systemClock },
      }),
    );
  }

  /** Loads what is new. */
  async refresh(): Promise<void> {
    await this.databases.refresh();
    const old = this.#old().join(", ");
    if (old !== "" && old.replaceAll(/\d+/g, "") !== this.#told) {
      this.#options.log.warn(
        `GeoIP databases are not kept current: ${old} (mirrorbits help geoip)`,
      );
    }
    this.#told = old.replaceAll(/\d+/g, "");
  }

  /** Looks for new files, here and where they are fetched from, from now on. */
  watch(): void {
    const { exclusively } = this.#options;
    const look = (): void => void exclusively(() => this.refresh()).catch(() => {});
    this.#resources.use(systemClock.every(LOOK_INTERVAL, look));
    this.#updater.start();
  }

  /** The configuration is another one. */
  configured(): void {
    this.#updater.look();
  }

  async report(address: string | null): Promise<GeoipJson> {
    const { source, checkedAt, nextAt, failure } = await this.#updater.status();
    const { place = null, network = null } = this.databases.loaded ?? {};
    const answering = Object.entries({ place, network }).flatMap(([role, one]) =>
      one === null ? [] : [{ role: role as "place" | "network", ...one, answers: true, reason: "" }]
    );
    const others = this.databases.passedOver.map((one) => ({ ...one, answers: false }));
    return {
      databases: [...answering, ...others].map(
        ({ role, name, type, buildTime, answers, reason }) => ({
          ...{ role, name, type, built: new Date(buildTime).toISOString(), answers, reason },
        }),
      ),
      old: this.#old(),
      update: { source, checked: isoTime(checkedAt), next: isoTime(nextAt), failure },
      lookup: address === null ? null : this.#lookUp(address),
    };
  }

  async update(): Promise<GeoipJson> {
    await this.#updater.update();
    return await this.report(null);
  }

  async health(): Promise<GeoipHealthJson> {
    const { place = null, network = null } = this.databases.loaded ?? {};
    const { failure } = await this.#updater.status();
    const warnings = [...this.#old(), ...(failure === null ? [] : [failure])];
    return {
      databases: [place, network].flatMap((one) =>
        one === null ? [] : [{ type: one.type, built: utcDay(one.buildTime) }]
      ),
      warning: warnings.length === 0 ? null : warnings.join("; "),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
    this.#client?.client[Symbol.dispose]();
  }

  #old(): string[] {
    return oldDatabases(this.databases.loaded, systemClock.now());
  }

  #lookUp(address: string): GeoipJson["lookup"] {
    const { geoOverrides } = this.#options.config();
    const resolver = geoOverrides.length === 0
      ? this.databases
      : new GeoOverrides(this.databases, geoOverrides);
    return {
      address,
      place: resolver.resolve(address),
      sources: resolver.sourcesOf(address),
    };
  }

  /** Through the proxy that checks go through, where there is one. */
  readonly #fetch: MonitorFetch = async (url, init) => {
    const { config, environment, log } = this.#options;
    const { checkProxy: proxy } = config();
    // Few fetch databases: a start need not wait for what that takes.
    const { openClient } = await import("./open_client.ts");
    if (this.#client?.proxy !== proxy) {
      this.#client?.client[Symbol.dispose]();
      this.#client = { proxy, client: openClient({ environment, log, proxy }) };
    }
    return await this.#client.client.fetch(url, init);
  };
}

function isoTime(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
