import { setImmediate } from "node:timers/promises";
import type { IndexedFile } from "../../catalog/file.ts";
import { seededRandom } from "../../selection/seeded_random.ts";
import type { MaybePromise } from "../../store/store_reader.ts";
import { isEmbargoed, ownPlace } from "./decide.ts";
import type { HttpState } from "./state.ts";
import { tlsChoice } from "./tls_choice.ts";

/** A client's address, a path, and how often that was asked for. */
export type SimulatedRequest = readonly [address: string, path: string, count: number];

/** What would become of requests. */
export interface Simulated {
  /** Every mirror, with how many it would get and where it is. */
  readonly mirrors: {
    readonly name: string;
    readonly requests: number;
    /** Its first; empty: not known. */
    readonly country: string;
    readonly continent: string;
  }[];
  /** Requests that no mirror serves: a fallback does, this server itself, or nobody. */
  readonly fallbacks: number;
  /**
   * Which requests, from 0 on, are for files that the index does not have or that the client does not get, or by
   * no address.
   */
  readonly unknown: number[];
}

/** Requests between which others have a turn: some milliseconds. */
const AT_ONCE = 500;

/**
 * Finds out whom requests would be sent to. Nothing is counted or recorded.
 *
 * @param state what decides
 * @param requests some
 * @param lookup finds a file with its copies
 * @param seed of the draws
 */
export async function simulate(
  state: Pick<
    HttpState,
    | "mirrors"
    | "selector"
    | "clients"
    | "config"
    | "embargos"
    | "excluded"
    | "fallbacks"
    | "here"
    | "holds"
  >,
  requests: readonly SimulatedRequest[],
  lookup: (path: string) => MaybePromise<IndexedFile | null>,
  seed: number,
): Promise<Simulated> {
  const { mirrors, selector, clients, config } = state;
  const random = seededRandom(seed);
  const tls = tlsChoice(null, null, config.allowHttpToHttpsRedirects);
  const files = new Map<string, IndexedFile | null>();
  const counts = new Map<string, number>();
  let fallbacks = 0;
  const unknown: number[] = [];
  for (const [index, [address, path, count]] of requests.entries()) {
    if (index % AT_ONCE === 0) await setImmediate();
    let indexed = files.get(path);
    if (indexed === undefined) {
      const found = lookup(path);
      files.set(path, indexed = found instanceof Promise ? await found : found);
    }
    const client = clients.of(address);
    if (indexed === null || client === null) {
      unknown.push(index);
      continue;
    }
    // Where there are holds, `null` says that this client gets everything.
    const excluded = state.holds === null ? state.excluded : state.holds.of(client.address);
    if (excluded?.(indexed.file.path)) {
      unknown.push(index);
      continue;
    }
    const found = { type: "indexed", indexed } as const;
    if (isEmbargoed(state, found) || ownPlace(state, found) === "first") {
      fallbacks += count;
      continue;
    }
    for (let i = 0; i < count; i++) {
      const chosen = selector.choose(indexed, client.view, tls, random, client.word);
      if (chosen === null) fallbacks++;
      else counts.set(chosen.mirror.name, (counts.get(chosen.mirror.name) ?? 0) + 1);
    }
  }
  return {
    mirrors: [...mirrors.values()].map(({ record }) => ({
      name: record.name,
      requests: counts.get(record.name) ?? 0,
      country: record.countryCodes[0] ?? "",
      continent: record.continentCode,
    })),
    fallbacks,
    unknown,
  };
}
