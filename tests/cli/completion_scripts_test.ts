import { assertEquals } from "@std/assert";
import { COMPLETION_SCRIPTS } from "../../cli/completion_scripts.ts";
import { tempDir } from "../support/temp_dir.ts";

/** A program that answers as the real one, and remembers what it was asked. */
const PROGRAM = `#!/bin/sh
printf '%s|' "$@" > "$ASKED"
case "$*" in
  *import*) echo ':file' ;;
  *-set*) printf 'Score=\\t\\n' ;;
  *) printf 'alpha\\tthe first: one\\nalps\\t\\n' ;;
esac
`;

const SHELLS = {
  bash: (script: string, line: string) => [
    "--norc",
    "-c",
    `source ${script}; COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}; compopt() { :; }; ` +
    '_mirrorbits; printf "%s\\n" "${COMPREPLY[@]}"',
  ],
  zsh: (script: string, line: string) => [
    "-f",
    "-c",
    `compdef() { :; }; _describe() { print -l -- \${(P)2}; }; _files() { print -- files; }; ` +
    `source ${script}; words=("\${(@s: :)line}"); words=(\${(s: :):-"${line}"}); ` +
    `[[ "${line}" == *" " ]] && words+=(""); CURRENT=$#words; _mirrorbits`,
  ],
  fish: (script: string, line: string) => [
    "--no-config",
    "-c",
    `source ${script}; complete -C '${line}'`,
  ],
} as const;

const WANTED = {
  bash: { show: ["alpha", "alps"], edit: ["Score="], import: ["notes.yaml"] },
  zsh: { show: ["alpha:the first: one", "alps:"], edit: ["Score=:"], import: ["files"] },
  fish: { show: ["alpha\tthe first: one", "alps"], edit: ["Score="], import: ["notes.yaml"] },
} as const;

async function installed(shell: string): Promise<boolean> {
  const { success } = await new Deno.Command("sh", { args: ["-c", `command -v ${shell}`] })
    .output();
  return success;
}

for (const shell of ["bash", "zsh", "fish"] as const) {
  Deno.test({
    name: `${shell} completes what the program offers`,
    // Only bash is everywhere.
    ignore: !await installed(shell),
    fn: async () => {
      await using dir = await tempDir();
      const asked = `${dir.path}/asked`;
      await Deno.writeTextFile(`${dir.path}/mirrorbits`, PROGRAM, { mode: 0o755 });
      await Deno.writeTextFile(`${dir.path}/script`, COMPLETION_SCRIPTS[shell]);
      await Deno.writeTextFile(`${dir.path}/notes.yaml`, "");
      const complete = async (line: string): Promise<string[]> => {
        const { stdout, stderr } = await new Deno.Command(shell, {
          args: [...SHELLS[shell](`${dir.path}/script`, line)],
          cwd: dir.path,
          env: { PATH: `${dir.path}:${Deno.env.get("PATH")}`, ASKED: asked, HOME: dir.path },
        }).output();
        assertEquals(new TextDecoder().decode(stderr), "");
        return new TextDecoder().decode(stdout).trimEnd().split("\n");
      };
      assertEquals(await complete("mirrorbits -p 1 show al"), [...WANTED[shell].show]);
      assertEquals(await Deno.readTextFile(asked), "completion|words|--|-p|1|show|al|");
      assertEquals(await complete("mirrorbits edit x -set S"), [...WANTED[shell].edit]);
      assertEquals(await complete("mirrorbits import no"), [...WANTED[shell].import]);
      await complete("mirrorbits show ");
      assertEquals(await Deno.readTextFile(asked), "completion|words|--|show||");
    },
  });
}
