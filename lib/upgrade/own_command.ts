import { fileURLToPath } from "node:url";
import type { Permissions } from "../config/daemon_permissions.ts";
import { permissionFlags } from "../config/permission_flags.ts";
import { V8_FLAGS } from "../config/v8_flags.ts";
import { allowedPermissions } from "../process/permission_check.ts";

/** A command that starts this program again, as its file is now. */
export interface OwnCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * Makes the command that starts this program again with the same arguments. Deno does not tell the
 * options that it was started with; the permissions are those that were given, as far as the daemon
 * needs them.
 *
 * @param executable the program that runs, as it was named when it was started
 * @param needed what the daemon needs
 * @param args the command line without the program's name
 */
export function ownCommand(
  executable: string,
  needed: Permissions,
  args: readonly string[],
): OwnCommand {
  if (Deno.build.standalone) return { program: executable, args };
  const main = fileURLToPath(new URL("../../main.ts", import.meta.url));
  const flags = permissionFlags(allowedPermissions(needed));
  return {
    program: executable,
    args: ["run", "--quiet", "--no-prompt", V8_FLAGS, ...flags, main, ...args],
  };
}
