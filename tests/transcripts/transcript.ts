/** One command of a transcript, and what it did. */
export interface Step {
  /** The command line as written. */
  readonly command: string;
  /** Lines of standard input, each with its end. */
  readonly stdin: string;
  /** What the user's editor replaces: `from => to`. */
  readonly edits: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

/**
 * Reads a transcript. Lines that begin with `#` before the first command are a comment. A command
 * begins with `$ `; below it stand lines of standard input (`< line`; `<` alone is an empty one), what
 * the editor replaces (`~ from => to`), and then what the command printed to standard output, after a
 * line `[stderr]` to standard error, and `[exit N]` if that is not 0. A text that does not end with a
 * line break is followed by `\` alone. An empty line ends a command if another follows it.
 */
export function parseTranscript(text: string): Step[] {
  const blocks = text.split(/^(?=\$ )/m).filter((block) => block.startsWith("$ "));
  return blocks.map((block) => {
    const [command = "", ...lines] = block.replace(/\n+$/, "").split("\n");
    const stdin: string[] = [];
    const edits: string[] = [];
    while (/^(<|~ )/.test(lines[0] ?? "")) {
      const line = lines.shift()!;
      if (line.startsWith("<")) stdin.push(`${line.slice(2)}\n`);
      else edits.push(line.slice(2));
    }
    const exit = /^\[exit (\d+)\]$/.exec(lines.at(-1) ?? "");
    if (exit) lines.pop();
    const middle = lines.indexOf("[stderr]");
    const [out, err] = middle < 0 ? [lines, []] : [lines.slice(0, middle), lines.slice(middle + 1)];
    return {
      command: command.slice(2),
      stdin: stdin.join(""),
      edits,
      stdout: joinLines(out),
      stderr: joinLines(err),
      exit: Number(exit?.[1] ?? 0),
    };
  });
}

/** Writes a step the way {@linkcode parseTranscript} reads it. */
export function formatStep(step: Step): string {
  const stdin = step.stdin.split("\n").slice(0, -1).map((line) => `< ${line}`.trimEnd());
  const lines = [
    `$ ${step.command}`,
    ...stdin,
    ...step.edits.map((edit) => `~ ${edit}`),
    ...splitLines(step.stdout),
    ...(step.stderr === "" ? [] : ["[stderr]", ...splitLines(step.stderr)]),
    ...(step.exit === 0 ? [] : [`[exit ${step.exit}]`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Takes a command line apart like a shell: words, `'…'` and `"…"`. */
export function splitWords(line: string): string[] {
  const words = line.matchAll(/(?:[^\s'"]+|'[^']*'|"[^"]*")+/g);
  return [...words].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_all, single, double) => single ?? double)
  );
}

function joinLines(lines: string[]): string {
  const open = lines.at(-1) === "\\";
  const text = (open ? lines.slice(0, -1) : lines).join("\n");
  return open || lines.length === 0 ? text : `${text}\n`;
}

function splitLines(text: string): string[] {
  if (text === "") return [];
  return text.endsWith("\n") ? text.slice(0, -1).split("\n") : [...text.split("\n"), "\\"];
}
