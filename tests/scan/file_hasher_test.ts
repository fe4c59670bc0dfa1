import { assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { Breather } from "../../lib/scan/breather.ts";
import { FileHasher } from "../../lib/scan/file_hasher.ts";
import { tempDir } from "../support/temp_dir.ts";

const TIME = 1_700_000_000_000;

function hasher(): FileHasher {
  const wanted = { sha1: false, sha256: true, md5: true };
  return new FileHasher(wanted, new Breather(Date.now, new AbortController().signal));
}

const hex = (algorithm: string, bytes: Uint8Array): string =>
  createHash(algorithm).update(bytes).digest("hex");

Deno.test("FileHasher.hash() tells size, time and hashes of what it read, whatever was listed", async () => {
  await using directory = await tempDir();
  const file = `${directory.path}/file`;
  for (const size of [0, 1, 131_071, 131_072, 131_073, 3_000_000]) {
    const bytes = new Uint8Array(size).fill(7);
    await Deno.writeFile(file, bytes);
    await Deno.utime(file, new Date(TIME), new Date(TIME));
    // As it is; shorter, longer and much longer than it is now; of another time.
    for (const listed of [size, size - 1, size + 1, size + 200_000]) {
      for (const modTime of [TIME, TIME - 1000, null]) {
        const known = { path: "/file", size: Math.max(0, listed), modTime };
        const { file: hashed, pieces } = await hasher().hash(file, known);
        assertEquals(pieces, null);
        assertEquals(hashed, {
          path: "/file",
          size,
          modTime: TIME,
          sha1: "",
          sha256: hex("sha256", bytes),
          md5: hex("md5", bytes),
        });
      }
    }
  }
});

Deno.test("FileHasher.hash() gives up a file that changes all the time, and one that is gone", async () => {
  await using directory = await tempDir();
  const file = `${directory.path}/file`;
  await Deno.writeFile(file, new Uint8Array(2_000_000));
  const listed = { path: "/file", size: 2_000_000, modTime: null };
  const grow = (): void => Deno.writeFileSync(file, new Uint8Array(1), { append: true });
  await assertRejects(
    () => hasher().hash(file, listed, grow),
    Error,
    "It changes while it is read",
  );
  await Deno.remove(file);
  await assertRejects(() => hasher().hash(file, listed), Deno.errors.NotFound);
});
