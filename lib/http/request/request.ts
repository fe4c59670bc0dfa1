import type { TlsChoice } from "../../selection/selection.ts";
import type { ClientWords } from "./client_words.ts";
import { type Client, UNKNOWN_CLIENT } from "./clients.ts";
import type { HttpState } from "./state.ts";
import type { Peer } from "./peers.ts";
import type { Query } from "./query.ts";
import { Wishes } from "./wishes.ts";

/** What is known of a request before it is looked at who asks, and how. */
export interface Asked {
  /** When it came, in milliseconds since the epoch. */
  readonly time: number;
  /** Decoded and clean. */
  readonly path: string;
  /** Whether a slash stood behind the path. */
  readonly slash: boolean;
  readonly query: Query;
  /** Whether it asks for a part of the file. */
  readonly ranged: boolean;
  /** For whom mirrors are chosen. */
  readonly client: Client;
  /** Who asks in truth: another only where `fromip` says so. */
  readonly asker: Client;
  /** What the client says of mirrors; `null`: nothing. */
  readonly words: ClientWords | null;
  readonly tls: TlsChoice;
  /** Whether the program that asks counts apart. */
  readonly bot: boolean;
  /** By which it came to a trusted proxy, in lower case; `null`: nobody says. */
  readonly scheme: string | null;
  /** Whether the other end of the connection is a trusted proxy. */
  readonly trusted: boolean;
  /** Knows that end, which takes some time to look up. */
  readonly connection: Pick<Deno.ServeHandlerInfo, "remoteAddr">;
}

/** A request that was understood: somebody asks something about a path, by GET or HEAD. */
export class HttpRequest extends Wishes implements Asked {
  readonly time: number;
  readonly path: string;
  readonly slash: boolean;
  readonly query: Query;
  readonly ranged: boolean;
  readonly client: Client;
  readonly asker: Client;
  readonly words: ClientWords | null;
  readonly tls: TlsChoice;
  readonly bot: boolean;
  readonly scheme: string | null;
  readonly trusted: boolean;
  readonly connection: Asked["connection"];

  /**
   * @param request method and headers
   * @param asked what was found out about it
   */
  constructor(request: Pick<Request, "method" | "headers">, asked: Asked) {
    super(request);
    this.time = asked.time;
    this.path = asked.path;
    this.slash = asked.slash;
    this.query = asked.query;
    this.ranged = asked.ranged;
    this.client = asked.client;
    this.asker = asked.asker;
    this.words = asked.words;
    this.tls = asked.tls;
    this.bot = asked.bot;
    this.scheme = asked.scheme;
    this.trusted = asked.trusted;
    this.connection = asked.connection;
  }
}

/**
 * Finds out who asks. Forwarding headers count only from trusted peers.
 *
 * @param state who is known and who is trusted
 * @param headers headers of the request
 * @param info knows the other end of the connection, which takes some time to look up
 * @param peer the other end; `null`: it is trusted, and nobody looked it up yet
 * @returns the client
 */
export function clientOf(
  { clients, peers, forwarding }: Pick<HttpState, "clients" | "peers" | "forwarding">,
  headers: Headers,
  info: Pick<Deno.ServeHandlerInfo, "remoteAddr">,
  peer: Peer | null,
): Client {
  const forwardedFor = peer === null || peer.trusted ? headers.get(forwarding.header) : null;
  const client = forwardedFor === null ? null : clients.forwardedFor(forwardedFor);
  if (client !== null) return client;
  const { address } = peer ?? peers.of(info.remoteAddr);
  return (address === null ? null : clients.of(address)) ?? UNKNOWN_CLIENT;
}

/**
 * Tells who forwards requests without being trusted to.
 *
 * @param state which header is read
 * @param client who is taken for the client
 * @param headers headers of the request
 * @param peer the other end; `null`: everybody is trusted
 * @returns a public network; `null`: nobody does
 */
export function forwarderOf(
  { forwarding }: Pick<HttpState, "forwarding">,
  { forwarder }: Client,
  headers: Headers,
  peer: Peer | null,
): string | null {
  if (peer === null || peer.trusted) return forwarder;
  return peer.network !== null && headers.has(forwarding.header) ? peer.network : null;
}
