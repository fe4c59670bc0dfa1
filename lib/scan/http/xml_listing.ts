import { Parser } from "htmlparser2";
import type { Breather } from "../breather.ts";
import { entryOf } from "../ftp_entry.ts";
import { quoteLine } from "../quote_line.ts";
import type { RawListing } from "./html_listing.ts";
import type { RawEntry } from "./listing_entry.ts";
import { writeInParts } from "./write_in_parts.ts";

const MAX_DEPTH = 16;
const MAX_ENTRIES = 200_000;

/**
 * Finds the children that a page of nginx shows with `autoindex_format xml`.
 *
 * @returns `null` when it is none
 */
export async function readXmlListing(
  text: string,
  breather: Breather,
): Promise<RawListing | null> {
  const entries: RawEntry[] = [];
  const names = new Set<string>();
  let depth = 0;
  let root = "";
  let ended = false;
  let bad = 0;
  let problem = "";
  let open: { type: string; size: string; time: string; name: string } | null = null;
  const parser = new Parser({
    onopentag(name, { size = "", mtime = "" }) {
      if (++depth > MAX_DEPTH || entries.length > MAX_ENTRIES) {
        throw new RangeError("It has no end");
      }
      if (root === "") root = name;
      open = depth === 2 ? { type: name, size, time: mtime, name: "" } : null;
    },
    ontext(more) {
      if (open) open.name += more;
    },
    onclosetag(name, implied) {
      depth--;
      if (depth === 0 && !implied && name === root) ended = true;
      const { type, name: written, size, time } = open ??
        { type: "", name: "", size: "", time: "" };
      open = null;
      if (implied || (type !== "file" && type !== "directory")) return;
      const entry = entryOf(written, () => ({ type: "directory", name: written, identity: "" }));
      if (entry.type === "bad") {
        bad++;
        problem ||= `${entry.reason}: ${quoteLine(written)}`;
      } else if (!names.has(written)) {
        names.add(written);
        const directory = type === "directory";
        entries.push({ name: written, rawName: null, directory, size, time, maybeLink: false });
      }
    },
  }, { xmlMode: true });
  await writeInParts(text, parser, breather);
  parser.end();
  if (root !== "list") return null;
  return { format: "nginx-xml", known: true, entries, whole: ended, bad, problem };
}
