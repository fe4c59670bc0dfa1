import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import { AddressRangeList } from "../../net/address_range.ts";
import { COUNTRIES } from "../../geo/countries.ts";
import type { GeoResolver } from "../../geoip/resolver.ts";
import type { Log } from "../../log/log.ts";
import { prepareFallbacks } from "../../selection/prepared_fallback.ts";
import { prepareMirror } from "../../selection/prepare_mirror.ts";
import { OwnNetworks } from "../../selection/own_networks.ts";
import { Selector } from "../../selection/selector.ts";
import type { Recorder } from "../../stats/recorder.ts";
import type { StoreReader } from "../../store/store.ts";
import { Clients } from "../request/clients.ts";
import { DiskAnswers } from "../request/disk_answers.ts";
import { FileFinder, type FileIndex } from "../request/file_finder.ts";
import { createHandler, type Handler } from "../answer/handler.ts";
import type { HttpConfig } from "../request/config.ts";
import type { HttpState } from "../request/state.ts";
import type { ControlMessage } from "./messages.ts";
import { Peers } from "../request/peers.ts";
import type { Repository } from "../request/repository.ts";

/** The cache of the file index, as the HTTP side keeps it true. */
export interface ForgetfulFileIndex extends FileIndex {
  /** Forgets paths. */
  drop(paths: readonly string[]): void;
  /** Forgets everything. */
  clear(): void;
}

/** What an {@linkcode HttpSide} is made of. */
export interface HttpSideOptions<Databases> {
  readonly config: HttpConfig;
  readonly files: ForgetfulFileIndex;
  readonly reader: Pick<StoreReader, "fileDownloads" | "mirrorDownloads">;
  readonly repository: Repository;
  /** Makes a resolver of the databases in a `geoip` message. */
  readonly openGeo: (databases: Databases) => GeoResolver;
  /** Sends what it has when it is flushed; has to know what was taken in. */
  readonly recorder: Recorder & { flush(): void; taken(): void };
  readonly log: Log;
  /** Milliseconds since the epoch, perhaps with a fraction. */
  readonly now: () => number;
  /** Milliseconds since some moment, whatever the clock of the machine is set to. */
  readonly elapsed: () => number;
  /** 0 to 1, exclusive. */
  readonly random: () => number;
  readonly version: string;
}

/**
 * Everything that an HTTP thread owns: the state that answers depend on, and the handler. It changes
 * by messages only, so that it works alike in a thread of its own and on the control thread.
 */
export class HttpSide<Databases> {
  /** Answers requests. */
  readonly handler: Handler;
  readonly #options: HttpSideOptions<Databases>;
  readonly #disk: DiskAnswers;
  #state: HttpState;
  #geo: GeoResolver = { resolve: () => null };
  #networks = new OwnNetworks();

  constructor(options: HttpSideOptions<Databases>) {
    this.#options = options;
    const mirrors: HttpState["mirrors"] = new Map();
    this.#state = {
      ...stateOf(options.config),
      mirrors,
      selector: selectorOf(mirrors, options.config),
      aliases: new Map(),
      clients: new Clients(this.#geo, this.#networks.table),
      trouble: "nothing is known yet",
      but: null,
    };
    const root = (): string => this.#state.config.repository;
    this.#disk = new DiskAnswers(options.repository, root, options.elapsed);
    const finder = new FileFinder({
      files: options.files,
      disk: this.#disk,
      aliases: () => this.#state.aliases,
    });
    this.handler = createHandler({ ...options, finder, state: () => this.#state });
  }

  /** The configuration that answers follow now. */
  get config(): HttpConfig {
    return this.#state.config;
  }

  /** Takes in what the control thread tells. */
  receive(message: ControlMessage<Databases>): void {
    switch (message.type) {
      case "configuration":
        this.#state = { ...this.#state, ...stateOf(message.config) };
        this.#setMirrors(this.#state.mirrors);
        return this.#disk.clear();
      case "mirrors":
        return this.#setMirrors(new Map(message.mirrors.map(entryOf)));
      case "mirror":
        return this.#setMirrors(new Map([...this.#state.mirrors, entryOf(message.mirror)]));
      case "mirror_removed": {
        const mirrors = new Map(this.#state.mirrors);
        mirrors.delete(message.id);
        return this.#setMirrors(mirrors);
      }
      case "paths":
        this.#options.files.drop(message.paths);
        return this.#disk.clear();
      case "everything":
        this.#options.files.clear();
        return this.#disk.clear();
      case "aliases":
        this.#state = { ...this.#state, aliases: message.aliases };
        return this.#disk.clear();
      case "geoip":
        this.#geo = this.#options.openGeo(message.databases);
        this.#state = {
          ...this.#state,
          clients: new Clients(this.#geo, this.#networks.table),
        };
        // What is remembered of the old databases' records is of no use any more.
        return this.#setMirrors(this.#state.mirrors);
      case "trouble":
        this.#state = { ...this.#state, trouble: message.trouble, but: message.but };
        return;
      case "taken":
        return this.#options.recorder.taken();
      case "stop":
        return this.#options.recorder.flush();
    }
  }

  #setMirrors(mirrors: HttpState["mirrors"]): void {
    const selector = selectorOf(mirrors, this.#state.config);
    // What is remembered of clients holds until a network comes or goes.
    const clients = this.#networks.take(mirrors)
      ? new Clients(this.#geo, this.#networks.table)
      : this.#state.clients;
    this.#state = { ...this.#state, mirrors, selector, clients };
  }
}

function selectorOf(mirrors: HttpState["mirrors"], config: HttpConfig): Selector {
  return new Selector({ mirrors, options: config, named: 1 + config.maxLinkHeaders });
}

function entryOf(record: MirrorRecord): [number, ReturnType<typeof prepareMirror>] {
  return [record.id, prepareMirror(record)];
}

function stateOf(config: HttpConfig): Pick<HttpState, "config" | "fallbacks" | "peers"> {
  const { trustedProxies } = config;
  return {
    config,
    fallbacks: prepareFallbacks(config.fallbacks, (code) => COUNTRIES.get(code)),
    peers: new Peers(trustedProxies === "all" ? "all" : trustIn(trustedProxies)),
  };
}

function trustIn(proxies: readonly string[]): (address: string) => boolean {
  const ranges = new AddressRangeList(proxies);
  return (address) => ranges.contains(address);
}
