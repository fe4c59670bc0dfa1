import type { DiskAnswer, OddNames, Repository } from "./repository.ts";

/** The repository on this machine's disk. */
export const repositoryDisk: Repository = { lookup, oddNames };

async function lookup(root: string, path: string): Promise<DiskAnswer> {
  let realRoot: string;
  let real: string;
  let info: Deno.FileInfo;
  try {
    // The root may be a link that is moved from one snapshot to the next.
    realRoot = await Deno.realPath(root);
    real = await Deno.realPath(root + path);
    const below = realRoot === "/" || real === realRoot || real.startsWith(`${realRoot}/`);
    if (!below) return { type: "outside", path };
    // By the name that Deno allows: the link may lead out of what it does.
    info = await Deno.stat(root + path);
  } catch (error) {
    return { type: answerFor(error), path };
  }
  const found = real.slice(realRoot === "/" ? 0 : realRoot.length) || "/";
  if (info.isFile) return { type: "file", path: found };
  return info.isDirectory ? { type: "directory", path: found } : { type: "missing", path };
}

async function oddNames(root: string, path: string): Promise<OddNames> {
  const names = new Map<string, "file" | "directory">();
  try {
    for await (const { name, isDirectory } of Deno.readDir(root + path)) {
      // Deno knows names as text only.
      if (name.includes("\ufffd")) names.set(name, isDirectory ? "directory" : "file");
    }
  } catch (error) {
    answerFor(error);
  }
  return names;
}

/** @throws the error itself when it does not say anything about the path */
function answerFor(error: unknown): "missing" | "outside" {
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return "outside";
  }
  if (
    error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory ||
    error instanceof Deno.errors.FilesystemLoop || hasCode(error, "ENAMETOOLONG") ||
    hasCode(error, "ELOOP")
  ) {
    return "missing";
  }
  throw error;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
