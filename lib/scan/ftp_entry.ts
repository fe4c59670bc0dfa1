/**
 * What one line of an FTP listing says: a file, a directory, nothing of interest (a link, a device, the
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
  | { readonly type: "ignored" }
  | { readonly type: "bad"; readonly reason: string };

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
  if (name === "") return { type: "bad", reason: "The name is missing" };
  if (name === "." || name === ".." || name.includes("/")) {
    return { type: "bad", reason: "The name leads elsewhere" };
  }
  if (name.length > MAX_NAME) return { type: "bad", reason: "The name is too long" };
  if (/\p{Cc}/u.test(name)) return { type: "bad", reason: "The name has control characters" };
  if (name.includes(REPLACEMENT)) return { type: "bad", reason: "The name is not valid UTF-8" };
  return make(name);
}

/** @returns a size in bytes; `null` when the text is none that can be counted with */
export function parseFtpSize(text: string): number | null {
  const size = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(size) ? size : null;
}
