/** Failures that are named again at most; more of them have one cause. */
const NAMED = 20;
/** Lines of each failure's reason. */
const LINES = 8;
const WIDTH = 200;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

/**
 * Names what failed in a report of `deno test --junit-path`: at the end of thousands of lines nobody
 * finds it otherwise.
 *
 * @param xml the report
 * @returns a text for each failure: its file and name, and the first lines of why
 */
export function failuresIn(xml: string): string[] {
  const failures = [
    ...xml.matchAll(
      /<testcase name="([^"]*)" classname="([^"]*)"[^>]*>\s*<(?:failure|error)[^>]*>([^<]*)</g,
    ),
  ];
  const texts = failures.slice(0, NAMED).map(([, name = "", file = "", why = ""]) => {
    const lines = plain(why).trimEnd().split("\n").slice(0, LINES);
    return [`FAILED ${plain(file)} => ${plain(name)}`, ...lines.map((line) => `  ${line}`)]
      .map((line) => line.slice(0, WIDTH)).join("\n");
  });
  if (failures.length > NAMED) texts.push(`FAILED ${failures.length - NAMED} more`);
  return texts;
}

function plain(text: string): string {
  return text.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    // deno-lint-ignore no-control-regex
    .replace(/\x1b\[[\d;]*m/g, "");
}
