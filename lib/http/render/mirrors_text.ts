import { encodePath } from "../../catalog/encode_path.ts";
import type { ListedMirror } from "../request/list_mirrors.ts";
import type { Answer } from "./answer.ts";
import { NO_SNIFF, NOT_CACHED } from "./headers.ts";

/** Forms of a list of mirrors that programs read line by line. */
export const MIRROR_TEXTS = ["text", "apt", "dnf", "pacman"] as const;

/** One of {@linkcode MIRROR_TEXTS}. */
export type MirrorText = typeof MIRROR_TEXTS[number];

/** @returns a line for the URL of a directory at a mirror; `place` counts from 1 */
const LINES: Readonly<Record<MirrorText, (url: string, place: number) => string>> = {
  text: (url) => url,
  // apt-transport-mirror(1): the smallest number is tried first.
  apt: (url, place) => `${url}\tpriority:${place}`,
  // yum's `mirrorlist`: a base URL a line.
  dnf: (url) => url,
  // pacman.conf(5): pacman puts name and architecture in itself.
  pacman: (url) => `Server = ${url}$repo/os/$arch`,
};

/**
 * Names a directory at a mirror.
 *
 * @param mirror the mirror
 * @param directory decoded path
 * @returns the URL, with a slash at its end
 */
export function directoryUrl({ candidate }: ListedMirror, directory: string): string {
  return candidate.url + (directory === "/" ? "" : `${encodePath(directory).slice(1)}/`);
}

/**
 * Renders a list of mirrors for programs.
 *
 * @param form which programs
 * @param directory decoded path
 * @param listed who serves it, best first
 */
export function renderMirrorsText(
  form: MirrorText,
  directory: string,
  listed: readonly ListedMirror[],
): Answer {
  const lines = listed.map((mirror, i) => LINES[form](directoryUrl(mirror, directory), i + 1));
  return {
    status: 200,
    headers: [["Content-Type", "text/plain; charset=utf-8"], NOT_CACHED, NO_SNIFF],
    body: lines.map((line) => `${line}\n`).join(""),
    tagged: true,
    compressible: true,
  };
}
