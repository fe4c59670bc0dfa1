import { daemonPermissions } from "../../lib/config/daemon_permissions.ts";
import { defaultPidFile } from "../../lib/config/default_pid_file.ts";
import { forThisRuntime } from "../../lib/config/runtime_permissions.ts";
import { V8_FLAGS } from "../../lib/config/v8_flags.ts";
import { ControlClient } from "../../lib/control/client.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { DAEMON_FLAGS } from "../daemon_flags.ts";
import { booleanFlag } from "../flags.ts";
import { mirrorHosts } from "../../lib/control/mirror_hosts.ts";
import { permissionFlags } from "../../lib/config/permission_flags.ts";

/** `permissions`: what Deno has to allow the daemon. */
export default defineCommand({
  name: "permissions",
  group: "local",
  usage: "[OPTIONS]",
  summary: "Print the permissions that the daemon needs",
  description: "Print the Deno permission flags that the daemon needs with a configuration",
  details: "Give the options that the daemon is started with. Mirrors may be anywhere, so the\n" +
    "daemon may connect to any host, unless -known-mirrors names those that the running\n" +
    "daemon has: a mirror elsewhere then needs a restart with new flags. Hosts of GeoipUpdate,\n" +
    "Notify, CheckProxy and the store are named beside them.",
  examples: [
    [
      "deno run $(mirrorbits permissions -config F) main.ts daemon -config F",
      "start the daemon with these permissions and no other",
    ],
  ],
  flags: {
    ...DAEMON_FLAGS,
    json: booleanFlag("Print the permissions as JSON"),
    "known-mirrors": booleanFlag("Only the hosts of the mirrors that the running daemon has"),
  },
  operands: [0, 0],
  run: async ({ flags }, context) => {
    const { output } = context;
    const { config, configFile, warnings } = await context.readConfig(flags);
    for (const warning of warnings) output.errorLine(`Warning: ${warning}`);
    const permissions = forThisRuntime(daemonPermissions({
      config,
      configFile,
      pidFile: context.absolutePath(flags.p || defaultPidFile({ get: context.variable })),
      logFile: flags.log ? context.absolutePath(flags.log) : null,
      certificates: context.variable("SSL_CERT_FILE") ?? null,
      realRepository: await context.realPath(config.repository),
      executable: context.program[0] ?? "",
      sources: context.sources,
      mirrorHosts: flags["known-mirrors"] ? await knownHosts(config, context) : null,
      notifySocket: context.variable("NOTIFY_SOCKET"),
    }));
    if (flags.json) output.json(permissions);
    // A daemon on a terminal would wait for an answer that nobody gives.
    else {
      for (const flag of ["--no-prompt", V8_FLAGS, ...permissionFlags(permissions)]) {
        output.line(flag);
      }
    }
    return 0;
  },
});

/** The hosts of the mirrors that the daemon with this configuration has. */
async function knownHosts(
  { rpcListenAddress, rpcPassword: password }: {
    readonly rpcListenAddress: { readonly hostname: string; readonly port: number };
    readonly rpcPassword: string;
  },
  { bypassProxy, fetch, after }: CommandContext,
): Promise<string[]> {
  const everywhere = ["::", "0.0.0.0"].includes(rpcListenAddress.hostname);
  const hostname = everywhere ? "localhost" : rpcListenAddress.hostname;
  bypassProxy(hostname);
  const { port } = rpcListenAddress;
  const options = { hostname, port, password, fetch, clock: { after } };
  const mirrors = await new ControlClient(options).list();
  return mirrors.flatMap(mirrorHosts);
}
