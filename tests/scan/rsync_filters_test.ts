import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { carriesPath } from "../../lib/catalog/carried_paths.ts";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { rsyncFilters } from "../../lib/scan/rsync_filters.ts";
import { RsyncLister } from "../../lib/scan/rsync_lister.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { collect, writeFile } from "./listed_files.ts";

const FILES = [
  "/a",
  "/iso/a",
  "/iso/b/a",
  "/iso/b/c/a",
  "/iso/b/c/d/a",
  "/iso-more/a",
  "/isolated",
  "/x*/y/a",
  "/x*/[z]/a",
  "/xx/y/a",
  "/b\\s/w?/a",
  "/b\\s/ww/a",
  "/ünï cöde/a b/c",
  "/-dash/#hash/a",
];

/** Beginnings of those files, whole directories and parts of names. */
const PREFIXES = [
  ...new Set(
    FILES.flatMap((path) =>
      Array.from({ length: path.length }, (_, end) => path.slice(0, end + 1))
    ),
  ),
];

Deno.test("rsyncFilters() has the server list what is carried, and nothing else", async () => {
  await using root = await tempDir();
  for (const path of FILES) await writeFile(root.path, path.slice(1), 1, 0);
  await using rsyncd = await RsyncDaemon.start({ mod: root.path });
  const lister = new RsyncLister({ clock: systemClock });
  const prefix = fc.tuple(fc.constantFrom("", "!"), fc.constantFrom(...PREFIXES))
    .map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(fc.array(prefix, { maxLength: 4 }), async (paths) => {
      const listing = lister.list(rsyncd.url("mod"), new AbortController().signal, { paths });
      const listed = (await collect(listing)).map(({ path }) => path);
      assertEquals(listed.sort(), FILES.filter((path) => carriesPath(paths, path)).sort());
      assertEquals(listing.warnings(), []);
    }),
    { numRuns: 100 },
  );
});

Deno.test("rsyncFilters() says nothing where everything is carried", () => {
  assertEquals(rsyncFilters([]), []);
});
