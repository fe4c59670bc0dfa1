import type { TlsChoice } from "../../selection/selection.ts";
import { type Client, UNKNOWN_CLIENT } from "./clients.ts";
import type { HttpState } from "./state.ts";
import type { Peer } from "./peers.ts";
import type { Query } from "./query.ts";

/** A request that was understood: somebody asks something about a path. */
export interface HttpRequest {
  /** When it came, in milliseconds since the epoch. */
  readonly time: number;
  readonly method: "GET" | "HEAD";
  /** Decoded and clean. */
  readonly path: string;
  readonly query: Query;
  readonly headers: Headers;
  /** Whether it asks for a part of the file. */
  readonly ranged: boolean;
  readonly client: Client;
  readonly tls: TlsChoice;
}

/**
 * Finds out who asks. Forwarding headers count only from trusted peers.
 *
 * @param state who is known and who is trusted
 * @param query the query: `fromip` is obeyed for the mirror list only, since it only shows
 * @param headers headers of the request
 * @param info knows the other end of the connection, which takes some time to look up
 * @param peer the other end; `null`: it is trusted, and nobody looked it up yet
 * @returns the client
 */
export function clientOf(
  { clients, peers }: Pick<HttpState, "clients" | "peers">,
  query: Query,
  headers: Headers,
  info: Pick<Deno.ServeHandlerInfo, "remoteAddr">,
  peer: Peer | null,
): Client {
  if (query.view === "mirrorlist" && query.fromIp !== null) {
    const shown = clients.of(query.fromIp);
    if (shown !== null) return shown;
  }
  const forwardedFor = peer === null || peer.trusted ? headers.get("x-forwarded-for") : null;
  const client = forwardedFor === null ? null : clients.forwardedFor(forwardedFor);
  if (client !== null) return client;
  const { address } = peer ?? peers.of(info.remoteAddr);
  return (address === null ? null : clients.of(address)) ?? UNKNOWN_CLIENT;
}
