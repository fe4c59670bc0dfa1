import { lookup } from "node:dns/promises";
import type { MirrorRecord, ScanProtocol } from "../catalog/mirror_state.ts";
import type { Config } from "../config/config.ts";
import { followRedirects, type RedirectRule } from "../monitor/follow_redirects.ts";
import type { MonitorFetch } from "../monitor/http_client.ts";
import { ScanMemories } from "../scan/http/scan_memories.ts";
import type { Lister } from "../scan/lister.ts";
import type { CheckClients } from "./check_clients.ts";
import { createListers } from "./listers.ts";

/** What a {@linkcode MirrorAccess} works with. */
export interface MirrorAccessOptions {
  readonly clients: CheckClients;
  /** The configuration in force now. */
  readonly config: () => Config;
  /** Variables of the process. */
  readonly environment: Readonly<Record<string, string>>;
}

/** How checks and scans reach mirrors, by the configuration of now. */
export class MirrorAccess {
  readonly #options: MirrorAccessOptions;
  /** What earlier scans over HTTP found, by mirror. */
  readonly #memories = new ScanMemories();

  constructor(options: MirrorAccessOptions) {
    this.#options = options;
  }

  /** How redirects are followed, whoever's they are. */
  get redirectRule(): Omit<RedirectRule, "redirects"> {
    const { clients, config } = this.#options;
    const { fetch } = clients.current();
    return { fetch, resolve: addressesOf, proxied: config().checkProxy !== null };
  }

  /** Makes what asks a mirror over HTTP, and follows its redirects as far as it may. */
  fetchFrom(mirror: MirrorRecord): MonitorFetch {
    const redirects = mirror.allowRedirects ?? !this.#options.config().disallowRedirects;
    const rule = { ...this.redirectRule, redirects };
    return (url, init) => followRedirects(url, init, rule);
  }

  /** Makes what lists a mirror. @param protocol only this way; default: whatever may work */
  listersOf(mirror: MirrorRecord, protocol?: ScanProtocol): Promise<Lister[]> {
    const { clients, config, environment } = this.#options;
    return createListers({
      ...{ environment, mirror, protocol, memories: this.#memories },
      ...{ config: config(), resolve: addressesOf },
      certificates: clients.current().certificates,
      openClient: (connections) => clients.open(connections),
    });
  }
}

/** Looks up every address of a host. */
export async function addressesOf(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}
