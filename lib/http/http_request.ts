import type { TlsChoice } from "../selection/selection.ts";
import { forwardedAddress } from "./client_address.ts";
import type { HttpState } from "./http_state.ts";
import { normaliseAddress } from "./ip_address.ts";
import type { Query } from "./query.ts";
import { tlsChoice } from "./tls_choice.ts";

/** A request that was understood: somebody asks something about a path. */
export interface HttpRequest {
  /** When it came, in milliseconds since the epoch. */
  readonly time: number;
  readonly method: "GET" | "HEAD";
  /** Decoded and clean. */
  readonly path: string;
  readonly query: Query;
  readonly headers: Headers;
  /** The client's normalised address; `null` when unknown. */
  readonly address: string | null;
  readonly tls: TlsChoice;
}

/** Where a request comes from, as its connection and its headers tell. */
export type RequestOrigin = Pick<HttpRequest, "address" | "tls">;

/**
 * Finds out who asks, and over which scheme. Forwarding headers count only from trusted peers.
 *
 * @param state peers and configuration
 * @param query the query: `fromip` is obeyed for the mirror list only, since it only shows
 * @param headers headers of the request
 * @param remote the other end of the connection
 * @returns the client's address and the TLS choice
 */
export function originOf(
  { peers, config }: HttpState,
  query: Query,
  headers: Headers,
  remote: Deno.Addr,
): RequestOrigin {
  const peer = peers.of(remote);
  const forwardedFor = peer.trusted ? headers.get("x-forwarded-for") : null;
  const forwardedProto = peer.trusted ? headers.get("x-forwarded-proto") : null;
  const shown = query.view === "mirrorlist" && query.fromIp !== null
    ? normaliseAddress(query.fromIp)
    : null;
  return {
    address: shown ?? (forwardedFor === null ? null : forwardedAddress(forwardedFor)) ??
      peer.address,
    tls: tlsChoice(query.https, forwardedProto, config.allowHttpToHttpsRedirects),
  };
}
