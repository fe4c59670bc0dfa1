import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { eTag, ifNoneMatch } from "@std/http/etag";

Deno.test("eTag() is the same for the same content alone", async () => {
  const tag = await eTag("content");
  assertMatch(tag, /^"[^"\s]{16,}"$/);
  assertEquals(await eTag(new TextEncoder().encode("content")), tag);
  assertEquals(await eTag("content", { weak: true }), `W/${tag}`);
  assertNotEquals(await eTag("other"), tag);
  assertMatch(await eTag(""), /^"[^"]+"$/);
});

Deno.test("ifNoneMatch() tells who is to be sent the content", () => {
  const cases: [header: string | null, tag: string | undefined, sent: boolean][] = [
    [null, '"a"', true],
    ['"a"', undefined, true],
    ['"a"', '"a"', false],
    ['W/"a"', '"a"', false],
    ['"a"', 'W/"a"', false],
    ['"b", W/"a" , "c"', 'W/"a"', false],
    ['"b","c"', '"a"', true],
    [" * ", '"a"', false],
    ["a", '"a"', true],
  ];
  for (const [header, tag, sent] of cases) {
    assertEquals(ifNoneMatch(header, tag), sent, `${header}`);
  }
  assert(ifNoneMatch('w/"a"', '"a"'), "W/ is written in upper case");
});
