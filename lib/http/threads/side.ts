import { type CarriedTree, parseCarriedTree } from "../../catalog/carried_tree.ts";
import { pathTest } from "../../catalog/path_patterns.ts";
import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import { parseWatched, type WatchedRollout } from "../../catalog/rollout.ts";
import type { Timer } from "../../clock/clock.ts";
import { keepRemovedOf } from "../../config/keep_removed.ts";
import type { GeoResolver } from "../../geoip/resolver.ts";
import { messageOf } from "../../log/message_of.ts";
import type { Trees } from "../../selection/tree.ts";
import { OwnNetworks } from "../../selection/own_networks.ts";
import { GoneFiles } from "../request/gone_files.ts";
import { clientsOf } from "../request/clients_of.ts";
import { crowdOf } from "../request/crowd.ts";
import { Directories } from "../request/directories.ts";
import { DiskAnswers } from "../request/disk_answers.ts";
import { Embargos } from "../request/embargos.ts";
import { FileFinder } from "../request/file_finder.ts";
import { Forwarding } from "../request/forwarding.ts";
import { createHandler, type Handler } from "../answer/handler.ts";
import type { HttpConfig } from "../request/config.ts";
import type { HttpState } from "../request/state.ts";
import { KnownNotes } from "../../store/cache/known_notes.ts";
import type { ControlMessage } from "./messages.ts";
import { Holds } from "../request/holds.ts";
import { Peers } from "../request/peers.ts";
import { PieceMemory } from "../request/piece_memory.ts";
import { OwnShare } from "../request/own_share.ts";
import { ServedHere } from "../request/served_here.ts";
import { type Salt, saltOf, treesOf } from "../request/salt.ts";
import type { HttpSideOptions } from "./side_options.ts";

/** Milliseconds until metadata sets of a source that changes all the time are judged anew. */
const JUDGE = 5000;

const NO_NOTES: ReadonlyMap<string, string> = new Map();

/**
 * Everything that an HTTP thread owns: the state that answers depend on, and the handler. It changes
 * by messages only, so that it works alike in a thread of its own and on the control thread.
 */
export class HttpSide<Databases> {
  /** Answers requests. */
  readonly handler: Handler;
  readonly #options: HttpSideOptions<Databases>;
  readonly #disk: DiskAnswers;
  readonly #directories: Directories;
  readonly #pieces: PieceMemory;
  readonly #share: OwnShare;
  #state: HttpState;
  #geo: GeoResolver = { resolve: () => null };
  #networks = new OwnNetworks();
  #salt: Salt | null = null;
  #judging: Timer | null = null;
  readonly #notes = new KnownNotes();
  readonly #gone: GoneFiles;
  #quotas: ReadonlyMap<number, number> = new Map();
  #prepared: Promise<void>;

  constructor(options: HttpSideOptions<Databases>) {
    this.#options = options;
    const { config, tally } = options;
    if (tally !== undefined) tally.byCountry = config.metricsCountries;
    this.#state = {
      config,
      ...trustOf(config),
      trees: null,
      here: hereOf(config, null, options.now),
      ...crowdOf([], config, new Map(), this.#quotas, null, options),
      aliases: new Map(),
      ...{ carried: new Map(), latest: new Map(), rollouts: new Map(), embargos: null },
      ...{ excluded: pathTest(config.exclude), holds: null, awaitsHolds: false },
      bots: null,
      clients: this.#newClients(config),
      trouble: "nothing is known yet",
      but: null,
      away: null,
    };
    const root = (): string => this.#state.config.repository;
    this.#disk = new DiskAnswers(options.repository, root, options.elapsed);
    this.#gone = new GoneFiles(
      options.reader,
      () => keepRemovedOf(this.#state.config) * 60_000,
      options.now,
    );
    const finder = new FileFinder({
      gone: this.#gone,
      files: options.files,
      disk: this.#disk,
      aliases: () => this.#state.aliases,
      excluded: () => this.#state.excluded,
    });
    this.#directories = new Directories(options.repository, root, options);
    this.#pieces = new PieceMemory(options.reader);
    this.#share = new OwnShare(options);
    this.#share.configure(config.serveLocally, options.threads(config));
    this.handler = createHandler({
      ...options,
      finder,
      directories: this.#directories,
      pieces: this.#pieces,
      share: this.#share,
      state: () => this.#state,
    });
    this.#prepared = this.#knowBots(config);
  }

  /** Fulfilled once everything is loaded that the configuration asks for. */
  get prepared(): Promise<void> {
    return this.#prepared;
  }

  /** The configuration that answers follow now. */
  get config(): HttpConfig {
    return this.#state.config;
  }

  /** Takes in what the control thread tells. */
  receive(message: ControlMessage<Databases>): void {
    switch (message.type) {
      case "configuration":
        this.#configure(message.config);
        return this.#forgetDisk();
      case "mirrors":
        return this.#setMirrors(message.mirrors);
      case "mirror":
        return this.#setMirrors([...this.#othersThan(message.mirror.id), message.mirror]);
      case "mirror_removed":
        return this.#setMirrors(this.#othersThan(message.id));
      case "paths":
        this.#options.files.drop(message.paths);
        this.#gone.drop(message.paths);
        this.#pieces.drop(message.paths);
        this.#directories.drop(message.paths);
        return this.#disk.clear();
      case "everything":
        this.#options.files.clear();
        this.#pieces.clear();
        return this.#forgetDisk();
      case "aliases":
        this.#state = { ...this.#state, aliases: message.aliases };
        return this.#forgetDisk();
      case "quotas":
        this.#quotas = message.factors;
        return this.#setMirrors(this.#othersThan(0));
      case "notes":
        return this.#takeNotes(message);
      case "await_holds":
        this.#state = { ...this.#state, awaitsHolds: true };
        return;
      case "salt":
        this.#salt = saltOf(message.salt);
        return this.#renew();
      case "geoip":
        this.#geo = this.#options.openGeo(message.databases);
        this.#state = { ...this.#state, config: this.#withCredit(this.#state.config) };
        // What is remembered of the old databases' records is of no use any more.
        return this.#renew();
      case "trouble":
        this.#state = {
          ...this.#state,
          ...{ trouble: message.trouble, but: message.but, away: message.away ?? null },
        };
        return;
      case "look_again":
        return this.#state.selector.lookAgain();
      case "taken":
        return this.#options.recorder.taken();
      case "stop":
        this.#judging?.[Symbol.dispose]();
        this.#judging = null;
        return this.#options.recorder.flush();
    }
  }

  /** Where addresses take the place of chance, with all that is known of it. */
  #treesOf(config: HttpConfig): Trees | null {
    const trees = treesOf(config, this.#salt);
    trees?.takeRequired(this.#notes.of("require"));
    trees?.takeSets(this.#notes.of("set"), null);
    trees?.takeStandings(this.#notes.of("set_mirror"), null);
    return trees;
  }

  #takeNotes(message: Extract<ControlMessage<never>, { type: "notes" }>): void {
    const notes = this.#notes.take(message);
    const { kind, fresh } = message;
    const changed = fresh ? null : [...message.put.keys(), ...message.removed];
    const { trees } = this.#state;
    if (kind === "gone") return this.#gone.take(new Set(notes.keys()));
    if (kind === "rollout") return this.#takeRollouts(notes);
    if (kind === "latest" || kind === "embargo") return this.#takeRelease();
    if (kind === "hold") {
      this.#state = { ...this.#state, awaitsHolds: false };
      return this.#hold();
    }
    if (kind === "carried") return this.#takeCarried(message);
    if (trees === null) return;
    if (kind === "require") trees.takeRequired(notes);
    if (kind === "set_mirror") trees.takeStandings(notes, changed);
    const others = kind === "set" && trees.takeSets(notes, changed);
    if (others) trees.takeStandings(this.#notes.of("set_mirror"), null);
    this.#judge();
    // What is remembered of files that belonged to nothing may be wrong.
    if (!others) return;
    this.#state = { ...this.#state, here: hereOf(this.#state.config, trees, this.#options.now) };
    this.#setMirrors(this.#othersThan(0));
  }

  /** Judges who may serve what of metadata sets, and again while that depends on the time alone. */
  #judge(): void {
    const { now, after } = this.#options;
    this.#judging?.[Symbol.dispose]();
    this.#judging = null;
    const { trees } = this.#state;
    if (trees === null) return;
    trees.judge(now());
    if ([...trees.sets.values()].some(({ aside }) => aside)) {
      this.#judging = after(JUDGE, () => this.#judge());
    }
  }

  /** Takes over how far watched paths are. */
  #takeRollouts(notes: ReadonlyMap<string, string>): void {
    const rollouts = new Map<string, WatchedRollout>();
    for (const [path, text] of notes) {
      const watched = parseWatched(text);
      if (watched !== null) rollouts.set(path, watched);
    }
    this.#state = { ...this.#state, rollouts };
  }

  /** Takes over what waits, and what is the newest. */
  #takeRelease(): void {
    const { latest, embargo } = this.#state.config;
    const notes = embargo.length === 0 ? NO_NOTES : this.#notes.of("embargo");
    this.#state = {
      ...this.#state,
      embargos: notes.size === 0 ? null : new Embargos(notes, this.#options.now),
      latest: latest.length === 0 ? NO_NOTES : new Map(this.#notes.of("latest")),
    };
  }

  /** Takes over what is held back. */
  #hold(): void {
    const excluded = pathTest(this.#state.config.exclude);
    const notes = this.#notes.of("hold");
    const holds = notes.size === 0 ? null : new Holds(notes, excluded);
    this.#state = { ...this.#state, excluded: holds?.everyone ?? excluded, holds };
  }

  #takeCarried({ fresh, put, removed }: Extract<ControlMessage<never>, { type: "notes" }>): void {
    const carried = new Map<number, CarriedTree>(fresh ? [] : this.#state.carried);
    for (const [id, text] of put) {
      const tree = parseCarriedTree(text);
      if (tree !== null) carried.set(Number(id), tree);
    }
    for (const id of removed) carried.delete(Number(id));
    this.#state = { ...this.#state, carried };
  }

  #forgetDisk(): void {
    this.#disk.clear();
    this.#directories.clear();
  }

  #configure(config: HttpConfig): void {
    const { tally } = this.#options;
    if (tally !== undefined) tally.byCountry = config.metricsCountries;
    this.#state = { ...this.#state, config: this.#withCredit(config), ...trustOf(config) };
    this.#share.configure(config.serveLocally, this.#options.threads(config));
    this.#hold();
    this.#takeRelease();
    this.#renew();
    this.#prepared = this.#knowBots(config);
  }

  /** Until the patterns are there, those that were hold. */
  async #knowBots({ ignoreAgents: patterns }: HttpConfig): Promise<void> {
    if (patterns.length === 0) {
      this.#state = { ...this.#state, bots: null };
      return;
    }
    try {
      // Loaded where it is needed: what reads the patterns is large.
      const { Agents } = await import("../request/agents.ts");
      if (this.#state.config.ignoreAgents !== patterns) return;
      this.#state = { ...this.#state, bots: new Agents(patterns) };
    } catch (error) {
      this.#options.log.error(`Cannot use IgnoreAgents: ${messageOf(error)}`);
    }
  }

  #withCredit(config: HttpConfig): HttpConfig {
    return { ...config, geoCredit: this.#geo.credit ?? null };
  }

  /** Prepares everything anew, for another configuration or other databases. */
  #renew(): void {
    const records = this.#othersThan(0);
    const trees = this.#treesOf(this.#state.config);
    const here = hereOf(this.#state.config, trees, this.#options.now);
    this.#state = { ...this.#state, trees, here, mirrors: new Map() };
    this.#setMirrors(records);
    this.#state = { ...this.#state, clients: this.#newClients(this.#state.config) };
  }

  #othersThan(id: number): MirrorRecord[] {
    return [...this.#state.mirrors.values()].flatMap(({ record }) =>
      record.id === id ? [] : [record]
    );
  }

  #setMirrors(records: readonly MirrorRecord[]): void {
    const { config, mirrors, clients, trees } = this.#state;
    trees?.takeMirrors(new Map(records.map((record) => [record.id, record])));
    this.#judge();
    const crowd = crowdOf(records, config, mirrors, this.#quotas, trees, this.#options);
    this.#state = { ...this.#state, ...crowd };
    // What is remembered of clients holds until a network comes or goes.
    const changed = this.#networks.take(records, crowd.rules.networks);
    this.#state = { ...this.#state, clients: changed ? this.#newClients(config) : clients };
  }

  #newClients(config: HttpConfig): HttpState["clients"] {
    const draws = treesOf(config, this.#salt) !== null;
    return clientsOf(config, this.#geo, this.#networks.table, draws ? this.#salt!.seed : null);
  }
}

/** Who is believed, and how what they say is read. */
function trustOf(config: HttpConfig): Pick<HttpState, "peers" | "forwarding"> {
  const forwarding = new Forwarding(config);
  const all = config.trustedProxies === "all";
  return { forwarding, peers: new Peers(all ? "all" : (address) => forwarding.trusts(address)) };
}

function hereOf(
  { serveLocally }: HttpConfig,
  trees: Trees | null,
  now: () => number,
): ServedHere | null {
  return serveLocally === null ? null : new ServedHere(serveLocally, trees, now);
}
