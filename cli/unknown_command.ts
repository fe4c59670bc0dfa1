import type { CommandContext } from "./command.ts";
import { meantWord } from "./meant_word.ts";
import { HOW_TO_GET_HELP } from "./usage.ts";

/**
 * Says that there is no such command, what may have been meant, and which there are.
 *
 * @param what what was looked for
 * @param words what could have been written
 */
export function unknownCommand(
  name: string,
  { commands, output }: Pick<CommandContext, "commands" | "output">,
  what = "Command",
  words: readonly string[] = commands.names,
): void {
  const meant = meantWord(name, words);
  output.error(`${what} not found: ${name}`, meant === null ? null : `Did you mean "${meant}"?`);
  output.errorWrite(HOW_TO_GET_HELP);
}
