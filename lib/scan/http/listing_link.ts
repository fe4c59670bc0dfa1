import { entryOf } from "../ftp_entry.ts";

/** What a link of a listing leads to. */
export type LinkTarget =
  | { readonly type: "child"; readonly name: string; readonly directory: boolean }
  /** Somewhere else: the parent, a way to sort, another site. */
  | { readonly type: "elsewhere" }
  /** A child whose name no index holds. */
  | { readonly type: "bad"; readonly reason: string };

const ELSEWHERE: LinkTarget = { type: "elsewhere" };

/** Characters of a link. */
const MAX_LINK = 4096;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Finds out which child of a directory a link in its listing leads to. Does not use `new URL()`, which
 * takes `http:evil.txt` for `evil.txt`, and a backslash for a slash.
 *
 * @param link as written, entities decoded
 * @param page of the listing; its path ends with a slash
 */
export function linkTarget(link: string, page: URL): LinkTarget {
  if (link.length > MAX_LINK) return { type: "bad", reason: "The link is too long" };
  let rest = link.trim().replace(/#.*$/s, "");
  if (rest === "") return ELSEWHERE;
  const absolute = /^(?:([a-z][a-z0-9+.-]*):)?\/\//i.exec(rest);
  if (absolute !== null) {
    const [prefix, scheme] = absolute;
    const end = rest.slice(prefix.length).search(/[/?]/);
    const host = end < 0
      ? rest.slice(prefix.length)
      : rest.slice(prefix.length, prefix.length + end);
    if (scheme !== undefined && `${scheme.toLowerCase()}:` !== page.protocol) return ELSEWHERE;
    if (end < 0 || host.toLowerCase() !== page.host) return ELSEWHERE;
    rest = rest.slice(prefix.length + end);
  } else if (/^[a-z][a-z0-9+.-]*:/i.test(rest)) return ELSEWHERE;
  if (rest.startsWith("?")) return ELSEWHERE;
  if (rest.startsWith("/")) {
    const below = belowPage(rest, page.pathname);
    if (below === null) return ELSEWHERE;
    rest = below;
  } else if (rest.startsWith("./")) rest = rest.slice(2);
  const query = rest.indexOf("?");
  if (query >= 0) return ELSEWHERE;
  const directory = rest.endsWith("/");
  const segment = directory ? rest.slice(0, -1) : rest;
  if (segment === "" || segment === "." || segment === ".." || segment.includes("/")) {
    return ELSEWHERE;
  }
  const name = percentDecode(segment);
  if (name === null) return { type: "bad", reason: "The name is not valid UTF-8" };
  const entry = entryOf(name, () => ({ type: "directory", name, identity: "" }));
  return entry.type === "bad"
    ? { type: "bad", reason: entry.reason }
    : { type: "child", name, directory };
}

/** What is left of an absolute path below the page's; `null`: it is not below it. */
function belowPage(path: string, page: string): string | null {
  if (path.startsWith(page)) return path.slice(page.length);
  // Each writes the escapes that it likes.
  const segments = page.split("/").length - 1;
  const parts = path.split("/");
  const above = parts.slice(0, segments).map(percentDecode).join("/");
  const expected = page.split("/").slice(0, segments).map(percentDecode).join("/");
  return above === expected ? parts.slice(segments).join("/") : null;
}

/** @returns `null` when the bytes are not UTF-8; a percent sign that escapes nothing stands for itself */
function percentDecode(text: string): string | null {
  if (!text.includes("%")) return text;
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  for (let at = 0; at < text.length;) {
    const escaped = /^%([0-9a-f]{2})/i.exec(text.slice(at, at + 3))?.[1];
    if (escaped !== undefined) {
      bytes.push(parseInt(escaped, 16));
      at += 3;
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(at)!);
    bytes.push(...encoder.encode(character));
    at += character.length;
  }
  try {
    return decoder.decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}
