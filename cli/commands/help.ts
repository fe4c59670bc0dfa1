import { defineCommand } from "../command.ts";
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
  completes: ["subject"],
  examples: [
    ["mirrorbits help scan", "the options of a command, with examples"],
    ["mirrorbits help -man > mirrorbits.1 && man ./mirrorbits.1", "the manual page"],
  ],
  run: async ({ flags, operands: [name] }, { commands, output }) => {
    if (flags.man) {
      const { manPage } = await import("../man_page.ts");
      output.write(manPage(await commands.all()));
      return 0;
    }
    if (name === undefined) {
      output.errorWrite(programUsage(await commands.all()));
      return 0;
    }
    const command = await commands.load(name);
    if (!command) {
      await unknownCommand(name, { commands, output });
      return 2;
    }
    output.errorWrite(commandHelp(command));
    return 0;
  },
});
