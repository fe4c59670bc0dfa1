import type { Config } from "../../config/config.ts";
import { AddressRangeList } from "../../net/address_range.ts";
import { publicNetwork } from "../../net/public_network.ts";
import { type ForwardedEntry, readAddressList, readForwarded } from "./forwarded_entries.ts";

/** What the headers of a trusted proxy say about a request. */
export interface Forwarded {
  /** The client's address, normalised; `null`: whoever sent the headers is the client. */
  readonly address: string | null;
  /**
   * The public network of the client where it says itself that it asks for somebody else; `null`: it
   * does not, or its network is not public.
   */
  readonly forwarder: string | null;
}

/** Which headers of trusted proxies are read, and what they say. */
export class Forwarding {
  /** Name of the one header that tells who asks, in lower case. */
  readonly header: string;
  readonly #read: (header: string) => readonly ForwardedEntry[];
  /** `null`: everybody is trusted. */
  readonly #trusted: AddressRangeList | null;

  /** @param config who is trusted, and which header they write */
  constructor({ trustedProxies, forwardedHeader }: ForwardingConfig) {
    this.header = forwardedHeader.toLowerCase();
    this.#read = this.header === "forwarded" ? readForwarded : readAddressList;
    this.#trusted = trustedProxies === "all" ? null : new AddressRangeList(trustedProxies);
  }

  /** Whether a proxy is trusted. @param address text form, without brackets and port */
  trusts(address: string): boolean {
    return this.#trusted?.contains(address) ?? true;
  }

  /**
   * Finds the client: from the right the first that is not trusted, since only trusted proxies write
   * the truth about who came to them. All trusted: the left-most. What is no address ends the walk.
   * With everybody trusted, the left-most whatever stands there.
   *
   * @param header as received, of a peer that is trusted
   */
  clientOf(header: string): Forwarded {
    const entries = this.#read(header);
    const trusted = this.#trusted;
    if (trusted === null) return { address: entries[0]?.address ?? null, forwarder: null };
    let client: string | null = null;
    for (let i = entries.length - 1; i >= 0; i--) {
      const { address } = entries[i]!;
      if (address === null) break;
      client = address;
      if (trusted.contains(address)) continue;
      return { address, forwarder: i > 0 ? publicNetwork(address) : null };
    }
    return { address: client, forwarder: null };
  }

  /**
   * Finds the scheme by which the client came to the proxy: the last word, since the proxy wrote it.
   * With everybody trusted, the first.
   *
   * @param headers of a peer that is trusted
   * @returns in lower case; `null` when they do not say
   */
  schemeOf(headers: Headers): string | null {
    const forwarded = this.header === "forwarded" ? headers.get("forwarded") : null;
    const at = this.#trusted === null ? 0 : -1;
    const proto = forwarded === null ? null : this.#read(forwarded).at(at)?.proto ?? null;
    if (proto !== null) return proto;
    const words = headers.get("x-forwarded-proto");
    if (words === null || !words.includes(",")) return words?.trim().toLowerCase() ?? null;
    return words.split(",").at(at)!.trim().toLowerCase();
  }
}

/** What {@linkcode Forwarding} is made of. */
export type ForwardingConfig = Pick<Config, "trustedProxies" | "forwardedHeader">;
