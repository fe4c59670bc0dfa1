import { DEFAULT_LOG_MODE } from "../config/log_mode.ts";
import { requirePermission } from "../config/require_permission.ts";
import { messageOf } from "../log/message_of.ts";
import { openFile } from "../log/open_file.ts";

/** A sink for log lines that can be opened again, for rotation. */
export interface LogSink extends Disposable {
  /** Writes whole lines; never throws, never waits for more than the system call. */
  readonly write: (text: string) => void;
  /** Opens the file again by its name. */
  readonly reopen: () => void;
}

/** A log file as a sink. */
export interface FileSink extends LogSink {
  /**
   * Sets the permissions of files that are made from now on, and of the first one, if it was made here:
   * it had to be there before the configuration was read.
   */
  readonly setMode: (mode: number) => void;
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
export function fileSink(path: string, fallback: LogSink): FileSink {
  let mode = DEFAULT_LOG_MODE;
  const isNew = !exists(path);
  let file: Deno.FsFile | null = open(path, mode);
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
        file ??= open(path, mode);
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
    setMode: (wanted) => {
      if (isNew && wanted !== mode) changeMode(path, wanted);
      mode = wanted;
    },
    [Symbol.dispose]: close,
  };
}

function changeMode(path: string, mode: number): void {
  try {
    Deno.chmodSync(path, mode);
  } catch {
    // It was removed meanwhile: the next one is made with this mode.
  }
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

function open(path: string, mode: number): Deno.FsFile {
  try {
    requirePermission({ name: "read", path });
    requirePermission({ name: "write", path });
    return openFile(path, { append: true, mode });
  } catch (error) {
    throw new Error(`Cannot open the log file "${path}": ${messageOf(error)}`, { cause: error });
  }
}
