import { normaliseAddress } from "../../net/ip_address.ts";

/** One hop of a request as a proxy wrote it down. */
export interface ForwardedEntry {
  /** Who connected to that proxy, normalised; `null`: it does not say, or not with an address. */
  readonly address: string | null;
  /** By which scheme, in lower case; `null`: it does not say. */
  readonly proto: string | null;
}

/**
 * Reads a list of addresses such as X-Forwarded-For. Spaces, brackets, quotes and a port around an
 * address are accepted.
 *
 * @param header as received; several lines joined by commas
 * @returns the entries from left to right
 */
export function readAddressList(header: string): ForwardedEntry[] {
  return header.split(",").map((entry) => ({ address: addressOf(entry.trim()), proto: null }));
}

/**
 * Reads the header Forwarded (RFC 7239 §4). An element that is not written after its grammar, or says
 * a thing twice, names nobody.
 *
 * @param header as received; several lines joined by commas
 * @returns the elements from left to right
 */
export function readForwarded(header: string): ForwardedEntry[] {
  return unquotedParts(header, ",").map((element) => {
    const pairs = new Map<string, string>();
    for (const part of unquotedParts(element, ";")) {
      const [, name, token, quoted] = PAIR.exec(part) ?? [];
      if (name === undefined || pairs.has(name.toLowerCase())) return NOBODY;
      pairs.set(name.toLowerCase(), token ?? quoted!.replace(/\\(.)/g, "$1"));
    }
    const node = pairs.get("for");
    return {
      address: node === undefined ? null : addressOf(node),
      proto: pairs.get("proto")?.toLowerCase() ?? null,
    };
  });
}

const NOBODY: ForwardedEntry = { address: null, proto: null };

/** A name and a token or a quoted string; brackets in a token are what some proxies write. */
const PAIR = /^[ \t]*([\w!#$%&'*+.^`|~-]+)=(?:([^\s"\\;,]+)|"((?:[^"\\]|\\.)*)")[ \t]*$/;

/**
 * Cuts a text where a sign stands outside of quotes. It is read from the right: what the last proxy
 * wrote is whole, while a client may have left a quote open before it.
 */
function unquotedParts(text: string, sign: string): string[] {
  const parts: string[] = [];
  let quoted = false;
  let end = text.length;
  for (let i = text.length - 1; i >= 0; i--) {
    if (text[i] === '"') {
      const quote = i;
      while (text[i - 1] === "\\") i--;
      if ((quote - i) % 2 === 0) quoted = !quoted;
    } else if (text[i] === sign && !quoted) {
      parts.push(text.slice(i + 1, end));
      end = i;
    }
  }
  parts.push(text.slice(0, end));
  return parts.reverse();
}

function addressOf(entry: string): string | null {
  return normaliseAddress(entry) ?? normaliseAddress(withoutPort(entry));
}

function withoutPort(entry: string): string {
  const bare = entry.replace(/^"(.*)"$/, "$1");
  const bracketed = /^\[([^\]]*)\](?::\w+)?$/.exec(bare);
  if (bracketed !== null) return bracketed[1] ?? "";
  return bare.replace(/^([\d.]+):\w+$/, "$1");
}
