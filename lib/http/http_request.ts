import type { TlsChoice } from "../selection/selection.ts";
import { type Client, UNKNOWN_CLIENT } from "./clients.ts";
import type { HttpState } from "./http_state.ts";
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
 * @param peer the other end of the connection
 * @returns the client
 */
export function clientOf(
  { clients }: HttpState,
  query: Query,
  headers: Headers,
  peer: Peer,
): Client {
  if (query.view === "mirrorlist" && query.fromIp !== null) {
    const shown = clients.of(query.fromIp);
    if (shown !== null) return shown;
  }
  const forwardedFor = peer.trusted ? headers.get("x-forwarded-for") : null;
  return (forwardedFor === null ? null : clients.forwardedFor(forwardedFor)) ??
    (peer.address === null ? null : clients.of(peer.address)) ?? UNKNOWN_CLIENT;
}
