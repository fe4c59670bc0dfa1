import { LIBC_PATHS } from "../config/libc_paths.ts";
import { V8_FLAGS } from "../config/v8_flags.ts";
import { replaceProcess } from "../process/replace_process.ts";

/** Where Deno looks for options of V8 besides its command line. */
const VARIABLE = "DENO_V8_FLAGS";

/** What {@linkcode withV8Flags} works with. */
export interface V8FlagsOptions {
  /** Variables of the process. */
  readonly environment: Pick<Deno.Env, "get" | "set" | "delete">;
  /** Reads a file. */
  readonly read: (path: string) => string;
  /** Whether Deno may load a library, without asking. */
  readonly mayLoad: (library: string) => boolean;
  /** Has a program take the place of this one; throws when it cannot. */
  readonly replace: (library: string, program: string, args: readonly string[]) => void;
  /** File of the program that runs. */
  readonly program: () => string;
}

/** The options as Deno takes them there. */
const FLAGS = V8_FLAGS.slice(V8_FLAGS.indexOf("=") + 1);

/**
 * Starts this process anew with the options of V8 that the daemon is made for, when it was started
 * with none: V8 takes them at its start only, and by its own each busy thread keeps some 60 MB more.
 * Whoever gives other options keeps them; where it cannot be, everything goes on as it is. Deno lets
 * only those who may do everything (`-A`) read their own command line.
 */
export function withV8Flags(
  { environment, read, mayLoad, replace, program }: V8FlagsOptions,
): void {
  try {
    const given = environment.get(VARIABLE);
    // They are for this process, not for the programs that it runs.
    if (given === FLAGS) environment.delete(VARIABLE);
    if (given) return;
    const args = read("/proc/self/cmdline").split("\0").slice(0, -1);
    if (args.length === 0 || args.some((arg) => arg.startsWith("--v8-flags"))) return;
    environment.set(VARIABLE, FLAGS);
    for (const library of LIBC_PATHS.filter(mayLoad)) {
      try {
        replace(library, program(), args);
      } catch {
        // It is not there, as on most systems, or the system does not let it.
      }
    }
    environment.delete(VARIABLE);
  } catch {
    // Not Linux, or Deno may not read this.
  }
}

/** Does that for this process, where nobody has to be asked for a permission. */
export function startWithV8Flags(): void {
  const needed = ["read", "env"] as const;
  if (needed.some((name) => Deno.permissions.querySync({ name }).state !== "granted")) return;
  withV8Flags({
    environment: Deno.env,
    read: Deno.readTextFileSync,
    mayLoad: (path) => Deno.permissions.querySync({ name: "ffi", path }).state === "granted",
    replace: replaceProcess,
    program: Deno.execPath,
  });
}
