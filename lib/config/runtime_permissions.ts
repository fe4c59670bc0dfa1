import type { Permissions } from "./daemon_permissions.ts";

/**
 * Writes permissions in the words of the Deno that runs: one before 2.9 lets a Unix socket be used by
 * whoever may read and write it, and does not understand when a network permission names one.
 *
 * @param permissions what is needed
 * @param knowsUnixSockets whether network permissions may name Unix sockets; default: found out
 */
export function forThisRuntime(
  permissions: Permissions,
  knowsUnixSockets: () => boolean = runtimeKnowsUnixSockets,
): Permissions {
  const { net } = permissions;
  const isUnix = (value: string): boolean => value.startsWith("unix:");
  if (net === true || !net.some(isUnix) || knowsUnixSockets()) return permissions;
  return { ...permissions, net: net.filter((value) => !isUnix(value)) };
}

let known: boolean | null = null;

/** Asks for a thread with such a permission: what is not understood is refused at once. */
function runtimeKnowsUnixSockets(): boolean {
  if (known !== null) return known;
  try {
    new Worker("data:text/javascript,", {
      type: "module",
      deno: { permissions: { net: ["unix:/"] } },
    }).terminate();
    known = true;
  } catch (error) {
    // A permission that this thread cannot pass on is understood.
    known = error instanceof Deno.errors.NotCapable;
  }
  return known;
}
