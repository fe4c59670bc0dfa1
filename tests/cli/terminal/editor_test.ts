import { assertEquals, assertRejects } from "@std/assert";
import { EditorError, editText } from "../../../cli/terminal/editor.ts";
import { tempDir } from "../../support/temp_dir.ts";

async function editor(directory: string, script: string): Promise<string> {
  const path = `${directory}/my-editor`;
  await Deno.writeTextFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

Deno.test("editText() gives back what the editor left, and removes the file", async () => {
  await using directory = await tempDir();
  const note = `${directory.path}/note`;
  const program = await editor(
    directory.path,
    `ls -l "$2" | cut -c1-10 >'${note}'; echo "$2" >>'${note}'; echo "$(cat "$2") $1" >"$2"`,
  );
  assertEquals(await editText("old text\n", `${program} 'and new'`), "old text and new\n");
  const [mode, file = ""] = (await Deno.readTextFile(note)).split("\n");
  assertEquals(mode, "-rw-------");
  await assertRejects(() => Deno.stat(file), Deno.errors.NotFound);
});

Deno.test("editText() fails when the editor does", async () => {
  await using directory = await tempDir();
  const program = await editor(directory.path, "exit 3");
  await assertRejects(() => editText("x", program), EditorError, "ended with exit code 3");
});
