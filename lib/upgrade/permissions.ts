import { LIBC_PATHS } from "../config/libc_paths.ts";
import { isPassingPlace } from "../config/passing_place.ts";

/** What an upgrade asks of Deno. */
export interface UpgradePermissions {
  /** The program that it starts. */
  readonly executable: string;
  /** Default: Deno's own, which asks nobody. */
  readonly query?: (
    descriptor: Deno.PermissionDescriptor,
  ) => Pick<Deno.PermissionStatus, "state">;
}

/**
 * Finds what Deno does not allow of an upgrade: a daemon works without it, and is better told before. Under
 * npx nobody expects one.
 *
 * @returns one sentence for each permission, with the flag to add
 */
export function missingForUpgrade(
  { executable, query = (descriptor) => Deno.permissions.querySync(descriptor) }:
    UpgradePermissions,
): string[] {
  const granted = (descriptor: Deno.PermissionDescriptor): boolean =>
    query(descriptor).state === "granted";
  const missing: string[] = [];
  if (!isPassingPlace(executable) && !granted({ name: "run", command: executable })) {
    missing.push(
      `Upgrades without a restart are off: they need --allow-run=${
        executable.replaceAll(",", ",,")
      }`,
    );
  }
  // One of them is there.
  if (!LIBC_PATHS.some((path) => granted({ name: "ffi", path }))) {
    missing.push(
      `Upgrades may reset connections: to hand them over needs --allow-ffi=${LIBC_PATHS}`,
    );
  }
  return missing;
}
