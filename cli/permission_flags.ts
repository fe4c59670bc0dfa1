import type { Permissions } from "../lib/config/daemon_permissions.ts";

/** Writes permissions as options of `deno run`. */
export function permissionFlags(permissions: Permissions): string[] {
  return Object.entries(permissions).map(([name, values]: [string, readonly string[] | true]) =>
    // A comma in a path is written twice.
    values === true
      ? `--allow-${name}`
      : `--allow-${name}=${values.map((value) => value.replaceAll(",", ",,")).join(",")}`
  );
}
