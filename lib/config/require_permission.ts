/**
 * Does nothing where Deno allows something, and throws what Deno throws where it does not. On a
 * terminal Deno itself would ask and wait for an answer, and a server may not wait for that.
 *
 * @throws {Deno.errors.NotCapable}
 */
export function requirePermission(descriptor: Deno.PermissionDescriptor): void {
  if (Deno.permissions.querySync(descriptor).state === "granted") return;
  const { name, ...what } = descriptor;
  const named = Object.values(what).map((value) => ` to "${value}"`).join("");
  throw new Deno.errors.NotCapable(
    `Requires ${name} access${named}, run again with the --allow-${name} flag`,
  );
}
