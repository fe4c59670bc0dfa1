import type { TlsChoice } from "../../selection/selection.ts";

/**
 * Decides which schemes an answer may use.
 *
 * @param asked what `?https=` says; `null` without it. It overrides the rest
 * @param scheme by which the client came to a trusted proxy, in lower case; `null`: nobody says
 * @param allowHttpToHttps whether a client that came over HTTP may be sent to HTTPS
 * @returns the choice for the selection
 */
export function tlsChoice(
  asked: boolean | null,
  scheme: string | null,
  allowHttpToHttps: boolean,
): TlsChoice {
  if (asked !== null) return asked ? "with_tls" : "without_tls";
  if (scheme === "https") return "with_tls";
  return scheme === "http" && !allowHttpToHttps ? "without_tls" : "any";
}
