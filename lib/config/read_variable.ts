import type { ProcessEnvironment } from "./read_environment.ts";
import { requirePermission } from "./require_permission.ts";

/**
 * Reads one variable of the environment.
 *
 * @param environment of the process
 * @param name of the variable
 * @returns `undefined` when it is not set, or may not be read: nobody is asked to allow that
 */
export function readVariable(
  environment: Pick<ProcessEnvironment, "get">,
  name: string,
): string | undefined {
  try {
    requirePermission({ name: "env", variable: name });
    return environment.get(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}
