import type { Config } from "../config/config.ts";
import { storePlace } from "../config/store_place.ts";
import type { LoadedDatabases } from "../geoip/load_databases.ts";
import { LEAVE_TIME } from "../http/threads/leaving_threads.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import type { ControlPort } from "./control_port.ts";
import type { MetricsPort } from "./metrics_port.ts";
import type { Service } from "./service.ts";
import { BALANCED } from "./workers.ts";

/** Milliseconds that a new service has for the first scan of the source. */
const SCAN_TIME = 15_000;

/** What a {@linkcode ServiceInForce} works with. */
export interface ServiceInForceOptions {
  /** Makes a service that nobody has opened yet. */
  readonly create: (config: Config) => Service;
  /** The GeoIP databases as they are now; `null`: they are not read yet. */
  readonly databases: () => LoadedDatabases | null;
  readonly control: ControlPort;
  readonly metrics: MetricsPort;
  readonly log: Pick<Log, "error">;
}

/** The service that answers requests, and how that of another configuration takes its place. */
export class ServiceInForce implements AsyncDisposable {
  readonly #options: ServiceInForceOptions;
  #current!: Service;
  /** A service that another one has replaced, and its way out. */
  #former: Service | null = null;
  #leaving: Promise<void> = Promise.resolve();

  constructor(options: ServiceInForceOptions) {
    this.#options = options;
  }

  /** The one that answers requests; missing before {@linkcode begin}. */
  get current(): Service {
    return this.#current;
  }

  /** Makes the first one. */
  begin(config: Config): void {
    this.#current = this.#options.create(config);
  }

  /** Resolves when whoever was replaced is gone. */
  async settled(): Promise<void> {
    await this.#leaving;
  }

  /**
   * Puts a configuration into force: by the same service where the store stays, else by another one.
   *
   * @throws Error when an address or the store cannot be used; then nothing changed
   */
  async put(config: Config): Promise<void> {
    // Who left an address has to be gone from it before others come.
    await this.#leaving;
    const { create, databases, control, metrics, log } = this.#options;
    const service = this.#current;
    const { rpcListenAddress, metricsListenAddress } = service.config;
    using move = same(rpcListenAddress, config.rpcListenAddress)
      ? null
      : await control.move(config.rpcListenAddress);
    using metricsMove = same(metricsListenAddress, config.metricsListenAddress)
      ? null
      : await metrics.move(metricsListenAddress, config.metricsListenAddress);
    if (sameStore(service.config, config)) {
      await service.reconfigure(config);
    } else {
      const next = create(config);
      const loaded = databases();
      if (loaded !== null) next.broadcast({ type: "geoip", databases: loaded });
      const { gone } = await replaceService(service, next);
      this.#current = next;
      control.answer(next.app!);
      this.#former = service;
      this.#leaving = gone.catch((error) => log.error(messageOf(error)));
    }
    move?.keep();
    metricsMove?.keep();
  }

  /** Ends all that are still there. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#former, this.#current].map((one) => one?.[Symbol.asyncDispose]()));
    await this.#leaving;
  }
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Tells whether two configurations mean the same store, and the same place for counts that wait for it. */
function sameStore(one: Config, other: Config): boolean {
  return one.databasePath === other.databasePath &&
    JSON.stringify(storePlace(one)) === JSON.stringify(storePlace(other));
}

/**
 * Lets a service with another store take the place of one, without a request being lost. Each works
 * with its own store as long as it answers requests.
 *
 * @param old the service that answers requests now
 * @param next the service that was made for the new configuration
 * @returns when the next one answers requests, with the promise that ends when the old one is gone
 * @throws Error when the next one cannot; then it is closed, and nothing changed
 */
async function replaceService(
  old: Service,
  next: Service,
): Promise<{ readonly gone: Promise<void> }> {
  try {
    if (!BALANCED && next.config.listenAddress.transport === "tcp") {
      throw new Error("Another store takes effect when the daemon is started again");
    }
    await next.open();
    next.requireStore();
    await next.ready(SCAN_TIME);
    const succession = await next.serve(old.place);
    const leave = async (): Promise<void> => {
      old.halt();
      await old.leave(LEAVE_TIME);
      await succession?.settle();
      await old[Symbol.asyncDispose]();
      await succession?.end();
    };
    return { gone: leave() };
  } catch (error) {
    await next[Symbol.asyncDispose]();
    throw error;
  }
}
