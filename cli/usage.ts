import type { Command } from "./command.ts";
import type { Flags } from "./flags.ts";

/** How the program is used, with a list of its commands. */
export function programUsage(commands: readonly Command[]): string {
  const list = (group: Command["group"]): string =>
    commands.filter((command) => command.group === group)
      .map(({ name, summary }) => `    ${name.padEnd(9)} ${summary}\n`).join("");
  return `Usage: mirrorbits [OPTIONS] COMMAND [arg...]

A smart download redirector.

Server commands:
${list("server")}
CLI commands:
${list("client")}
Options, before the command:
    -h HOST   Where the daemon's control API is (default localhost, or MIRRORBITS_HOST)
    -p PORT   Its port (default 3390, or MIRRORBITS_PORT)
    -P PASS   Its password (or MIRRORBITS_PASSWORD)
    -a        Ask for the password

"mirrorbits help COMMAND" tells more about a command.
`;
}

/** How a command is used, with its options. */
export function commandUsage({ name, usage, summary, description, flags }: Command): string {
  const options = flagUsage(flags);
  const about = description ?? summary;
  const line = `Usage: mirrorbits ${name} ${usage}`.trimEnd();
  return `\n${line}\n\n${about}\n\n${options}`;
}

function flagUsage(flags: Flags): string {
  return Object.entries(flags).sort(([a], [b]) => a < b ? -1 : 1).map(([name, flag]) => {
    const head = flag.valueName === "" ? `  -${name}` : `  -${name} ${flag.valueName}`;
    const standard = flag.defaultText === "" ? "" : ` (default ${flag.defaultText})`;
    const gap = head.length <= 4 ? "\t" : "\n    \t";
    return `${head}${gap}${flag.usage}${standard}\n`;
  }).join("");
}
