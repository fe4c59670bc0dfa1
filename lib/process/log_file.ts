import { requirePermission } from "../config/require_permission.ts";
import { messageOf } from "../log/message_of.ts";
/** A sink for log lines that can be opened again, for rotation. */
export interface LogSink extends Disposable {
  /** Writes whole lines; never throws, never waits for more than the system call. */
  readonly write: (text: string) => void;
  /** Opens the file again by its name. */
  readonly reopen: () => void;
}

/**
 * Writes all of `bytes` to a file.
 *
 * @param progress called with what is left after each step
 */
function writeAll(
  file: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
  progress?: (rest: Uint8Array) => void,
): void {
  let rest = bytes;
  while (rest.length > 0) {
    rest = rest.subarray(file.writeSync(rest));
    progress?.(rest);
  }
}

const encoder = new TextEncoder();

/**
 * A file as a sink, appended to. While it cannot be written, lines go to `fallback`, after one line
 * that says so; each line tries the file again, under its name if it was removed meanwhile.
 *
 * @param path the file; its directory must exist
 * @throws Error when it cannot be opened at first
 */
export function fileSink(path: string, fallback: LogSink): LogSink {
  let file: Deno.FsFile | null = open(path);
  let failing = false;
  /** Whether a line ended in the middle, as on a full disk. */
  let torn = false;
  const close = (): void => {
    file?.close();
    file = null;
  };
  return {
    write: (text) => {
      try {
        // What is written to a file that has no name any more nobody would see.
        if (file !== null && file.statSync().nlink === 0) close();
        file ??= open(path);
        const bytes = encoder.encode(torn ? `\n${text}` : text);
        writeAll(file, bytes, ({ length }) => torn = length > 0);
        failing = false;
      } catch (error) {
        close();
        if (!failing) fallback.write(`Cannot write the log file "${path}": ${messageOf(error)}\n`);
        failing = true;
        fallback.write(text);
      }
    },
    reopen: close,
    [Symbol.dispose]: close,
  };
}

function open(path: string): Deno.FsFile {
  try {
    requirePermission({ name: "read", path });
    requirePermission({ name: "write", path });
    return Deno.openSync(path, { append: true, create: true });
  } catch (error) {
    throw new Error(`Cannot open the log file "${path}": ${messageOf(error)}`, { cause: error });
  }
}
