const main = new URL("../../main.ts", import.meta.url).pathname;

/** A command that runs the source with permissions and no other. */
export function sourceWith(flags: readonly string[]): [string, ...string[]] {
  return [Deno.execPath(), "run", "--quiet", ...flags, main];
}

/** The flags that `permissions` prints for the files of a directory. */
export async function printedFlags(directory: string): Promise<string[]> {
  const [program, ...args] = sourceWith(["--no-prompt", "-P=cli"]);
  const { stdout } = await new Deno.Command(program, {
    args: [
      ...args,
      ...["permissions", "-config", `${directory}/mirrorbits.conf`],
      ...["-p", `${directory}/pid`, "-log", `${directory}/daemon.log`],
    ],
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}
