import type { Permissions } from "../config/daemon_permissions.ts";

/**
 * Writes permissions as Deno takes them for a worker; what they do not name is not allowed.
 *
 * @param permissions what the worker may do; no more than the thread that starts it
 */
export function workerPermissions(permissions: Permissions): Deno.PermissionOptionsObject {
  const list = (values: readonly string[] | true): boolean | string[] =>
    values === true || (values.length > 0 && [...values]);
  return {
    read: list(permissions.read),
    write: list(permissions.write),
    net: list(permissions.net),
    run: list(permissions.run),
    env: list(permissions.env),
    sys: permissions.sys.length === 0 ? false : ["hostname"],
    ffi: false,
    import: false,
  };
}
