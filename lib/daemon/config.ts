import { dirname } from "node:path";
import { checkAgents } from "../config/check_agents.ts";
import type { Config } from "../config/config.ts";
import { ConfigError } from "../config/config_error.ts";
import {
  daemonPermissions,
  databaseHosts,
  notifyHosts,
  notifyPrograms,
} from "../config/daemon_permissions.ts";
import { readVariable } from "../config/read_variable.ts";
import { type ReadConfig, readConfig } from "../config/read_config.ts";
import { storePlace } from "../config/store_place.ts";
import type { DaemonOptions } from "./options.ts";
import { loadPageTemplates } from "../http/pages/load_page_templates.ts";
import { hasMd4 } from "../scan/zsync_hasher.ts";
import { isInstalled } from "../process/is_installed.ts";
import { missingPermissions } from "../process/permission_check.ts";
import { SOURCES } from "../process/sources.ts";

/**
 * Reads the configuration that a daemon was told to use, with the page templates that it names.
 *
 * @param options what the command line says
 * @param environment the variables of the process
 * @throws ConfigError when it cannot be used
 */
export async function readDaemonConfig(
  { configFile, repository, listen }: Pick<DaemonOptions, "configFile" | "repository" | "listen">,
  environment: Readonly<Record<string, string>>,
): Promise<ReadConfig> {
  const read = await readConfig({
    configFile: configFile ?? undefined,
    environment,
    variable: (name) => environment[name] ?? readVariable(Deno.env, name),
    flags: { repository: repository ?? undefined, listenAddress: listen ?? undefined },
    workingDirectory: Deno.cwd(),
  });
  await checkAgents(read.config);
  // Not every runtime that this may run on knows it.
  if (read.config.zsync && !hasMd4()) {
    throw new ConfigError(["Zsync cannot be true: this runtime has no MD4, which zsync needs"]);
  }
  const { templates, warnings } = await loadPageTemplates(read.config.templates);
  // The HTTP threads get the templates with the configuration.
  const config = { ...read.config, pageTemplates: templates };
  return { ...read, config, warnings: [...read.warnings, ...warnings] };
}

/**
 * Looks whether Deno allows what a configuration needs, and asks nobody to allow it. What has words
 * of its own when it fails is left to them.
 *
 * @param path where programs are looked for, as in the environment variable PATH; empty: unknown
 * @returns what the daemon can do without, one sentence each
 * @throws Error with what it cannot do without
 */
export async function checkDaemonPermissions(config: Config, path = ""): Promise<string[]> {
  const realRepository = await Deno.realPath(config.repository).catch(() => config.repository);
  const needed = daemonPermissions({
    config: { ...config, geoipDatabasePath: "", templates: null },
    realRepository,
    sources: SOURCES,
    mirrorHosts: [],
    ...{ configFile: "", pidFile: "", logFile: null, certificates: null, executable: "" },
  });
  const spared = [...notifyHosts(config), ...databaseHosts(config)];
  const vital = [
    config.repository,
    realRepository,
    SOURCES?.replace(/\/$/, "") ?? "",
    ...needed.net === true ? [] : needed.net.filter((host) => !spared.includes(host)),
  ];
  if (storePlace(config).type === "embedded") vital.push(dirname(config.databasePath));
  // Only mirrors with rsyncs:// need rsync-ssl; the executable was told where programs may be.
  const rsync = SOURCES === null || path === "" || await isInstalled("rsync", path);
  const run = [...SOURCES === null || !rsync ? [] : ["rsync"], ...notifyPrograms(config)];
  // What is missing for an upgrade alone is told apart.
  const missing = missingPermissions({ ...needed, run, ffi: [] }, {
    isFatal: (name, value) => value === null ? name === "env" : vital.includes(value),
    remedy: SOURCES === null
      ? () =>
        "run `mirrorbits upgrade` or start the program again, which gave up what it did not need"
      : (flag) => `start with ${flag}`,
  });
  const fatal = missing.filter((one) => one.fatal);
  if (fatal.length > 0) throw new Error(fatal.map(({ message }) => message).join("\n"));
  return [...missing.map(({ message }) => message), ...rsync ? [] : [NO_RSYNC]];
}

/** Deno looks for the programs that it may run when it starts. */
const NO_RSYNC =
  "rsync is not installed: mirrors with an rsync URL are not scanned; install it and start again";
