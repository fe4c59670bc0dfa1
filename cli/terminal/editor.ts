/** The user's editor could not be used. */
export class EditorError extends Error {
  override readonly name = "EditorError";
  /** @param hint what to do; `null`: nothing to add */
  constructor(message: string, readonly hint: string | null = null) {
    super(message);
  }
}

/** Editors to try when the user did not name one. */
const EDITORS = ["editor", "vi", "emacs", "nano"];

/**
 * Opens a text in an editor, in a file that only the user can read.
 *
 * @param chosen the user's editor with its arguments, as a shell understands it; empty: the first of
 *   editor, vi, emacs, nano that there is
 * @returns the text as it was left
 * @throws {EditorError}
 */
export async function editText(text: string, chosen: string): Promise<string> {
  const file = await makeFile();
  // The interrupt key is the editor's now.
  const ignore = (): void => {};
  Deno.addSignalListener("SIGINT", ignore);
  try {
    await Deno.writeTextFile(file, text);
    const code = chosen === "" ? await runFirst(file) : await run("sh", [
      "-c",
      `${chosen} "$1"`,
      chosen,
      file,
    ]);
    if (code === null) {
      const hint = "Set EDITOR, or use: mirrorbits edit NAME -set Key=Value";
      throw new EditorError("There is no editor here", hint);
    }
    if (code !== 0) throw new EditorError(`The editor ended with exit code ${code}`);
    return await Deno.readTextFile(file);
  } finally {
    Deno.removeSignalListener("SIGINT", ignore);
    await Deno.remove(file).catch(() => {});
  }
}

async function makeFile(): Promise<string> {
  try {
    return await Deno.makeTempFile({ prefix: "mirrorbits-", suffix: ".yaml" });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    const hint = "Allow it with --allow-write, or use: mirrorbits edit NAME -set Key=Value";
    throw new EditorError("No permission to write a temporary file", hint);
  }
}

async function runFirst(file: string): Promise<number | null> {
  for (const editor of EDITORS) {
    const code = await run(editor, [file]);
    if (code !== null) return code;
  }
  return null;
}

/** Runs a program on the terminal. @returns its exit code; `null` when there is no such program */
async function run(program: string, args: string[]): Promise<number | null> {
  const command = new Deno.Command(program, {
    args,
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  });
  try {
    return (await command.spawn().status).code;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    if (error instanceof Deno.errors.NotCapable) {
      throw new EditorError(
        `No permission to run "${program}"`,
        `Allow it with --allow-run=${program}, or use: mirrorbits edit NAME -set Key=Value`,
      );
    }
    throw error;
  }
}
