import { assertEquals } from "@std/assert";
import { Directories } from "../../../lib/http/request/directories.ts";
import type { DirectoryEntry } from "../../../lib/http/request/repository.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** Directories of a repository that counts how often it is listed. */
function directoriesOf() {
  const clock = new FakeClock();
  const disk = { listed: 0, time: clock.now() - 60_000 as number | null };
  const entries: readonly DirectoryEntry[] = [];
  const directories = new Directories(
    {
      list: () => {
        disk.listed++;
        return Promise.resolve([...entries]);
      },
      namesTime: () => Promise.resolve(disk.time),
    },
    () => "/srv",
    clock,
  );
  return { directories, clock, disk };
}

Deno.test("a directory is listed anew when a name came or went, or after a minute", async () => {
  const { directories, clock, disk } = directoriesOf();
  for (let i = 0; i < 20; i++) {
    await directories.list("/pool");
    clock.tick(2_500);
  }
  assertEquals(disk.listed, 1);
  disk.time = clock.now() - 100;
  await directories.list("/pool");
  assertEquals(disk.listed, 2);
  // More may have come in the same moment.
  clock.tick(2_500);
  await directories.list("/pool");
  assertEquals(disk.listed, 3);
  clock.tick(2_500);
  await directories.list("/pool");
  assertEquals(disk.listed, 3);
  clock.tick(60_000);
  await directories.list("/pool");
  assertEquals(disk.listed, 4);
  // Where times are not known, a list is believed for a moment only.
  disk.time = null;
  for (let i = 0; i < 3; i++) {
    clock.tick(2_500);
    await directories.list("/pool");
    await directories.list("/pool");
  }
  assertEquals(disk.listed, 7);
});

Deno.test("a path that changed makes the directories above it listed anew, and no others", async () => {
  const { directories, disk } = directoriesOf();
  const all = ["/", "/a", "/a/b", "/a/b/c", "/other"];
  for (const path of all) await directories.list(path);
  directories.drop(["/a/b/file"]);
  const before = disk.listed;
  for (const path of all) await directories.list(path);
  assertEquals(disk.listed - before, 3);
  // What is being listed just then is not kept.
  directories.clear();
  const listing = directories.list("/a/b");
  directories.drop(["/a/b/file"]);
  await listing;
  const late = disk.listed;
  await directories.list("/a/b");
  assertEquals(disk.listed - late, 1);
});
