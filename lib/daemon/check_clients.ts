import type { Log } from "../log/log.ts";
import type { FamilyClient } from "../monitor/check_families.ts";
import type { MonitorHttpClient } from "../monitor/http_client.ts";
import { openClient } from "./open_client.ts";

/** What {@linkcode CheckClients} work with. */
export interface CheckClientsOptions {
  /** URL of the proxy that checks go through now; `null`: none. */
  readonly proxy: () => string | null;
  /** Variables of the process. */
  readonly environment: Readonly<Record<string, string>>;
  readonly log: Log;
}

/** The HTTP clients that checks and scans use, each opened when it is first needed. */
export class CheckClients implements Disposable {
  readonly #options: CheckClientsOptions;
  readonly #resources = new DisposableStack();
  readonly #ofProxies = new Map<string | null, MonitorHttpClient>();
  #ofFamilies: readonly FamilyClient[] | null = null;

  constructor(options: CheckClientsOptions) {
    this.#options = options;
  }

  /** The client of now; another one when the configuration names another proxy. */
  current(): MonitorHttpClient {
    const proxy = this.#options.proxy();
    let client = this.#ofProxies.get(proxy);
    if (!client) {
      // The one before may be at work: it is closed at the end.
      client = this.#resources.use(openClient({ ...this.#options, proxy }));
      this.#ofProxies.set(proxy, client);
    }
    return client;
  }

  /** One for each family of addresses, through no proxy. */
  get ofFamilies(): readonly FamilyClient[] {
    return this.#ofFamilies ??= ([4, 6] as const).map((family) => ({
      family,
      fetch: this.#resources.use(openClient({ ...this.#options, proxy: null, family })).fetch,
    }));
  }

  /** Opens one that keeps so many connections, through the proxy of now; the caller closes it. */
  open(keptConnections: number): MonitorHttpClient {
    return openClient({ ...this.#options, proxy: this.#options.proxy(), keptConnections });
  }

  /** Closes all but those that {@linkcode open} made. */
  [Symbol.dispose](): void {
    this.#resources.dispose();
  }
}
