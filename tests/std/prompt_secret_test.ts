import { assertEquals } from "@std/assert";
import { PYTHON } from "../tools/install.ts";

/** Runs a program on a terminal of its own, types once it asks, and prints all that it wrote. */
const ON_A_TERMINAL = `
import os, pty, sys
typed, program = sys.argv[1], sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(program[0], program)
written = b""
while True:
    try:
        more = os.read(terminal, 1024)
    except OSError:
        break
    if not more:
        break
    written += more
    if typed and written.endswith(b"? "):
        os.write(terminal, typed.encode())
        typed = ""
os.waitpid(child, 0)
sys.stdout.write(written.decode())
`;

const ASKING = `
import { promptSecret } from "@std/cli/prompt-secret";
console.log(JSON.stringify(promptSecret(Deno.args[0], { mask: Deno.args[1] })));
`;

/** What a terminal shows where somebody types. */
async function shown(typed: string, mask: string): Promise<string> {
  const root = new URL("../../", import.meta.url);
  await using file = await program();
  const { stdout } = await new Deno.Command(PYTHON, {
    args: ["-c", ON_A_TERMINAL, typed, ...file.command, "Password?", mask],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  return new TextDecoder().decode(stdout).replaceAll("\r", "");
}

async function program(): Promise<AsyncDisposable & { command: string[] }> {
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(path, ASKING);
  const config = new URL("../../deno.json", import.meta.url).pathname;
  return {
    command: [Deno.execPath(), "run", "--quiet", "--no-check", "--config", config, path],
    [Symbol.asyncDispose]: () => Deno.remove(path),
  };
}

Deno.test("promptSecret() takes what is typed on a terminal, and shows the mask", async () => {
  const cases: [typed: string, mask: string, shown: string][] = [
    ["secret\r", "", 'Password? \n"secret"\n'],
    ["äb\r", "*", 'Password? **\n"äb"\n'],
    ["ax\x7fb\r", "*", 'Password? **\b \b*\n"ab"\n'],
    ["\x7f\r", "*", 'Password? \n""\n'],
    ["abc\x03", "", "Password? \nnull\n"],
    ["\x04", "", "Password? \nnull\n"],
    ["a\tb\x1bc\r", "", 'Password? \n"abc"\n'],
    [`${"x".repeat(3000)}\r`, "", `Password? \n"${"x".repeat(3000)}"\n`],
  ];
  for (const [typed, mask, expected] of cases) {
    assertEquals(await shown(typed, mask), expected, JSON.stringify(typed.slice(0, 20)));
  }
});

Deno.test("promptSecret() asks nobody where there is no terminal", async () => {
  await using file = await program();
  const [command = "", ...args] = file.command;
  const { stdout, stderr } = await new Deno.Command(command, {
    args: [...args, "Password?", ""],
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  assertEquals([decoder.decode(stdout), decoder.decode(stderr)], ["null\n", ""]);
});
