/**
 * What one line of an FTP listing says: a file, a directory, a link, nothing of interest (a device, the
 * directory itself), or nonsense, with the reason.
 */
export type FtpEntry =
  | FtpFile
  | {
    readonly type: "directory";
    readonly name: string;
    /** The same for every path that leads to the directory; empty when the server does not tell. */
    readonly identity: string;
  }
  /** What it leads to nobody knows; left out unless links are followed. */
  | { readonly type: "link"; readonly name: string }
  | { readonly type: "ignored" }
  | FtpNonsense;

/** What cannot be taken as it is. */
export interface FtpNonsense {
  readonly type: "bad";
  readonly reason: string;
  /**
   * Which name the line is about: nothing new is known of that. `null`: one that no index holds. Absent:
   * nobody can tell, it may be any.
   */
  readonly name?: string | null;
}

/** A file in a directory. */
export interface FtpFile {
  readonly type: "file";
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch; `null` when the listing does not tell. */
  readonly modTime: number | null;
  /** Milliseconds that {@linkcode modTime} is exact to: 1, a second, a minute, a day. */
  readonly resolution: number;
  /** Whether the time is that of the server's clock, whose zone nobody knows. Default: it is UTC. */
  readonly local?: true;
}

/** What a name holds where bytes were that are not UTF-8. */
const REPLACEMENT = "\uFFFD";

/** Characters of a name; the usual file systems end at 255 bytes, a few at 1023. */
const MAX_NAME = 1023;

/**
 * Makes an entry of a name that came from a server, unless the name could lead elsewhere.
 *
 * @param name one segment of a path
 * @param make makes the entry of a name that is good
 */
export function entryOf(name: string, make: (name: string) => FtpEntry): FtpEntry {
  const bad = (reason: string, about: string | null): FtpEntry => ({
    type: "bad",
    reason,
    name: about,
  });
  if (name === "") return bad("The name is missing", null);
  if (name === "." || name === ".." || name.includes("/")) {
    return bad("The name leads elsewhere", null);
  }
  if (name.length > MAX_NAME) return bad("The name is too long", null);
  if (name.includes(REPLACEMENT)) return bad("The name is not valid UTF-8", null);
  // The source may have such a file all the same.
  if (/\p{Cc}/u.test(name)) return bad("The name has control characters", name);
  return make(name);
}

/** Makes an entry of a link; one whose name is not good is no loss. */
export function linkEntry(name: string): FtpEntry {
  const entry = entryOf(name, () => ({ type: "link", name }));
  return entry.type === "bad" ? { type: "ignored" } : entry;
}

/** Makes an entry of a name that is good, and of which the listing tells nothing that can be used. */
export function uselessEntry(name: string, reason: string): FtpEntry {
  return entryOf(name, () => ({ type: "bad", reason, name }));
}

/** @returns a size in bytes; `null` when the text is none that can be counted with */
export function parseFtpSize(text: string): number | null {
  const size = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(size) ? size : null;
}
