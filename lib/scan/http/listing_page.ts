import type { Breather } from "../breather.ts";
import { type RawListing, readHtmlListing } from "./html_listing.ts";
import { HtmlRows } from "./html_rows.ts";
import { readJsonListing } from "./json_listing.ts";
import type { ListingPage } from "./listing_entry.ts";
import { parseSizeInterval } from "./size_interval.ts";
import { parseWrittenTime, type SlashOrder, slashOrderOf } from "./written_time.ts";
import { writeInParts } from "./write_in_parts.ts";
import { readXmlListing } from "./xml_listing.ts";

/** What is learnt of a server's pages in one scan. */
export interface PageMemory {
  /** What its `1/2/2025` means. */
  slashOrder: SlashOrder;
  /** The format that was recognised last, which is tried first on the next page; empty: none was. */
  format: string;
}

const NONE: ListingPage = {
  kind: "none",
  format: "",
  entries: [],
  whole: true,
  bad: 0,
  problem: "",
};

/** A page of which the end is missing, or that has no end. */
const BROKEN: ListingPage = { ...NONE, whole: false };

/** Decodes what a server sent; names come from links, which are ASCII nearly everywhere. */
export function decodePage(bytes: Uint8Array, contentType: string): string {
  // Names that are not UTF-8 stand in them as they are; they are left out later.
  if (/json|xml/i.test(contentType) && !/xhtml/i.test(contentType)) {
    return new TextDecoder().decode(bytes);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/**
 * Reads a page as the listing of a directory.
 *
 * @param text decoded
 * @param contentType as the server named it
 * @param url where it is; its path ends with a slash
 * @param memory what is known from other pages of that server
 * @param breather lets others have their turn
 * @param isFramed whether it came whole, so that it shows something even where its end mark is not
 *   there. Default: that is not known
 */
export async function readListing(
  text: string,
  contentType: string,
  url: URL,
  memory: PageMemory,
  breather: Breather,
  isFramed = false,
): Promise<ListingPage> {
  const type = contentType.split(";")[0]!.trim().toLowerCase();
  try {
    const raw = await readRaw(text, type, url, memory, breather);
    return raw === null ? NONE : finished(raw, memory, isFramed);
  } catch (error) {
    if (error instanceof RangeError) return BROKEN;
    throw error;
  }
}

async function readRaw(
  text: string,
  type: string,
  url: URL,
  { format }: PageMemory,
  breather: Breather,
): Promise<RawListing | null> {
  if (type === "application/json") return readJsonListing(text);
  if (type === "application/xml" || type === "text/xml") {
    return await readXmlListing(text, breather);
  }
  const isHtml = type === "text/html" || type === "application/xhtml+xml" ||
    (type === "text/plain" && /^\s*</.test(text));
  if (!isHtml) return null;
  const rows = new HtmlRows();
  await writeInParts(text, rows, breather);
  return readHtmlListing(rows.end(), url, format);
}

function finished(raw: RawListing, memory: PageMemory, isFramed: boolean): ListingPage {
  const { format, bad, problem } = raw;
  // Of who is known it is known that there is an end mark.
  if (!raw.whole && (format !== "" || !isFramed)) return { ...BROKEN, format, bad, problem };
  // Who sent it may have got it cut: the last row perhaps, and what would come after it.
  const { known } = raw;
  if (known) memory.format = format;
  const rows = raw.whole ? raw.entries : raw.entries.slice(0, -1);
  for (const { time } of raw.entries) memory.slashOrder ??= slashOrderOf(time);
  const entries = rows.map((entry) => ({
    ...entry,
    size: parseSizeInterval(entry.size, !known),
    time: parseWrittenTime(entry.time, memory.slashOrder),
  }));
  const kind = known ? "known" : entries.length > 0 ? "general" : "none";
  return { kind, format, entries, whole: true, bad, problem };
}
