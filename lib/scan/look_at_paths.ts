import type { ListedFile } from "../catalog/file.ts";

/** What stands at a path of the repository. */
export interface SeenPath {
  readonly path: string;
  /** `null`: there is no regular file. */
  readonly file: ListedFile | null;
  /** Where a link leads to in the repository; empty: nowhere, or out of it; `null`: it is no link. */
  readonly link: string | null;
}

/** Paths that are looked at in one go, at most; of more a scan makes less trouble for others. */
const MOST = 20_000;

/**
 * Looks at paths, and at what is in those that are directories.
 *
 * @param repository absolute path without a trailing slash
 * @param paths with a leading slash
 * @returns what is there now, each path once; `null` when a scan is needed: there are too many, or
 *   one cannot be read, or the repository itself is not there
 */
export function lookAtPaths(repository: string, paths: readonly string[]): SeenPath[] | null {
  const seen = new Map<string, SeenPath>();
  const waiting = [...paths];
  try {
    const root = Deno.realPathSync(repository);
    for (let path; (path = waiting.pop()) !== undefined;) {
      if (seen.has(path)) continue;
      if (seen.size >= MOST) return null;
      const info = lstat(root + path);
      seen.set(path, {
        path,
        file: info?.isFile
          ? { path, size: info.size, modTime: info.mtime?.getTime() ?? null }
          : null,
        link: info?.isSymlink ? leadsTo(root, path) : null,
      });
      if (!info?.isDirectory) continue;
      for (const { name } of Deno.readDirSync(root + path)) waiting.push(`${path}/${name}`);
    }
    // A disk that was unmounted meanwhile must not take files out of the index.
    Deno.statSync(root);
  } catch {
    return null;
  }
  return [...seen.values()];
}

function lstat(path: string): Deno.FileInfo | null {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

function leadsTo(root: string, path: string): string {
  try {
    const target = Deno.realPathSync(root + path);
    if (target === root) return "/";
    return target.startsWith(`${root}/`) ? target.slice(root.length) : "";
  } catch {
    // It leads nowhere, or in circles.
    return "";
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}
