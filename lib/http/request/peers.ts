import { LRUCache } from "lru-cache";
import { normaliseAddress } from "../../net/ip_address.ts";
import { publicNetwork } from "../../net/public_network.ts";

/** The other end of a connection. */
export interface Peer {
  /** Normalised address; `null` on a Unix socket, which has none. */
  readonly address: string | null;
  /** Whether its forwarding headers are believed. */
  readonly trusted: boolean;
  /** Its network when that is public and it is not trusted; else `null`. */
  readonly network: string | null;
}

const MAX_REMEMBERED = 4096;

/** Whoever reaches a Unix socket is a local program that the socket's permissions let in. */
const LOCAL: Peer = { address: null, trusted: true, network: null };

/** Tells which peers are trusted proxies, and remembers it for each address. */
export class Peers {
  /** Whether every peer is trusted: then a request need not be asked for its peer to know that. */
  readonly trustsAll: boolean;
  readonly #trusts: (address: string) => boolean;
  readonly #known = new LRUCache<string, Peer>({ max: MAX_REMEMBERED });
  /** Who was asked for last: a proxy, or a client with many requests, for which nothing is looked up. */
  #lastName: string | null = null;
  #last: Peer = LOCAL;

  /** @param trusts whether a normalised address belongs to a trusted proxy */
  constructor(trusts: "all" | ((address: string) => boolean)) {
    this.trustsAll = trusts === "all";
    this.#trusts = trusts === "all" ? () => true : trusts;
  }

  /**
   * @param remote the other end as the server reports it
   * @returns its address and whether it is trusted
   */
  of(remote: Deno.Addr): Peer {
    if (!("hostname" in remote)) return LOCAL;
    const { hostname } = remote;
    if (hostname === this.#lastName) return this.#last;
    const peer = this.#known.get(hostname) ?? this.#learn(hostname);
    this.#lastName = hostname;
    return this.#last = peer;
  }

  #learn(hostname: string): Peer {
    const address = normaliseAddress(hostname);
    const trusted = address !== null && this.#trusts(address);
    const network = address === null || trusted ? null : publicNetwork(address);
    const peer = { address, trusted, network };
    this.#known.set(hostname, peer);
    return peer;
  }
}
