import { CONFIG_FIELDS, CONFIG_KEYS } from "./config_keys.ts";
import { requirePermission } from "./require_permission.ts";
import { environmentVariable } from "./environment_variable.ts";

/** Variables that count beside those of the configuration's keys; most say where things lie. */
const OTHERS = [
  ...["STATE_DIRECTORY", "XDG_STATE_HOME", "HOME"],
  ...["NO_COLOR", "PATH", "SSL_CERT_FILE", "XDG_RUNTIME_DIR"],
  ...["NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_FDS", "LISTEN_PID"],
  ...["MIRRORBITS_TAKEOVER", "OTEL_DENO_CONSOLE"],
];

/** The environment of a process, as Deno gives it. */
export interface ProcessEnvironment {
  get(name: string): string | undefined;
  toObject(): Record<string, string>;
}

/**
 * Reads the variables that the configuration goes by. Where not every variable may be read, those are
 * asked for one by one, and those among them that may not be read count as not set.
 *
 * @param allowed throws what Deno throws where something is not allowed; default: asks Deno
 * @returns the whole environment where that is allowed: misspelt names can be found in it
 */
export function readEnvironment(
  environment: ProcessEnvironment,
  allowed: (descriptor: Deno.EnvPermissionDescriptor) => void = requirePermission,
): Record<string, string> {
  const read = <T>(get: () => T): T | undefined => {
    try {
      return get();
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) return undefined;
      throw error;
    }
  };
  const everything = read(() => {
    allowed({ name: "env" });
    return environment.toObject();
  });
  if (everything) return everything;
  const keys = CONFIG_FIELDS.map((field) => environmentVariable(CONFIG_KEYS[field].name));
  const values: Record<string, string> = {};
  for (const name of [...keys, ...OTHERS]) {
    const value = read(() => {
      allowed({ name: "env", variable: name });
      return environment.get(name);
    });
    if (value !== undefined) values[name] = value;
  }
  return values;
}
