import type { ControlClient } from "../lib/control/client.ts";
import type { SimulatedJson } from "../lib/control/api/simulate_schemas.ts";
import type { LoggedRedirect } from "./download_log_reader.ts";
import type { SettingChanges } from "./mirror_document.ts";

/** Different requests that are sent to the daemon at once, and characters of theirs. */
const MOST = 10_000;
const MOST_CHARACTERS = 600_000;

/** A request of the log that waits to be sent. */
interface Waiting {
  readonly address: string;
  readonly path: string;
  count: number;
  /** How often each mirror got it. */
  readonly was: Map<string, number>;
}

/** Shares in percent of what was counted. */
export interface SimulatedShare {
  readonly name: string;
  readonly was: number;
  readonly wouldBe: number;
}

/** What a simulation found. */
export interface SimulationResult {
  /** Redirects to mirrors in the log. */
  readonly redirects: number;
  /** Lines without a full address. */
  readonly incomplete: number;
  /** For files that the index does not have. */
  readonly unknown: number;
  /** That no mirror could serve now. */
  readonly fallbacks: number;
  readonly mirrors: readonly SimulatedShare[];
  /** Where the mirrors are. */
  readonly countries: readonly SimulatedShare[];
  readonly continents: readonly SimulatedShare[];
}

/** Sends the redirects of a log to the daemon, some at a time, and adds up what it says. */
export class Simulation {
  readonly #client: Pick<ControlClient, "simulate">;
  readonly #settings: Readonly<Record<string, SettingChanges>>;
  readonly #seed: number;
  #waiting = new Map<string, Waiting>();
  #characters = 0;
  #batches = 0;
  #redirects = 0;
  #incomplete = 0;
  #unknown = 0;
  #fallbacks = 0;
  readonly #was = new Map<string, number>();
  readonly #wouldBe = new Map<string, number>();
  readonly #places = new Map<string, SimulatedJson["mirrors"][number]>();

  /**
   * @param client the daemon
   * @param settings that mirrors would have, by name
   * @param seed of the draws
   */
  constructor(
    client: Pick<ControlClient, "simulate">,
    settings: Readonly<Record<string, SettingChanges>>,
    seed: number,
  ) {
    this.#client = client;
    this.#settings = settings;
    this.#seed = seed;
  }

  /** Takes a redirect of the log. @returns what to wait for before the next one */
  add({ address, path, mirror }: LoggedRedirect): void | Promise<void> {
    this.#redirects++;
    if (address === null) {
      this.#incomplete++;
      return;
    }
    const key = `${address} ${path}`;
    let waiting = this.#waiting.get(key);
    if (waiting === undefined) {
      this.#waiting.set(key, waiting = { address, path, count: 0, was: new Map() });
      this.#characters += key.length;
    }
    waiting.count++;
    increase(waiting.was, mirror, 1);
    if (this.#waiting.size >= MOST || this.#characters >= MOST_CHARACTERS) return this.#send();
  }

  /** Takes the end of the log. */
  async end(): Promise<SimulationResult> {
    // Also an empty log asks once: wrong settings are told.
    await this.#send();
    return {
      redirects: this.#redirects,
      incomplete: this.#incomplete,
      unknown: this.#unknown,
      fallbacks: this.#fallbacks,
      mirrors: this.#shares((name) => name),
      countries: this.#shares((name) => this.#places.get(name)?.country ?? ""),
      continents: this.#shares((name) => this.#places.get(name)?.continent ?? ""),
    };
  }

  async #send(): Promise<void> {
    const sent = [...this.#waiting.values()];
    this.#waiting = new Map();
    this.#characters = 0;
    const answer = await this.#client.simulate({
      settings: this.#settings,
      requests: sent.map(({ address, path, count }) => [address, path, count]),
      seed: this.#seed + this.#batches++,
    });
    for (const mirror of answer.mirrors) {
      if (mirror.requests > 0) increase(this.#wouldBe, mirror.name, mirror.requests);
      this.#places.set(mirror.name, mirror);
    }
    const unknown = new Set(answer.unknown);
    for (const [index, { count, was }] of sent.entries()) {
      // What cannot be decided again is left out on both sides.
      if (unknown.has(index)) this.#unknown += count;
      else for (const [name, times] of was) increase(this.#was, name, times);
    }
    this.#fallbacks += answer.fallbacks;
  }

  /** By what would be, the most first. */
  #shares(nameOf: (mirror: string) => string): SimulatedShare[] {
    const [was, wouldBe] = [grouped(this.#was, nameOf), grouped(this.#wouldBe, nameOf)];
    const [sumWas, sumWouldBe] = [sumOf(was), sumOf(wouldBe)];
    return [...new Set([...was.keys(), ...wouldBe.keys()])].map((name) => ({
      name,
      was: percentOf(was.get(name) ?? 0, sumWas),
      wouldBe: percentOf(wouldBe.get(name) ?? 0, sumWouldBe),
    })).sort((a, b) => b.wouldBe - a.wouldBe || b.was - a.was || (a.name < b.name ? -1 : 1));
  }
}

function increase(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}

function grouped(
  counts: ReadonlyMap<string, number>,
  nameOf: (name: string) => string,
): Map<string, number> {
  const groups = new Map<string, number>();
  for (const [name, count] of counts) increase(groups, nameOf(name), count);
  return groups;
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

function percentOf(count: number, sum: number): number {
  return sum === 0 ? 0 : count * 100 / sum;
}
