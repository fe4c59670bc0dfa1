import type { AskedFile } from "../../catalog/asked_file.ts";
import type { IndexedFile } from "../../catalog/file.ts";
import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import { pathTest } from "../../catalog/path_patterns.ts";
import type { GeoResolver } from "../../geoip/resolver.ts";
import { OwnNetworks } from "../../selection/own_networks.ts";
import type { Trees } from "../../selection/tree.ts";
import { unmetWords } from "../../selection/unmet_words.ts";
import { copiesOf } from "../../selection/whole_tree.ts";
import type { NoteKind } from "../../store/note_store.ts";
import type { MaybePromise } from "../../store/store_reader.ts";
import { type ExplanationJson, explanationJson } from "../render/explanation.ts";
import { type Client, UNKNOWN_CLIENT } from "../request/clients.ts";
import { clientsOf } from "../request/clients_of.ts";
import type { HttpConfig } from "../request/config.ts";
import { crowdOf } from "../request/crowd.ts";
import { Embargos } from "../request/embargos.ts";
import { type Deciding, explained } from "../request/explained.ts";
import { Holds } from "../request/holds.ts";
import { drawsByAddress, saltOf, treesOf } from "../request/salt.ts";
import { ServedHere } from "../request/served_here.ts";
import { simulate, type Simulated, type SimulatedRequest } from "../request/simulate.ts";
import type { HttpState } from "../request/state.ts";
import { type TestedRules, testRules } from "../request/test_rules.ts";
import { tlsChoice } from "../request/tls_choice.ts";

/** What an {@linkcode Explainer} works with. */
export interface ExplainerOptions {
  /** Every mirror as it is now. */
  readonly mirrors: () => Promise<readonly MirrorRecord[]>;
  /** Looks a file up with its copies. */
  readonly lookup: (path: string) => MaybePromise<IndexedFile | null>;
  readonly config: () => HttpConfig;
  readonly geo: GeoResolver;
  /** How much of its weight the quotas of a mirror leave; who is missing keeps all of it. */
  readonly quotas: () => ReadonlyMap<number, number>;
  /** What is known of a file on mirrors that are never scanned, by ID; default: nothing. */
  readonly asked?: (path: string) => Promise<ReadonlyMap<number, AskedFile>>;
  /** The random bytes that all nodes draw by; default: nothing is drawn by addresses. */
  readonly salt?: () => Promise<string>;
  /** The metadata sets as this node judges them; `null`: there are none. Default: there are none. */
  readonly sets?: () => Promise<Trees | null>;
  /** Every note of a kind; default: there are none. */
  readonly notes?: (kind: NoteKind) => Promise<ReadonlyMap<string, string>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What an operator asks. */
export interface ExplainQuestion {
  /** Decoded; a leading slash may be missing. */
  readonly path: string;
  /** Address of a client; `null`: one of whom nothing is known. */
  readonly from: string | null;
  /** Whether the client wants HTTPS. */
  readonly https: boolean;
  /** For the draw. */
  readonly seed: number;
}

/** What decides about requests, and which files there are, as an operator may look at them. */
type Looked = Deciding & Pick<HttpState, "excluded" | "holds">;

/** Answers questions of operators about how requests are decided, beside the threads that answer those. */
export class Explainer {
  readonly #options: ExplainerOptions;
  readonly #networks = new OwnNetworks();

  constructor(options: ExplainerOptions) {
    this.#options = options;
  }

  /**
   * What decides now, or would if mirrors were others.
   *
   * @param change gives mirrors other settings; default: none
   * @throws StoreUnavailableError
   */
  async deciding(
    change: (mirrors: readonly MirrorRecord[]) => readonly MirrorRecord[] = (all) => all,
  ): Promise<Looked & Pick<HttpState, "selector">> {
    const { mirrors, geo, quotas, now } = this.#options;
    const config = this.#options.config();
    const records = change(await mirrors());
    const { trees, seed } = await this.#treesOf(config, records);
    const crowd = crowdOf(records, config, new Map(), quotas(), trees, { now });
    this.#networks.take(records, crowd.rules.networks);
    const clients = clientsOf(config, geo, this.#networks.table, seed);
    return { ...crowd, config, trees, clients, ...await this.#besidesMirrors(config, trees) };
  }

  /**
   * Explains a request.
   *
   * @returns `null` when the index does not have the file; why this client gets a 404 though it has
   * @throws {TypeError} when `from` is no address
   * @throws StoreUnavailableError
   */
  async explain(
    { path, from, https, seed }: ExplainQuestion,
  ): Promise<ExplanationJson | "excluded" | "held" | null> {
    const indexed = await this.#lookup(path);
    if (indexed === null) return null;
    const state = await this.deciding();
    if (pathTest(state.config.exclude)?.(indexed.file.path)) return "excluded";
    const client = clientAt(state, from);
    if (state.holds?.of(client.address)?.(indexed.file.path)) return "held";
    const tls = tlsChoice(https ? true : null, null, state.config.allowHttpToHttpsRedirects);
    return explanationJson(
      explained(state, {
        ...{ client, asker: client, words: null, indexed, tls, seed, all: true },
        asked: await this.#options.asked?.(indexed.file.path) ?? new Map(),
      }),
    );
  }

  /**
   * Tells what each rule does for a client.
   *
   * @param from address of the client
   * @param path only mirrors that have this file; `null`: all
   * @returns `null` when the index does not have the file
   * @throws {TypeError} when `from` is no address
   * @throws StoreUnavailableError
   */
  async testRules(from: string, path: string | null): Promise<TestedRules | null> {
    const indexed = path === null ? null : await this.#lookup(path);
    if (path !== null && indexed === null) return null;
    const state = await this.deciding();
    const having = indexed === null
      ? null
      : new Set(copiesOf(indexed, state.wholeTree).map((one) => one.mirrorId));
    return testRules(state, clientAt(state, from), having);
  }

  /**
   * Finds out whom requests would be sent to. Nothing is changed or counted.
   *
   * @param requests address, path, and how often
   * @param change gives mirrors the settings that they would have
   * @param seed of the draws
   * @throws StoreUnavailableError
   */
  async simulate(
    requests: readonly SimulatedRequest[],
    change: (mirrors: readonly MirrorRecord[]) => readonly MirrorRecord[],
    seed: number,
  ): Promise<Simulated> {
    const state = await this.deciding(change);
    return await simulate(state, requests, this.#options.lookup, seed);
  }

  /**
   * Finds what is written in the rules and means nobody.
   *
   * @throws StoreUnavailableError
   */
  async warnings(): Promise<string[]> {
    const config = this.#options.config();
    if (config.rules.length + config.refuse.length === 0) return [];
    const { fallbacks } = await this.deciding();
    const records = [...await this.#options.mirrors(), ...fallbacks.map(({ record }) => record)];
    return unmetWords(config.rules, config.refuse, records);
  }

  /** What waits for mirrors, what nobody gets, and what this server sends itself. */
  async #besidesMirrors(
    { embargo, exclude, serveLocally }: HttpConfig,
    trees: Trees | null,
  ): Promise<Pick<HttpState, "embargos" | "excluded" | "here" | "holds">> {
    const { notes = none, now } = this.#options;
    const held = await notes("hold");
    const excluded = pathTest(exclude);
    const holds = held.size === 0 ? null : new Holds(held, excluded);
    return {
      ...{ excluded: holds?.everyone ?? excluded, holds },
      embargos: embargo.length === 0 ? null : new Embargos(await notes("embargo"), now),
      here: serveLocally === null ? null : new ServedHere(serveLocally, trees, now),
    };
  }

  /** Where addresses take the place of chance, as the threads know it. */
  async #treesOf(
    config: HttpConfig,
    records: readonly MirrorRecord[],
  ): Promise<{ readonly trees: Trees | null; readonly seed: number | null }> {
    const { salt: read, sets, notes = none, now } = this.#options;
    if (!drawsByAddress(config) || read === undefined) return { trees: null, seed: null };
    const salt = saltOf(await read());
    const trees = treesOf(config, salt)!;
    trees.takeRequired(await notes("require"));
    trees.takeSets(await notes("set"), null);
    trees.takeStandings(await notes("set_mirror"), null);
    trees.takeMirrors(new Map(records.map((record) => [record.id, record])));
    // The floor of a set is that of what was seen before, too.
    for (const [root, { floor }] of (await sets?.())?.sets ?? []) {
      const set = trees.sets.get(root);
      if (set) set.floor = floor;
    }
    trees.judge(now());
    return { trees, seed: salt.seed };
  }

  #lookup(path: string): MaybePromise<IndexedFile | null> {
    return this.#options.lookup(path.startsWith("/") ? path : `/${path}`);
  }
}

function clientAt({ clients }: Deciding, address: string | null): Client {
  if (address === null) return UNKNOWN_CLIENT;
  const client = clients.of(address);
  if (client === null) throw new TypeError(`Not an IP address: ${JSON.stringify(address)}`);
  return client;
}

function none(): Promise<ReadonlyMap<string, string>> {
  return Promise.resolve(new Map());
}
