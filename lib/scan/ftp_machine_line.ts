import { entryOf, type FtpEntry, linkEntry, parseFtpSize, uselessEntry } from "./ftp_entry.ts";
import { parseFtpTime } from "./ftp_time.ts";

/**
 * Reads one line that `MLSD` gives (RFC 3659 §7.2):
 *
 *     type=file;size=1234;modify=20231114221320.123;UNIX.mode=0644; a file.iso
 *
 * @param line the line without its end
 */
export function parseMachineLine(line: string): FtpEntry {
  const space = line.indexOf(" ");
  if (space < 0) {
    return line === ""
      ? { type: "ignored" }
      : { type: "bad", reason: "It is no line of a listing" };
  }
  const facts = factsOf(line.slice(0, space));
  const name = line.slice(space + 1);
  switch (facts.get("type")?.toLowerCase()) {
    case undefined:
      return { type: "bad", reason: "It is no line of a listing" };
    case "dir":
      // Some servers have no types of their own for the directory itself and the one above.
      if (name === "." || name === "..") return { type: "ignored" };
      return entryOf(name, () => directory(name, facts));
    case "file":
      return entryOf(name, () => file(name, facts));
    default:
      if (/^os\.unix=s(?:ym)?link/i.test(facts.get("type")!)) return linkEntry(name);
      // cdir, pdir, and what only the operating system knows: links, devices.
      return { type: "ignored" };
  }
}

function directory(name: string, facts: ReadonlyMap<string, string>): FtpEntry {
  return { type: "directory", name, identity: facts.get("unique") ?? "" };
}

function factsOf(text: string): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  for (const fact of text.split(";")) {
    const equals = fact.indexOf("=");
    if (equals > 0) facts.set(fact.slice(0, equals).toLowerCase(), fact.slice(equals + 1));
  }
  return facts;
}

function file(name: string, facts: ReadonlyMap<string, string>): FtpEntry {
  const size = parseFtpSize(facts.get("size") ?? "");
  if (size === null) return uselessEntry(name, "The size is no number");
  const modify = facts.get("modify");
  if (modify === undefined) return { type: "file", name, size, modTime: null, resolution: 1000 };
  const parsed = parseFtpTime(modify);
  if (parsed === null) return uselessEntry(name, "The time is no time");
  return {
    type: "file",
    name,
    size,
    modTime: parsed.time,
    resolution: parsed.fractions ? 1 : 1000,
  };
}
