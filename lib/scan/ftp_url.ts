import { hasSchemeFor, withoutCredentials } from "../catalog/mirror_url.ts";
import { ListingError } from "./lister.ts";

/** How a connection is secured: not at all, by `AUTH TLS` (RFC 4217), or by TLS from the first byte. */
export type FtpSecurity = "none" | "explicit" | "implicit";

/** An FTP URL taken apart. */
export interface FtpUrl {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly security: FtpSecurity;
  readonly user: string;
  readonly password: string;
  /** Directory, absolute, without a trailing slash; empty: the root. */
  readonly path: string;
}

const URL_PARTS =
  /^(ftps?):\/\/(?:([^/]*)@)?(?:\[([^\]/]*)\]|([^/@:[\]]+))(?::(\d{1,5}))?(\/.*)?$/is;

/** Where FTP servers listen, and those that begin with TLS (RFC 4217 §2). */
const PORT = 21;
const IMPLICIT_PORT = 990;

/**
 * Takes a mirror's FTP URL apart. `ftps://` upgrades the connection with `AUTH TLS`, but on port 990,
 * where servers expect TLS from the start.
 *
 * @param url `ftp://` or `ftps://`, perhaps with user and password; the path is absolute
 * @throws {ListingError} when it is no such URL
 */
export function parseFtpUrl(url: string): FtpUrl {
  if (!hasSchemeFor("FTP", url)) {
    throw new ListingError(`${withoutCredentials(url)} does not start with ftp:// or ftps://`);
  }
  const parts = URL_PARTS.exec(url);
  const [, scheme, login = "", address, name, digits, path = ""] = parts ?? [];
  const port = digits === undefined ? PORT : Number(digits);
  const colon = login.indexOf(":");
  const user = decode(colon < 0 ? login : login.slice(0, colon));
  const password = colon < 0 ? "" : decode(login.slice(colon + 1));
  const directory = decode(path).replace(/\/+$/, "");
  // A line break would be another command to the server.
  if (parts === null || port < 1 || port > 65_535 || /\p{Cc}/u.test(user + password + directory)) {
    throw new ListingError(`Cannot parse the FTP URL "${withoutCredentials(url)}"`);
  }
  const secure = scheme!.toLowerCase() === "ftps";
  return {
    host: (address ?? name)!,
    port,
    security: !secure ? "none" : port === IMPLICIT_PORT ? "implicit" : "explicit",
    user: user === "" ? "anonymous" : user,
    password: user === "" ? "anonymous@" : password,
    path: directory,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
