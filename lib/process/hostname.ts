import { requirePermission } from "../config/require_permission.ts";
/** The name of this machine, or `localhost` where Deno may not ask for it. */
export function hostname(): string {
  try {
    requirePermission({ name: "sys", kind: "hostname" });
    return Deno.hostname();
  } catch {
    return "localhost";
  }
}
