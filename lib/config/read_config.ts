import { messageOf } from "../log/message_of.ts";
import { ConfigError } from "./config_error.ts";
import type { ConfigFlags } from "./config_layers.ts";
import { type ConfigSources, loadConfig, type LoadedConfig } from "./load_config.ts";
import { requirePermission } from "./require_permission.ts";

/** Read when no other file is named. */
export const DEFAULT_CONFIG_FILE = "/etc/mirrorbits.conf";

/** What {@linkcode readConfig} goes by. */
export interface ReadConfigOptions extends Omit<ConfigSources, "file" | "text"> {
  /** Path given with `-config`, which must exist; without it, the default file if that exists. */
  readonly configFile?: string | undefined;
  /** Default {@linkcode DEFAULT_CONFIG_FILE}. */
  readonly defaultFile?: string;
  /** What was given on the command line. */
  readonly flags: ConfigFlags;
}

/** A configuration and the file that it came from. */
export interface ReadConfig extends LoadedConfig {
  /** `null`: there was none. */
  readonly file: string | null;
}

/**
 * Reads the configuration file, if there is one, and makes the configuration.
 *
 * @throws ConfigError when the file cannot be read or the configuration cannot be used
 */
export async function readConfig(options: ReadConfigOptions): Promise<ReadConfig> {
  const { configFile, defaultFile = DEFAULT_CONFIG_FILE, ...sources } = options;
  const file = configFile ?? defaultFile;
  let text = "";
  try {
    requirePermission({ name: "read", path: file });
    text = decode(await Deno.readFile(file), file);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    if (configFile !== undefined) {
      throw new ConfigError([`Cannot read "${file}": ${reason(error, file)}`], { cause: error });
    }
    const loaded = loadConfig({ ...sources, file: null, text });
    if (error instanceof Deno.errors.NotFound) return { ...loaded, file: null };
    const warning = `Cannot read "${file}", going on without it: ${reason(error, file)}`;
    return { ...loaded, file: null, warnings: [warning, ...loaded.warnings] };
  }
  return { ...loadConfig({ ...sources, file, text }), file };
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ConfigError([`Cannot read "${file}": It is not text in UTF-8`], { cause: error });
  }
}

/** Says why a file cannot be read and what to do. */
function reason(error: unknown, file: string): string {
  if (error instanceof Deno.errors.NotFound) return "There is no such file";
  if (error instanceof Deno.errors.NotCapable) {
    return `Deno may not read it, allow that with --allow-read=${file}`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "The user that runs this program may not read it";
  }
  if (error instanceof Deno.errors.IsADirectory) return "It is a directory";
  return messageOf(error);
}
