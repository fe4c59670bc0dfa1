/** What Deno said, in a line: the error, and what it comes down to. */
export function denoMessage(text: string): string {
  // deno-lint-ignore no-control-regex
  const lines = text.replaceAll(/\x1b\[[0-9;]*m/g, "").split("\n").map((line) => line.trim());
  const error = lines.find((line) => line.startsWith("error:")) ?? lines[0] ?? "";
  const causes = lines.flatMap((line) => /^[01]: (.*)$/.exec(line)?.[1] ?? [])
    .filter((cause) => cause !== "<unknown>").slice(0, 2);
  return [error.replace(/^error: /, ""), ...causes].map((part) => part.replace(/\.$/, "")).join(
    ": ",
  );
}
