import { assertEquals, assertRejects } from "@std/assert";
import { Breather } from "../../lib/scan/breather.ts";
import { FileHasher } from "../../lib/scan/file_hasher.ts";
import { walk } from "../../lib/scan/walk.ts";
import { tempDir } from "../support/temp_dir.ts";

/** A breather that is always due: it sees at once that it is aborted. */
function impatient(signal: AbortSignal): Breather {
  let time = 0;
  return new Breather(() => time += 1000, signal);
}

Deno.test("walk() and FileHasher pause when it is time, and see then that they are to stop", async () => {
  await using directory = await tempDir();
  const repository = directory.path;
  for (let index = 0; index < 10; index++) await Deno.writeTextFile(`${repository}/${index}`, "x");
  const size = 5_000_000;
  await Deno.writeFile(`${repository}/large`, new Uint8Array(size));

  for (
    const work of [
      (breather: Breather, note: () => void) =>
        walk({ repository, breather, onFile: note, onWarning: () => {} }),
      (breather: Breather, note: () => void) =>
        new FileHasher({ sha256: true, sha1: false, md5: false }, breather)
          .hash(`${repository}/large`, { path: "/large", size, modTime: 0 }, note),
    ]
  ) {
    const stop = new AbortController();
    let noted = 0;
    const note = (): void => {
      noted++;
      stop.abort(new Error("Enough"));
    };
    await assertRejects(() => work(impatient(stop.signal), note), Error, "Enough");
    assertEquals(noted, 1);
  }
});
