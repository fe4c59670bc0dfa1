import type { GrantedPermissions } from "./daemon_permissions.ts";

/** Writes permissions as options of `deno run`. */
export function permissionFlags(permissions: GrantedPermissions): string[] {
  return Object.entries(permissions).flatMap(([name, values]: [string, readonly string[] | true]) =>
    values === true
      ? [`--allow-${name}`]
      // Without a value, it would allow everything.
      : values.length === 0
      ? []
      // A comma in a path is written twice.
      : [`--allow-${name}=${values.map((value) => value.replaceAll(",", ",,")).join(",")}`]
  );
}
