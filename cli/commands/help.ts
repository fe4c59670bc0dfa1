import { defineCommand } from "../command.ts";
import { COMMAND_NAMES, loadCommand, loadCommands } from "../commands.ts";
import { booleanFlag } from "../flags.ts";
import { unknownCommand } from "../unknown_command.ts";
import { commandHelp, programUsage } from "../usage.ts";

/** `help`: how the program and its commands are used. */
export default defineCommand({
  name: "help",
  group: "local",
  usage: "[COMMAND]",
  summary: "Tell how a command is used",
  flags: { man: booleanFlag("Print the manual page, for man and packages") },
  operands: [0, 1],
  completes: [COMMAND_NAMES],
  examples: [
    ["mirrorbits help scan", "the options of a command, with examples"],
    ["mirrorbits help -man > mirrorbits.1 && man ./mirrorbits.1", "the manual page"],
  ],
  run: async ({ flags, operands: [name] }, { output }) => {
    if (flags.man) {
      const { manPage } = await import("../man_page.ts");
      output.write(manPage(await loadCommands()));
      return 0;
    }
    if (name === undefined) {
      output.errorWrite(programUsage(await loadCommands()));
      return 0;
    }
    const command = await loadCommand(name);
    if (!command) {
      await unknownCommand(name, { output });
      return 2;
    }
    output.errorWrite(commandHelp(command));
    return 0;
  },
});
