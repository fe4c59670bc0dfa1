/**
 * Breaks long lines between words, for somebody who reads them on a terminal. A word that is longer than
 * a line stays whole, such as a URL that is to be copied, and so does a line that shows a command.
 *
 * @param width columns of a line
 * @param indent what stands before what a line is continued with; default: what the line begins with
 * @param widthOf columns that a text takes; default: one for each character, as below U+1100
 */
export function foldText(
  text: string,
  width: number,
  indent?: string,
  widthOf: (text: string) => number = ({ length }) => length,
): string {
  return text.split("\n").map((line) => foldLine(line, width, indent, widthOf)).join("\n");
}

/** How a command is shown, to be copied as one line. */
const COMMAND = /^\s*[$#] /;

function foldLine(
  line: string,
  width: number,
  indent: string | undefined,
  widthOf: (text: string) => number,
): string {
  if (columnsOf(line, widthOf) <= width || COMMAND.test(line)) return line;
  const [begin = ""] = /^\s*/.exec(line) ?? [];
  const [first = "", ...words] = line.slice(begin.length).split(" ");
  const lines: string[] = [];
  let current = begin + first;
  for (const word of words) {
    if (columnsOf(`${current} ${word}`, widthOf) > width) {
      lines.push(current.trimEnd());
      current = (indent ?? begin) + word;
    } else current += ` ${word}`;
  }
  return [...lines, current].join("\n");
}

/** A tab is taken for what it is in a list of options: the way to the eighth column. */
function columnsOf(line: string, widthOf: (text: string) => number): number {
  const [before = "", ...behind] = line.split("\t");
  return behind.length === 0
    ? widthOf(line)
    : Math.max(8, widthOf(before)) + widthOf(behind.join(" "));
}
