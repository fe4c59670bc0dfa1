import { assertEquals } from "@std/assert";
import type { IndexedFile } from "../../../lib/catalog/file.ts";
import { DiskAnswers } from "../../../lib/http/request/disk_answers.ts";
import { FileFinder } from "../../../lib/http/request/file_finder.ts";
import { indexedFile } from "../fixtures.ts";

Deno.test("FileFinder asks the store for what a link leads to when memory does not know it", async () => {
  const linked = indexedFile("/linked");
  const known = new Map<string, IndexedFile | null>([["/link", null], ["/linked", linked]]);
  const asked: string[] = [];
  const disk = new DiskAnswers(
    {
      lookup: () => Promise.resolve({ type: "file", path: "/linked" }),
      oddNames: () => Promise.resolve(new Map()),
    },
    () => "/repository",
    () => 0,
  );
  const finder = new FileFinder({
    files: {
      peek: (path) => known.get(path),
      load: (path) => {
        asked.push(path);
        return Promise.resolve(path === "/linked" ? linked : null);
      },
    },
    disk,
    excluded: () => null,
    aliases: () => new Map(),
  });
  const expected = { type: "indexed", indexed: linked } as const;
  assertEquals(await finder.find("/link"), expected);
  assertEquals(asked, []);
  // Memory has forgotten it, the disk's answer it has not.
  known.delete("/linked");
  assertEquals(await finder.find("/link"), expected);
  assertEquals(asked, ["/linked"]);
  known.set("/linked", null);
  assertEquals(await finder.find("/link"), {
    type: "unindexed",
    path: "/linked",
    isFile: true,
    storeAnswered: true,
  });
});
