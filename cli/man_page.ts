import { VERSION } from "../lib/version.ts";
import type { Command } from "./command.ts";
import type { Flags } from "./flags.ts";
import { GLOBAL_FLAGS } from "./global_flags.ts";
import { TOPICS } from "./topics.ts";

/**
 * Writes the manual page of the program, in the macros of man(7).
 *
 * @param commands all of them, in order
 */
export function manPage(commands: readonly Command[]): string {
  const parts = [
    `.TH MIRRORBITS 1 "" "mirrorbits ${VERSION}" "User Commands"`,
    ".SH NAME",
    "mirrorbits \\- a smart download redirector",
    ".SH SYNOPSIS",
    ".B mirrorbits",
    `[${italic("OPTIONS")}] ${italic("COMMAND")} [${italic("arg")}...]`,
    ".SH DESCRIPTION",
    roff(
      "Sends every client that asks for a file to a mirror that is near, up, and has that file. " +
        '"mirrorbits daemon" is the server; the other commands talk to its control API.',
    ),
    ".PP",
    roff("Names of mirrors match in any case, and by a part; an exact name always wins. "),
    roff("Options are written with one dash or two, -name=value or -name value."),
    ".SH OPTIONS",
    roff("They stand before the command."),
    ...options(GLOBAL_FLAGS),
    ".SH COMMANDS",
    ...commands.flatMap(commandPart),
    ".SH TOPICS",
    roff('"mirrorbits help TOPIC" prints a page about each of them.'),
    ...terms(TOPICS.map(({ name, summary }) => [name, `${summary}.`])),
    ".SH EXIT STATUS",
    "0 done, 1 it failed, 2 wrong usage.",
    ".SH ENVIRONMENT",
    ...terms([
      ["MIRRORBITS_HOST, MIRRORBITS_PORT, MIRRORBITS_PASSWORD", "The daemon to talk to."],
      ["MIRRORBITS_USER", "Who you are, for the logs of mirrors."],
      ["EDITOR", "The editor for edit, as the shell understands it."],
      ["NO_COLOR", "Print without colour."],
    ]),
    ".SH FILES",
    ...terms([[
      "/etc/mirrorbits.conf",
      'The daemon\'s configuration; "mirrorbits config sample" prints one with every key.',
    ]]),
  ];
  return `${parts.join("\n")}\n`;
}

function commandPart(command: Command): string[] {
  const { name, usage, summary, description, details, examples = [], flags } = command;
  return [
    `.SS "${roff(`${name} ${usage}`.trimEnd()).replaceAll('"', "\\(dq")}"`,
    `${roff(description ?? summary)}.`,
    ...(details === undefined ? [] : [".PP", roff(details)]),
    ...options(flags),
    ...examples.flatMap(([line, does]) => [
      ".PP",
      `${roff(does)}:`,
      ".PP",
      ".RS 4",
      ".nf",
      roff(line),
      ".fi",
      ".RE",
    ]),
  ];
}

function options(flags: Flags): string[] {
  return terms(
    Object.entries(flags).map(([name, flag]) => {
      const standard = flag.defaultText === "" ? "" : ` (default ${flag.defaultText})`;
      return [`-${name} ${flag.valueName}`.trimEnd(), `${flag.usage}${standard}`];
    }),
  );
}

function terms(list: readonly (readonly [term: string, text: string])[]): string[] {
  return list.flatMap(([term, text]) => [".TP", `\\fB${roff(term)}\\fR`, roff(text)]);
}

function italic(text: string): string {
  return `\\fI${text}\\fR`;
}

/** Plain text for roff: nothing in it is taken for a request or an escape. */
function roff(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("…", "...")
    .replace(/^(?=[.'])/gm, "\\&").replace(/\n+/g, "\n.br\n");
}
