/** What a base URL of a mirror is for. */
export type MirrorUrlKind = "HTTP" | "rsync" | "FTP";

/** The schemes a mirror's URL may have, by what the URL is for. */
const SCHEMES: Readonly<Record<MirrorUrlKind, readonly string[]>> = {
  HTTP: ["http", "https"],
  rsync: ["rsync", "rsyncs"],
  FTP: ["ftp", "ftps"],
};

const WITH_SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//;

/** White space, control characters, and the backslash, which URL parsers take for a slash. */
const FORBIDDEN = /[\s\\\p{Cc}]/u;

/** What RFC 3986 allows in a URL, without the fragment; `%` is checked by itself. */
const PLAIN = /^[A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=%]*$/;

const EMPTY_PORT = /^[^/]*:(?:\/|$)/;

const BAD_ESCAPE = /%(?![0-9A-Fa-f]{2})/;

/**
 * Checks a base URL that an operator gave and brings it into the form in which it is stored: scheme
 * in lower case, a slash at the end, no white space or control characters. An HTTP URL comes out in
 * printable ASCII, so that it can stand in a header: other characters are encoded as the URL
 * standard says (host names as Punycode). rsync does not decode URLs, so the other two stay as typed.
 *
 * An HTTP URL may lack the scheme. An rsync or FTP URL with another scheme is accepted, since the
 * mirror serves without it: {@linkcode hasSchemeFor} tells, and so does the scan.
 *
 * @param kind what the URL is for
 * @param input the URL as typed; white space around it is dropped
 * @returns the URL; empty when `input` is empty
 * @throws {TypeError} saying what is wrong, in a sentence for the operator
 */
export function normaliseMirrorUrl(kind: MirrorUrlKind, input: string): string {
  const url = input.trim();
  if (url === "") return "";
  const prefix = WITH_SCHEME.exec(url)?.[0] ?? "";
  if (kind === "HTTP" && prefix !== "" && !hasSchemeFor(kind, url)) {
    throw new TypeError("The HTTP URL has an invalid scheme");
  }
  const rest = url.slice(prefix.length);
  const parsed = parse(prefix || "http://", rest);
  const normalised = parsed !== null && kind === "HTTP" ? encodeRest(parsed, rest) : rest;
  if (parsed === null || normalised === null) throw new TypeError(`Can't parse ${kind} URL`);
  return prefix.toLowerCase() + normalised + (normalised.endsWith("/") ? "" : "/");
}

/**
 * Whether a URL has one of the schemes that its use needs.
 *
 * @param kind what the URL is for
 * @param url base URL
 * @returns whether it starts with `http://` or `https://`, `rsync://` or `rsyncs://`, `ftp://` or `ftps://`
 */
export function hasSchemeFor(kind: MirrorUrlKind, url: string): boolean {
  return SCHEMES[kind].includes(WITH_SCHEME.exec(url)?.[1]?.toLowerCase() ?? "");
}

/**
 * Finds the host of a mirror's base URL.
 *
 * @param url base URL, with or without a scheme
 * @returns the host name or address, without port and brackets; `null` when there is none
 */
export function hostnameOf(url: string): string | null {
  const parsed = URL.parse(WITH_SCHEME.test(url) ? url : `http://${url}`);
  if (parsed === null || parsed.hostname === "") return null;
  return parsed.hostname.replace(/^\[(.*)\]$/, "$1");
}

/**
 * Removes user and password from a URL that the public will see.
 *
 * @param url an rsync, FTP or HTTP URL, with or without a scheme, perhaps empty
 * @returns the URL without them; what cannot be told from a password is removed with it
 */
export function withoutCredentials(url: string): string {
  const prefix = WITH_SCHEME.exec(url)?.[0] ?? "";
  const rest = url.slice(prefix.length);
  const slash = rest.indexOf("/");
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  // A password with a slash in it ends the authority too early: then no host stands before the slash.
  const searched = authority.includes("@") || isHostAndPort(authority) ? authority : rest;
  return prefix + rest.slice(searched.lastIndexOf("@") + 1);
}

function isHostAndPort(authority: string): boolean {
  return /^(?:\[[^\]]*\]|[^:]*)(?::\d*)?$/.test(authority);
}

/** Parses `prefix` (`scheme://`) with the rest of a URL, without what URL parsers kindly overlook. */
function parse(prefix: string, rest: string): URL | null {
  // They skip slashes before the host, drop line breaks, and take `http:/host` for the host "http".
  if (rest.startsWith("/") || FORBIDDEN.test(rest) || EMPTY_PORT.test(rest)) return null;
  const parsed = URL.parse(prefix + rest);
  return parsed === null || parsed.hostname === "" ? null : parsed;
}

/** The part of a URL after `scheme://` with nothing in it that a path could not follow; else `null`. */
function encodeRest(parsed: URL, rest: string): string | null {
  if (parsed.hash !== "" || rest.endsWith("#") || BAD_ESCAPE.test(rest)) return null;
  const ascii = PLAIN.test(rest) ? rest : parsed.href.slice(parsed.protocol.length + "//".length);
  // The parser leaves a few characters alone that have no place in a URL (`|`, `^`).
  return ascii.replace(/["<>^`{|}]/g, encodeURIComponent);
}
