import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { readPages } from "../../lib/store/redis/read_pages.ts";
import { OddReplyError, pageReply } from "../../lib/store/redis/reply.ts";

Deno.test("readPages() gives each member once, which Redis gives again when the set shrinks", async () => {
  const pages: Record<string, unknown[]> = {
    "0": ["7", "/a", "1", "/b", "2", "/a", "1"],
    "7": ["9", "/b", "2", "/a", "1"],
    "9": ["0", "/c", "3", "/b", "2"],
  };
  const found: string[][] = [];
  const read = (cursor: string): Promise<string> => Promise.resolve(JSON.stringify(pages[cursor]));
  for await (const page of readPages(read, 150, 2, (path, fields, at) => path + fields[at])) {
    found.push([...page]);
  }
  assertEquals(found, [["/a1", "/b2"], ["/c3"]]);
});

Deno.test("readPages() gives up a walk that does not get on", async () => {
  const read = (): Promise<string> => Promise.resolve('["7","/a","1"]');
  const walk = Array.fromAsync(readPages(read, 150, 2, (path) => path));
  await assertRejects(() => walk, OddReplyError, "another cursor");
});

Deno.test("pageReply() gives up a walk that does not get on", () => {
  assertEquals(pageReply(["7", ["/a"]], "0"), ["7", ["/a"]]);
  assertEquals(pageReply(["0", []], "0"), ["0", []]);
  assertThrows(() => pageReply(["7", ["/a"]], "7"), OddReplyError, "another cursor");
});
