import { ControlClient } from "../lib/control/client.ts";
import type { Environment } from "./environment.ts";
import { UsageError } from "./flags.ts";
import { GLOBAL_FLAGS, type GlobalFlags } from "./global_flags.ts";

/**
 * Makes the client for the daemon that options or environment name.
 *
 * @param flags the options before the command
 * @throws {UsageError} when the port is none
 */
export async function connect(
  flags: GlobalFlags,
  { variable, readSecret, fetch, bypassProxy, after }: Pick<
    Environment,
    "variable" | "readSecret" | "fetch" | "bypassProxy" | "after"
  >,
): Promise<ControlClient> {
  const given = <T>(value: T, byDefault: T, name: string, form = /./): T | string => {
    const set = variable(name) ?? "";
    return value === byDefault && form.test(set) ? set : value;
  };
  const { h, p, P } = GLOBAL_FLAGS;
  const hostname = given(flags.h, h.byDefault, "MIRRORBITS_HOST");
  // Kubernetes sets it to tcp://ADDRESS:PORT where a service has that name.
  const written = given(flags.p, p.byDefault, "MIRRORBITS_PORT", /^-?\d+$/);
  const port = Number(written);
  if (!(Number.isInteger(port) && port >= 1 && port <= 65535)) {
    throw new UsageError(`The port must be a number from 1 to 65535, found ${written}`);
  }
  let password = given(flags.P, P.byDefault, "MIRRORBITS_PASSWORD");
  if (flags.a) password = await readSecret("Password: ") ?? "";
  const user = given(flags.user, "", "MIRRORBITS_USER");
  bypassProxy(hostname);
  return new ControlClient({ hostname, port, password, user, fetch, clock: { after } });
}

/** The client of a command that needs no daemon: whatever it asked would fail. */
export function noClient({ fetch, after }: Pick<Environment, "fetch" | "after">): ControlClient {
  return new ControlClient({
    hostname: "localhost",
    port: 1,
    password: "",
    fetch,
    clock: { after },
  });
}
