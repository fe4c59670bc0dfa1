import { Daemon } from "../support/daemon.ts";
import { originalProgram } from "../tools/original.ts";

/** What a test of this folder is registered with: it is ignored where there is no original. */
export const WITH_ORIGINAL = {
  ignore: originalProgram() === null,
} as const;

/** Makes a daemon run the original, its command line included. @returns the same daemon */
export function asOriginal(daemon: Daemon): Daemon {
  daemon.command = daemon.cliCommand = [originalProgram()!];
  return daemon;
}

/** Makes a daemon run this program. @returns the same daemon */
export function asOurs(daemon: Daemon): Daemon {
  daemon.command = daemon.cliCommand = Daemon.command;
  return daemon;
}
