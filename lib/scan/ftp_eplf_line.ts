import { entryOf, type FtpEntry, parseFtpSize, uselessEntry } from "./ftp_entry.ts";

const SECOND = 1000;

/**
 * Reads one line of {@link https://cr.yp.to/ftp/list/eplf.html EPLF}, which anonftpd, publicfile and
 * others give for `LIST`:
 *
 *     +i8388621.48594,m825718503,r,s280,	a file.iso
 *     +i8388621.50690,m824255907,/,	pool
 *
 * Its times are seconds since the epoch.
 *
 * @param line the line without its end
 */
export function parseEplfLine(line: string): FtpEntry {
  const tab = line.indexOf("\t");
  if (!line.startsWith("+") || tab < 0) {
    return { type: "bad", reason: "It is no line of a listing" };
  }
  const name = line.slice(tab + 1);
  const facts = line.slice(1, tab).split(",");
  const valueOf = (letter: string): string =>
    facts.find((fact) => fact.startsWith(letter))?.slice(1) ?? "";
  if (facts.includes("/")) {
    if (name === "." || name === "..") return { type: "ignored" };
    return entryOf(name, () => ({ type: "directory", name, identity: valueOf("i") }));
  }
  if (!facts.includes("r")) return { type: "ignored" };
  const size = parseFtpSize(valueOf("s"));
  if (size === null) return uselessEntry(name, "The size is no number");
  const time = valueOf("m");
  if (time !== "" && !/^\d{1,11}$/.test(time)) return uselessEntry(name, "The time is no time");
  const modTime = time === "" ? null : Number(time) * SECOND;
  return entryOf(name, () => ({ type: "file", name, size, modTime, resolution: SECOND }));
}
