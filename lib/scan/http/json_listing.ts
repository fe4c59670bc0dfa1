import { entryOf } from "../ftp_entry.ts";
import { quoteLine } from "../quote_line.ts";
import type { RawListing } from "./html_listing.ts";
import type { RawEntry } from "./listing_entry.ts";

/** Children of one page. */
const MAX_ENTRIES = 200_000;

/** One child in the array of nginx, or of Caddy. */
interface Item {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly size?: unknown;
  readonly mtime?: unknown;
  readonly mod_time?: unknown;
  readonly is_dir?: unknown;
  readonly is_symlink?: unknown;
}

/**
 * Finds the children that a JSON page shows: of nginx (`autoindex_format json`), of Caddy, or of serve
 * (npm), which tells names and rounded sizes.
 *
 * @returns `null` when it is none of them
 * @throws {RangeError} when it has too many
 */
export function readJsonListing(text: string): RawListing | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { format: "json", known: false, entries: [], whole: false, bad: 0, problem: "" };
  }
  // Caddy says `null` for an empty directory.
  if (value === null) return { ...EMPTY, format: "caddy-json" };
  if (Array.isArray(value) && value.length > MAX_ENTRIES) throw new RangeError("It has no end");
  const served = (value as { readonly files?: unknown }).files;
  if (Array.isArray(served)) return readServed(served);
  if (!Array.isArray(value) || !value.every(isItem)) return null;
  const format = value.some((item) => "is_dir" in item) ? "caddy-json" : "nginx-json";
  const entries: RawEntry[] = [];
  const names = new Set<string>();
  let bad = 0;
  let problem = "";
  for (const item of value) {
    const { directory, other } = kindOf(item);
    if (other) continue;
    const written = item.name.replace(/\/$/, "");
    const entry = entryOf(written, () => ({ type: "directory", name: written, identity: "" }));
    if (entry.type === "bad") {
      bad++;
      problem ||= `${entry.reason}: ${quoteLine(written)}`;
      continue;
    }
    if (names.has(written)) continue;
    names.add(written);
    const time = item.mtime ?? item.mod_time;
    entries.push({
      name: written,
      rawName: null,
      directory,
      size: !directory && Number.isSafeInteger(item.size) ? `${item.size}` : "",
      time: typeof time === "string" ? time : "",
      maybeLink: item.is_symlink === true,
    });
  }
  return { ...EMPTY, format, entries, bad, problem };
}

function readServed(items: readonly unknown[]): RawListing {
  if (items.length > MAX_ENTRIES) throw new RangeError("It has no end");
  const entries = new Map<string, RawEntry>();
  let bad = 0;
  let problem = "";
  for (const item of items) {
    const { base, type, size } = (item ?? {}) as Record<string, unknown>;
    if (typeof base !== "string") continue;
    const name = base.replace(/\/$/, "");
    const entry = entryOf(name, () => ({ type: "link", name }));
    if (entry.type === "bad") {
      bad++;
      problem ||= `${entry.reason}: ${quoteLine(name)}`;
      continue;
    }
    if (entries.has(name)) continue;
    const directory = type === "folder";
    const shown = typeof size === "string" ? size : "";
    entries.set(name, { name, rawName: null, directory, size: shown, time: "", maybeLink: false });
  }
  return { ...EMPTY, format: "serve", known: false, entries: [...entries.values()], bad, problem };
}

const EMPTY: RawListing = {
  format: "",
  known: true,
  entries: [],
  whole: true,
  bad: 0,
  problem: "",
};

function isItem(item: unknown): item is Item & { readonly name: string } {
  if (typeof item !== "object" || item === null) return false;
  const { name, type, is_dir } = item as Item;
  return typeof name === "string" && (typeof type === "string" || typeof is_dir === "boolean");
}

function kindOf({ name, type, is_dir, is_symlink }: Item & { readonly name: string }) {
  const directory = type === "directory" || is_dir === true || name.endsWith("/");
  return { directory, other: type === "other" && is_symlink !== true };
}
