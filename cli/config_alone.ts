import type { CommandContext } from "./command.ts";
import type { FoundConfig } from "./environment.ts";

/**
 * Reads the configuration as the daemon would, where its other options do not matter.
 *
 * @param file its path; empty: the default
 * @param repository stands for the Repository where that does not matter either, and the daemon may have
 *   been given it as an option; default: the configuration must have one
 * @throws {ConfigError}
 */
export async function configAlone(
  file: string,
  { readConfig }: Pick<CommandContext, "readConfig">,
  repository = "",
): Promise<FoundConfig> {
  return await readConfig({ config: file, listen: "", log: "", p: "", repository });
}
