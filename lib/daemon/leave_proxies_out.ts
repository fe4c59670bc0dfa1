import { PROXY_VARIABLES } from "../config/proxy_variables.ts";
import { requirePermission } from "../config/require_permission.ts";

/**
 * Forgets the proxies that the environment names: a proxy says how it reaches a mirror, not how clients
 * do. Clients that were made before keep theirs.
 *
 * @param environment variables of the process
 */
export function leaveProxiesOut(environment: Pick<Deno.Env, "delete">): void {
  for (const name of PROXY_VARIABLES) {
    try {
      // Deno would ask whoever sits there.
      requirePermission({ name: "env", variable: name });
      environment.delete(name);
    } catch (error) {
      // Started with fewer permissions than `mirrorbits permissions` tells.
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
    }
  }
}
