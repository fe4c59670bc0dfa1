import { assertEquals } from "@std/assert";
import { HashLane } from "../../lib/scan/hash_lane.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("HashLane outlives what goes wrong, and hashes what is named afterwards", async () => {
  await using root = await tempDir();
  await Deno.writeTextFile(`${root.path}/file`, "text");
  const failed: unknown[] = [];
  const hashed: string[] = [];
  let broken = true;
  const lane = new HashLane({
    config: () => {
      if (broken) throw new RangeError("A mistake");
      return {
        repository: root.path,
        hashes: { sha1: false, sha256: true, md5: false },
        workers: "auto",
      };
    },
    onHashed: ({ file: { path, sha256 } }) => hashed.push(`${path} ${sha256.length}`),
    onFailed: (path, error) => failed.push([path, `${error}`]),
    now: () => 0,
    signal: new AbortController().signal,
  });
  const file = {
    path: "/file",
    size: 4,
    modTime: Deno.statSync(`${root.path}/file`).mtime!.getTime(),
  };
  lane.add(file);
  await lane.settled();
  assertEquals(failed, [["/file", "RangeError: A mistake"]]);
  broken = false;
  lane.add(file);
  lane.add({ path: "/gone", size: 0, modTime: 0 });
  await lane.settled();
  assertEquals([hashed, failed.length, lane.length], [["/file 64"], 2, 0]);
});
