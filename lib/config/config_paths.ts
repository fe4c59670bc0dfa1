import type { Config } from "./config.ts";

/**
 * Finds the directory for what lasts: as systemd says, else as the XDG base directory specification
 * does, else the system's.
 *
 * @param environment environment variables
 * @returns without a trailing slash
 */
export function stateDirectory(
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const { STATE_DIRECTORY, XDG_STATE_HOME, HOME } = environment;
  // systemd lists several directories with colons between them.
  const given = STATE_DIRECTORY?.split(":")[0];
  if (given) return withoutTrailingSlash(given);
  // The specification has relative paths ignored.
  if (XDG_STATE_HOME?.startsWith("/")) {
    return `${withoutTrailingSlash(XDG_STATE_HOME)}/mirrorbits`;
  }
  if (HOME?.startsWith("/")) return `${withoutTrailingSlash(HOME)}/.local/state/mirrorbits`;
  return "/var/lib/mirrorbits";
}

/**
 * Makes every path of a configuration absolute.
 *
 * @param workingDirectory absolute: where relative paths start
 */
export function withAbsolutePaths(config: Config, workingDirectory: string): Config {
  const absolute = (path: string): string =>
    path.startsWith("/") ? path : `${withoutTrailingSlash(workingDirectory)}/${path}`;
  const { listenAddress, unixSocketMode } = config;
  return {
    ...config,
    repository: config.repository && normalise(absolute(config.repository)),
    templates: config.templates && absolute(config.templates),
    logDir: config.logDir && absolute(config.logDir),
    geoipDatabasePath: config.geoipDatabasePath && absolute(config.geoipDatabasePath),
    databasePath: absolute(config.databasePath),
    redisTls: typeof config.redisTls === "string" ? absolute(config.redisTls) : config.redisTls,
    listenAddress: listenAddress.transport === "unix"
      ? {
        transport: "unix",
        path: absolute(listenAddress.path),
        ...(unixSocketMode === null ? {} : { mode: unixSocketMode }),
      }
      : listenAddress,
  };
}

/** Drops `.`, `..`, empty segments and the trailing slash of an absolute path. */
function normalise(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return `/${segments.join("/")}`;
}

function withoutTrailingSlash(path: string): string {
  return path.replace(/\/+$/, "");
}
