import { assertEquals, assertThrows } from "@std/assert";
import { openFile } from "../../lib/log/open_file.ts";
import { tempDir } from "../support/temp_dir.ts";

const REFUSED = "a link in a directory that others may write to";
const modeOf = (path: string): number => (Deno.statSync(path).mode ?? 0) & 0o777;

Deno.test("openFile() makes a file that only the user and the group may read", async () => {
  await using directory = await tempDir();
  for (const directoryMode of [0o700, 0o777, 0o1777]) {
    Deno.chmodSync(directory.path, directoryMode);
    const path = `${directory.path}/${directoryMode}`;
    openFile(path, { mode: 0o640 }).close();
    assertEquals(modeOf(path), 0o640 & ~Deno.umask());
    // A file that is there keeps its mode, and its content where that is wanted.
    Deno.chmodSync(path, 0o604);
    Deno.writeTextFileSync(path, "a");
    using file = openFile(path, { append: true, mode: 0o640 });
    file.writeSync(new TextEncoder().encode("b"));
    assertEquals([modeOf(path), Deno.readTextFileSync(path)], [0o604, "ab"]);
  }
});

Deno.test("openFile() follows no link in a directory that others may write to", async () => {
  await using directory = await tempDir();
  const victim = `${directory.path}/victim`;
  const shared = `${directory.path}/shared`;
  Deno.writeTextFileSync(victim, "as it was");
  Deno.mkdirSync(shared);
  Deno.symlinkSync(victim, `${shared}/symbolic`);
  Deno.symlinkSync(`${directory.path}/nothing`, `${shared}/dangling`);
  Deno.linkSync(victim, `${shared}/hard`);
  for (const mode of [0o777, 0o1777, 0o770, 0o702]) {
    Deno.chmodSync(shared, mode);
    for (const name of ["symbolic", "dangling", "hard"]) {
      for (const append of [true, false]) {
        assertThrows(() => openFile(`${shared}/${name}`, { append, mode: 0o640 }), Error, REFUSED);
      }
    }
  }
  assertEquals(Deno.readTextFileSync(victim), "as it was");
  assertThrows(() => Deno.lstatSync(`${directory.path}/nothing`), Deno.errors.NotFound);
});

Deno.test("openFile() follows a link in a directory of its own", async () => {
  await using directory = await tempDir();
  Deno.chmodSync(directory.path, 0o755);
  Deno.symlinkSync("elsewhere", `${directory.path}/link`);
  openFile(`${directory.path}/link`, { append: true, mode: 0o640 }).close();
  assertEquals(Deno.statSync(`${directory.path}/elsewhere`).size, 0);
});
