import { defineCommand } from "../command.ts";
import { booleanFlag } from "../flags.ts";
import { loadTopic, TOPICS } from "../topics.ts";
import { unknownCommand } from "../unknown_command.ts";
import { commandHelp, programUsage } from "../usage.ts";

/** `help`: how the program and its commands are used, and pages for operators. */
export default defineCommand({
  name: "help",
  group: "local",
  usage: "[COMMAND|TOPIC]",
  summary: "Tell how a command is used, or about a topic",
  details: "A topic is printed to standard output, in Markdown: mirrorbits help stores | less",
  flags: { man: booleanFlag("Print the manual page, for man and packages") },
  operands: [0, 1],
  completes: ["subject"],
  examples: [
    ["mirrorbits help scan", "the options of a command, with examples"],
    ["mirrorbits help proxies", "what an operator wants to know of a topic"],
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
    const [command, topic] = [await commands.load(name), await loadTopic(name)];
    if (command === null && topic === null) {
      unknownCommand(name, { commands, output }, "Command or topic", [
        ...commands.names,
        ...TOPICS.map((topic) => topic.name),
      ]);
      return 2;
    }
    if (command !== null) output.errorWrite(commandHelp(command));
    if (command !== null && topic !== null) output.errorLine();
    if (topic !== null) {
      const { pageText } = await import("../terminal/page_text.ts");
      output.write(await pageText(topic, output.columns));
    }
    return 0;
  },
});
