import { defineCommand } from "../command.ts";
import { completeLine } from "../complete_line.ts";
import { COMPLETION_SCRIPTS } from "../completion_scripts.ts";
import { connect } from "../connect.ts";
import { UsageError } from "../flags.ts";

const SHELLS = Object.keys(COMPLETION_SCRIPTS) as (keyof typeof COMPLETION_SCRIPTS)[];

/** `completion`: what makes a shell complete commands, options and the names of mirrors. */
export default defineCommand({
  name: "completion",
  group: "local",
  usage: "bash|zsh|fish",
  summary: "Print what makes a shell complete",
  description: "Print a script that makes a shell complete commands, options and mirrors",
  details: "Names of mirrors come from the daemon that the command line names, or the\n" +
    "environment. The scripts ask the program itself: completion words -- WORD...",
  examples: [
    ['eval "$(mirrorbits completion bash)"', "in ~/.bashrc"],
    ['eval "$(mirrorbits completion zsh)"', "in ~/.zshrc, after compinit"],
    ["mirrorbits completion fish | source", "in ~/.config/fish/config.fish"],
  ],
  flags: {},
  operands: [1, Infinity],
  completes: [SHELLS],
  run: async ({ operands: [what = "", ...words] }, context) => {
    const { output } = context;
    if (what === "words") {
      const completion = await completeLine(words, await context.commands.all(), async (flags) => {
        const client = await connect({ ...flags, a: false }, context);
        return (await client.list()).map(({ name }) => name);
      });
      if (completion === "file") output.line(":file");
      else for (const { value, about } of completion) output.line(`${value}\t${about}`);
      return 0;
    }
    const shell = SHELLS.find((one) => one === what);
    if (shell === undefined || words.length > 0) {
      throw new UsageError(`Expected bash, zsh or fish, found ${JSON.stringify(words[0] ?? what)}`);
    }
    output.write(COMPLETION_SCRIPTS[shell]);
    return 0;
  },
});
