import type { CommandContext } from "./command.ts";

/**
 * Asks a question on standard output that is answered with yes or no.
 *
 * @param question with the choices, the default in upper case: `Sure? [y/N]`
 * @param byDefault what an empty line means; the end of input always means no
 */
export async function confirm(
  question: string,
  byDefault: boolean,
  { output, readLine }: Pick<CommandContext, "output" | "readLine">,
): Promise<boolean> {
  output.write(question);
  const line = await readLine();
  if (line === null) {
    output.line();
    return false;
  }
  const answer = line.trim();
  return answer === "" ? byDefault : /^y(es)?$/i.test(answer);
}
