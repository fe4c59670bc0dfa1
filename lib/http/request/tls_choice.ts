import type { TlsChoice } from "../../selection/selection.ts";

/**
 * Decides which schemes an answer may use.
 *
 * @param asked what `?https=` says; `null` without it. It overrides the rest
 * @param forwardedProto X-Forwarded-Proto of a trusted peer; `null` without it
 * @param allowHttpToHttps whether a client that came over HTTP may be sent to HTTPS
 * @returns the choice for the selection
 */
export function tlsChoice(
  asked: boolean | null,
  forwardedProto: string | null,
  allowHttpToHttps: boolean,
): TlsChoice {
  if (asked !== null) return asked ? "with_tls" : "without_tls";
  if (forwardedProto === null) return "any";
  const comma = forwardedProto.indexOf(",");
  const scheme = (comma < 0 ? forwardedProto : forwardedProto.slice(0, comma)).trim().toLowerCase();
  if (scheme === "https") return "with_tls";
  return scheme === "http" && !allowHttpToHttps ? "without_tls" : "any";
}
