import { foldText } from "../lib/log/fold_text.ts";
import type { Command, CommandGroup } from "./command.ts";
import type { Flags } from "./flags.ts";
import { TOPICS } from "./topics.ts";

/** One line, so that the mistake above it stays on the screen. */
export const HOW_TO_GET_HELP = 'Run "mirrorbits help" for all commands and topics.\n';

/** How the program is used, with a list of its commands. */
export function programUsage(commands: readonly Command[]): string {
  const list = (group: CommandGroup): string =>
    commands.filter((command) => command.group === group)
      .map(({ name, summary }) => `    ${name.padEnd(12)} ${summary}\n`).join("");
  const topics = TOPICS.map(({ name, summary }) => `    ${name.padEnd(12)} ${summary}\n`).join("");
  return `Usage: mirrorbits [OPTIONS] COMMAND [arg...]

A smart download redirector.

Server commands:
${list("server")}
CLI commands:
${list("client")}
Commands that need no server:
${list("local")}
Topics, for "mirrorbits help TOPIC":
${topics}
Options, before the command:
    -h HOST      Where the daemon's control API is
                 (default localhost, or MIRRORBITS_HOST)
    -p PORT      Its port (default 3390, or MIRRORBITS_PORT)
    -P PASSWORD  Its password (or MIRRORBITS_PASSWORD)
    -a           Ask for the password
    -user NAME   Who you are, for the logs of mirrors (or MIRRORBITS_USER)
    -version     Print the version of this program

"mirrorbits help COMMAND" tells more about a command.
`;
}

/** How a command is used, with its options: what follows a mistake. */
export function commandUsage({ name, usage, summary, description, flags }: Command): string {
  const about = laidOut(description ?? summary);
  const line = `Usage: mirrorbits ${name} ${usage}`.trimEnd();
  return `\n${line}\n\n${about}\n\n${flagUsage(flags)}`;
}

/** How a command is used, where more would push what is wrong with it off the screen. */
export function briefUsage({ name, usage }: Command): string {
  return `\nUsage: mirrorbits ${name} ${usage}\nRun "mirrorbits help ${name}" for its options.\n`;
}

/** How a command is used, with examples: for those who ask. */
export function commandHelp(command: Command): string {
  const { details, examples = [], flags } = command;
  const parts = [commandUsage(command).trimEnd()];
  if (details !== undefined) parts.push(laidOut(details));
  if (examples.length > 0) {
    const lines = examples.map(([line, does]) => `  # ${does}\n  $ ${line}`);
    parts.push(`Examples:\n\n${lines.join("\n")}`);
  }
  const end = Object.keys(flags).length === 0 && parts.length === 1 ? "\n\n" : "\n";
  return parts.join("\n\n") + end;
}

/** Columns of what is read: those of a small terminal. */
const WIDTH = 79;

/** Sentences as wide as a small terminal, whichever lines they were written in; short lines are a list's. */
function laidOut(text: string): string {
  return foldText(text.replaceAll(/(?<=[^\n]{60})\n(?=[^\s])/g, " "), WIDTH);
}

function flagUsage(flags: Flags): string {
  return Object.entries(flags).sort(([a], [b]) => a < b ? -1 : 1).map(([name, flag]) => {
    const head = flag.valueName === "" ? `  -${name}` : `  -${name} ${flag.valueName}`;
    const standard = flag.defaultText === "" ? "" : ` (default ${flag.defaultText})`;
    const gap = head.length <= 4 ? "\t" : "\n    \t";
    return `${head}${gap}${flag.usage}${standard}\n`;
  }).join("");
}
