import type { CommandContext } from "./command.ts";
import type { FoundConfig } from "./environment.ts";

/**
 * Reads the configuration as the daemon would, where its other options do not matter.
 *
 * @param file its path; empty: the default
 * @throws {ConfigError}
 */
export async function configAlone(
  file: string,
  { readConfig }: Pick<CommandContext, "readConfig">,
): Promise<FoundConfig> {
  return await readConfig({ config: file, listen: "", log: "", p: "", repository: "" });
}
