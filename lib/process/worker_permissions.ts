import type { Permissions } from "../config/daemon_permissions.ts";
import { forThisRuntime } from "../config/runtime_permissions.ts";

/**
 * Writes permissions as Deno takes them for a worker; what they do not name is not allowed.
 *
 * @param needed what the worker may do; no more than the thread that starts it
 */
export function workerPermissions(needed: Permissions): Deno.PermissionOptionsObject {
  const permissions = forThisRuntime(needed);
  const list = (values: readonly string[] | true): boolean | string[] =>
    values === true || (values.length > 0 && [...values]);
  return {
    read: list(permissions.read),
    write: list(permissions.write),
    net: list(permissions.net),
    run: list(permissions.run),
    env: list(permissions.env),
    sys: permissions.sys.length === 0 ? false : permissions.sys as ("hostname" | "osUptime")[],
    ffi: list(permissions.ffi),
    import: false,
  };
}
