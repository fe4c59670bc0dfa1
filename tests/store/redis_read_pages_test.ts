import { assertEquals } from "@std/assert";
import { readPages } from "../../lib/store/redis/read_pages.ts";

Deno.test("readPages() gives each member once, which Redis gives again when the set shrinks", async () => {
  const pages: Record<string, unknown[]> = {
    "0": ["7", "/a", "1", "/b", "2", "/a", "1"],
    "7": ["9", "/b", "2", "/a", "1"],
    "9": ["0", "/c", "3", "/b", "2"],
  };
  const found: string[][] = [];
  const read = (cursor: string): Promise<string> => Promise.resolve(JSON.stringify(pages[cursor]));
  for await (const page of readPages(read, 2, (path, fields, at) => path + fields[at])) {
    found.push([...page]);
  }
  assertEquals(found, [["/a1", "/b2"], ["/c3"]]);
});
