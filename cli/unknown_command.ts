import { COMMAND_NAMES, loadCommands } from "./commands.ts";
import type { Environment } from "./environment.ts";
import { meantWord } from "./meant_word.ts";
import { programUsage } from "./usage.ts";

/** Says that there is no such command, what may have been meant, and which there are. */
export async function unknownCommand(
  name: string,
  { output }: Pick<Environment, "output">,
): Promise<void> {
  output.line(`Error: Command not found: ${name}`);
  const meant = meantWord(name, COMMAND_NAMES);
  if (meant !== null) output.line(`Did you mean "${meant}"?`);
  output.line();
  output.errorWrite(programUsage(await loadCommands()));
}
