import type { Config } from "./config.ts";
import { ConfigError } from "./config_error.ts";
import { CONFIG_FIELDS, CONFIG_KEYS } from "./config_keys.ts";
import { type ConfigFlags, environmentLayer, fileLayer, flagLayer } from "./config_layers.ts";
import { stateDirectory, withAbsolutePaths } from "./config_paths.ts";
import { parseAddress } from "../net/address_range.ts";
import { formatHostPort } from "../net/host_port.ts";
import { isPrivateAddress } from "../net/private_address.ts";
import { resolveReceivers } from "./resolve_receivers.ts";
import { environmentVariable } from "./environment_variable.ts";

/** Where {@linkcode loadConfig} takes the configuration from. */
export interface ConfigSources {
  /** Name of the configuration file, as it is to appear in messages; `null`: there is none. */
  readonly file: string | null;
  /** What stands in the file, YAML; empty when there is none. */
  readonly text: string;
  /** Environment variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Reads a variable that a value names (`$NAME`); default: one of `environment`. */
  readonly variable?: (name: string) => string | undefined;
  /** What was given on the command line. */
  readonly flags: ConfigFlags;
  /** Absolute path of the working directory: relative paths start there. */
  readonly workingDirectory: string;
}

/** A configuration that can be used, and what should be looked at. */
export interface LoadedConfig {
  /** The configuration. */
  readonly config: Config;
  /** One sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Makes the configuration: for each key the option counts, else the environment variable, else the
 * file, else the default. Every source must be right, also where another one goes before it.
 *
 * @throws ConfigError that lists everything that is wrong, wherever it stands
 */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const { file, text, environment, flags, workingDirectory } = sources;
  const layers = [
    fileLayer(text, file ?? "configuration"),
    environmentLayer(environment),
    flagLayer(flags),
  ];
  const problems = layers.flatMap((layer) => layer.problems);
  const warnings = layers.flatMap((layer) => layer.warnings);
  const config: Config = Object.assign(
    defaults(environment),
    ...layers.map(({ values }) => values),
  );
  const variable = sources.variable ?? ((name) => environment[name]);
  const notify = resolveReceivers(config.notify, variable);
  warnings.push(...notify.warnings, ...publicMetrics(config), ...besideSets(config));
  if (problems.length === 0) problems.push(...missing(config, file, warnings));
  if (problems.length > 0) throw new ConfigError(problems);
  const whole = { ...config, notify: notify.receivers };
  return { config: withAbsolutePaths(whole, workingDirectory), warnings };
}

/**
 * Lists the default of every key.
 *
 * @param environment environment variables, which say where the embedded store lies
 * @returns the configuration of an empty file, but for the repository, which is empty here
 */
export function defaults(environment: ConfigSources["environment"]): Config {
  const values = Object.fromEntries(
    CONFIG_FIELDS.map((field) => [field, CONFIG_KEYS[field].defaultValue]),
  ) as unknown as Config;
  return { ...values, databasePath: `${stateDirectory(environment)}/mirrorbits.db` };
}

/** Warns where anybody may read the metrics. */
function publicMetrics({ metricsListenAddress }: Pick<Config, "metricsListenAddress">): string[] {
  if (metricsListenAddress === null) return [];
  const { hostname } = metricsListenAddress;
  const everywhere = ["::", "0.0.0.0"].includes(hostname);
  if (!everywhere && (parseAddress(hostname) === null || isPrivateAddress(hostname))) return [];
  const where = formatHostPort(metricsListenAddress);
  return [
    `MetricsListenAddress ${where} is public, and has no password: whoever reaches it reads the metrics`,
  ];
}

/** Names what does not apply below metadata sets: what fits together comes from one place. */
function besideSets(
  { metadataSets, allowOutdatedFiles, embargo, serveLocally }: Pick<
    Config,
    "metadataSets" | "allowOutdatedFiles" | "embargo" | "serveLocally"
  >,
): string[] {
  if (metadataSets.length === 0) return [];
  const keys: string[] = [];
  if (allowOutdatedFiles.length > 0) keys.push("AllowOutdatedFiles");
  if (embargo.length > 0) keys.push("Embargo");
  if (serveLocally !== null && serveLocally.below > 0) keys.push("ServeLocally.Below");
  if (serveLocally !== null && serveLocally.patterns.length > 0) keys.push("ServeLocally.Patterns");
  const is = keys.length === 1 ? "does" : "do";
  return keys.length === 0
    ? []
    : [`${keys.join(", ")} ${is} not apply below MetadataSets: their files come from one place`];
}

/** What has no default and was not given. */
function missing(config: Config, file: string | null, warnings: readonly string[]): string[] {
  const problems: string[] = [];
  if (config.repository === "") {
    const where = file === null ? "a configuration file (-config FILE)" : `"${file}"`;
    problems.push(
      `Repository is not set: give -repository DIR, or the key Repository in ${where}, ` +
        `or the environment variable ${environmentVariable("Repository")}`,
    );
  }
  if (config.redisSentinels.length > 0 && config.redisSentinelMasterName === "") {
    problems.push("RedisSentinelMasterName is not set: RedisSentinels cannot be asked without it");
  }
  const { geoipUpdate, geoipAccountId, geoipLicenseKey } = config;
  if (geoipUpdate === "maxmind" && (geoipAccountId === "" || geoipLicenseKey === "")) {
    const key = geoipAccountId === "" ? "GeoipAccountID" : "GeoipLicenseKey";
    problems.push(`${key} is not set: MaxMind gives its databases to those who have an account`);
  }
  // What is missing may just have been misspelt.
  return problems.length > 0 ? [...problems, ...warnings] : [];
}
