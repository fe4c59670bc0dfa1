import { createHash, timingSafeEqual } from "../worker/late_builtins.ts";
import { ControlError } from "./api/control_error.ts";
import { WrongPasswordError } from "./password_attempts.ts";

/** What decides who may use the control API. */
export interface GuardConfig {
  /** Empty: none. */
  readonly rpcPassword: string;
  readonly rpcListenAddress: { readonly hostname: string };
}

/**
 * Checks whether a request may use the control API. With a password it must carry it as a bearer
 * token (RFC 6750 §2.1). Without one it must name a loopback host or the configured address, so that
 * no host name that is made to point here lets a web page in; and no page of another site may send it.
 *
 * @throws {ControlError} `unauthorized` or `forbidden`
 */
export function guard(request: Request, config: GuardConfig): void {
  if (config.rpcPassword !== "") {
    const [, token] = /^Bearer +(.*)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
    if (token === undefined) throw new ControlError("unauthorized", "A password is needed");
    const decoded = equalInConstantTime(decodeToken(token), config.rpcPassword);
    // Those who type the header themselves need not encode a plain password.
    const plain = equalInConstantTime(token, config.rpcPassword);
    if (decoded || plain) return;
    throw new WrongPasswordError();
  }
  const host = request.headers.get("host") ?? "";
  const hostname = hostnameOf(host);
  const configured = hostnameOf(bracketed(config.rpcListenAddress.hostname));
  if (hostname === null || (!isLoopback(hostname) && hostname !== configured)) {
    throw new ControlError(
      "forbidden",
      `Without RPCPassword only a loopback name or the configured address may be used, not ${
        JSON.stringify(host)
      }`,
    );
  }
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const ownSite = site === null || site === "none" || site === "same-origin";
  const ownOrigin = origin === null || origin === `http://${host}` || origin === `https://${host}`;
  if (ownSite && ownOrigin) return;
  throw new ControlError("forbidden", "Requests of another site are refused");
}

/** What cannot stand in a header is percent-encoded in a token, and so is `%`. */
function decodeToken(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}

/** Compares digests, so that neither the length nor the first difference shows in the time taken. */
function equalInConstantTime(a: string, b: string): boolean {
  const digest = (text: string): Uint8Array => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** The host of a Host header in the form of the URL standard, without port and brackets. */
function hostnameOf(host: string): string | null {
  if (host === "" || /[/?#@\\\s]/.test(host)) return null;
  const url = URL.parse(`http://${host}`);
  return url === null ? null : url.hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
}

function bracketed(hostname: string): string {
  return hostname.includes(":") && !hostname.startsWith("[") ? `[${hostname}]` : hostname;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "::1" ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
