import { dirname } from "node:path";
import { requirePermission } from "../config/require_permission.ts";
import type { Log } from "../log/log.ts";
import { openFile } from "../log/open_file.ts";
import { messageOf } from "../log/message_of.ts";

/** Who wants a PID file. */
export interface PidFileOptions {
  /** The process ID. */
  readonly pid: number;
  /** Whether somebody named the path. Where nobody did and its directory is not there, nobody looks for it. */
  readonly named: boolean;
  readonly log: Pick<Log, "warn">;
}

/**
 * Writes the process ID to a file, and removes the file when disposed of if it is still ours. A file
 * that cannot be written is a warning: the daemon runs without it.
 *
 * @param path of the file
 * @param options what is written, and whether it was asked for
 * @returns what removes it
 */
export function writePidFile(path: string, { pid, named, log }: PidFileOptions): Disposable {
  if (!named && !isDirectory(dirname(path))) return { [Symbol.dispose]: () => {} };
  try {
    requirePermission({ name: "write", path });
    requirePermission({ name: "read", path });
    using file = openFile(path, { mode: 0o644 });
    file.truncateSync(0);
    file.writeSync(new TextEncoder().encode(`${pid}\n`));
  } catch (error) {
    log.warn(`Cannot write the PID file "${path}": ${reasonOf(error)}`);
    return { [Symbol.dispose]: () => {} };
  }
  return {
    [Symbol.dispose]: () => {
      try {
        requirePermission({ name: "read", path });
        if (Number(Deno.readTextFileSync(path)) === pid) Deno.removeSync(path);
      } catch {
        // Someone removed it already, or another process owns it now.
      }
    },
  };
}

function isDirectory(path: string): boolean {
  try {
    requirePermission({ name: "read", path });
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) {
    return "its directory is not there; make it, or name another file with -p FILE";
  }
  return messageOf(error);
}
