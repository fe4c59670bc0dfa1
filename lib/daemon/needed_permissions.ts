import type { Config } from "../config/config.ts";
import { daemonPermissions, type Permissions } from "../config/daemon_permissions.ts";
import { DEFAULT_CONFIG_FILE } from "../config/read_config.ts";
import type { DaemonOptions } from "./options.ts";
import { defaultPidFile } from "../config/default_pid_file.ts";
import { SOURCES } from "../process/sources.ts";

/** What decides what a daemon needs. */
export interface NeedsOptions {
  readonly config: Config;
  readonly options: Pick<DaemonOptions, "configFile" | "pidFile" | "logFile">;
  /** Variables of the process. */
  readonly environment: Readonly<Record<string, string>>;
  /** The program that an upgrade starts. */
  readonly executable: string;
  /** Hosts of the mirrors; `null`: mirrors may be anywhere. */
  readonly mirrorHosts: readonly string[] | null;
}

/** Tells what a daemon needs that is started with these options, from this directory. */
export async function neededPermissions(needs: NeedsOptions): Promise<Permissions> {
  const { config, options, environment, executable, mirrorHosts } = needs;
  const workingDirectory = Deno.cwd();
  const absolute = (path: string): string =>
    path.startsWith("/") ? path : `${workingDirectory}/${path}`;
  return daemonPermissions({
    config,
    configFile: absolute(options.configFile ?? DEFAULT_CONFIG_FILE),
    pidFile: absolute(options.pidFile ?? defaultPidFile({ get: (name) => environment[name] })),
    logFile: options.logFile === null ? null : absolute(options.logFile),
    certificates: environment.SSL_CERT_FILE ?? null,
    realRepository: await Deno.realPath(config.repository).catch(() => config.repository),
    executable,
    sources: SOURCES,
    mirrorHosts,
    notifySocket: environment.NOTIFY_SOCKET,
  });
}
