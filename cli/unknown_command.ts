import type { CommandContext } from "./command.ts";
import { meantWord } from "./meant_word.ts";
import { programUsage } from "./usage.ts";

/** Says that there is no such command, what may have been meant, and which there are. */
export async function unknownCommand(
  name: string,
  { commands, output }: Pick<CommandContext, "commands" | "output">,
): Promise<void> {
  const meant = meantWord(name, commands.names);
  output.error(`Command not found: ${name}`, meant === null ? null : `Did you mean "${meant}"?`);
  output.errorLine();
  output.errorWrite(programUsage(await commands.all()));
}
