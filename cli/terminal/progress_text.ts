import { unicodeWidth } from "@std/cli/unicode-width";
import type { ScanProgress } from "../../lib/catalog/scan_result.ts";
import { byteSize } from "../../lib/catalog/byte_size.ts";
import { cutStart } from "./cut_text.ts";

const VERBS = { listing: "listed", hashing: "hashed", writing: "written" } as const;

/** Columns of a whole bar, and the least that the rest of its line leaves for it. */
const BAR = { most: 30, least: 8 };

/** Columns for the path of a file: what it gets before the bar grows, and what tells something. */
const PATH = { wanted: 32, least: 12 };

/**
 * Tells how far a scan is, in one line: what is known of a bar, the share, files, rate, the time left
 * and the file that is read now, as far as there is room.
 *
 * @param progress how far it is
 * @param seconds since the phase began
 * @param room columns
 */
export function progressText(progress: ScanProgress, seconds: number, room: number): string {
  const { phase, files, total, path, bytes = 0, totalBytes = 0 } = progress;
  // What is to be written is said once; nobody counts it.
  if (phase === "writing") return `${files} changes are written`;
  if (progress.walk) {
    const { directories, total, probes } = progress.walk;
    return `listing ${directories} directories of ${total}, ${probes} probes`;
  }
  const per = (count: number): number => count / Math.max(seconds, 0.001);
  if (total === null) return `${files} files ${VERBS[phase]} (${Math.round(per(files))}/s)`;

  // A tree that grows meanwhile has more files than were expected.
  const share = Math.min(totalBytes > 0 ? bytes / totalBytes : total > 0 ? files / total : 1, 1);
  const rate = totalBytes > 0 ? `${byteSize(per(bytes), 1)}/s` : `${Math.round(per(files))}/s`;
  const left = share > 0 && seconds >= 1 ? `${clock(seconds * (1 / share - 1))} left` : "";
  const facts = [
    `${Math.floor(share * 100)}%`,
    `${files} of ${total} files ${VERBS[phase]}`,
    rate,
    left,
  ].filter((fact) => fact !== "");
  while (facts.length > 1 && unicodeWidth(facts.join("  ")) > room) facts.pop();
  const text = facts.join("  ");
  const free = room - unicodeWidth(text) - 1;
  const wished = path === undefined ? free : free - PATH.wanted;
  const width = Math.min(Math.max(wished, BAR.least), BAR.most);
  const barred = free < BAR.least ? text : `${bar(share, width)} ${text}`;
  const rest = room - unicodeWidth(barred) - 2;
  return path === undefined || rest < PATH.least
    ? barred
    : `${barred}  ${cutStart(path, rest, unicodeWidth)}`;
}

/** @param width columns, with the brackets */
function bar(share: number, width: number): string {
  const inside = width - 2;
  const full = Math.min(inside, Math.floor(share * inside));
  const head = full < inside ? ">" : "";
  return `[${"=".repeat(full)}${head}${" ".repeat(inside - full - head.length)}]`;
}

/** Seconds as a clock shows them: `0:05`, `1:02:03`. */
function clock(seconds: number): string {
  const whole = Math.min(Math.round(seconds), 359_999);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (value: number): string => `${value}`.padStart(2, "0");
  const head = hours === 0 ? `${minutes}` : `${hours}:${two(minutes)}`;
  return `${head}:${two(whole % 60)}`;
}
