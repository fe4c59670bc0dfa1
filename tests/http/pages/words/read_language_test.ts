import { assertEquals, assertThrows } from "@std/assert";
import { readLanguage } from "../../../../lib/http/pages/words/read_language.ts";

const read = (texts: unknown, more: object = {}) =>
  readLanguage("nl", JSON.stringify({ name: "Nederlands", texts, ...more }));

Deno.test("readLanguage() reads texts and forms", () => {
  const texts = { copy: "Kopiëren", "group.show": { one: "{count} spiegel", other: "{count} s" } };
  assertEquals(read(texts), { tag: "nl", name: "Nederlands", direction: "ltr", texts });
  assertEquals(read({}, { direction: "rtl" }).direction, "rtl");
  assertEquals(readLanguage("ZH-hant", '{"name":"繁體","texts":{}}').tag, "zh-Hant");
});

Deno.test("readLanguage() says what is wrong, and where", () => {
  const cases: readonly (readonly [() => unknown, string])[] = [
    [() => readLanguage("x", "{}"), '"x" is no language'],
    [() => readLanguage("nl", "{"), "JSON"],
    [() => readLanguage("nl", "[]"), 'It is no object with "name" and "texts"'],
    [() => readLanguage("nl", '{"texts":{}}'), 'It is no object with "name" and "texts"'],
    [() => read({}, { name: " " }), '"name" is empty'],
    [() => read({}, { direction: "up" }), '"direction" is neither'],
    [() => read({ nonsense: "x" }), 'There is no text "nonsense"'],
    [() => read({ toString: "x" }), 'There is no text "toString"'],
    [() => read({ copy: 1 }), 'The text "copy" is neither a string nor an object'],
    [() => read({ copy: "{name}" }), 'The text "copy" has "{name}", there are: none'],
    [() => read({ "copy.this": "{nam}" }), "there are: {name}"],
    [() => read({ "group.show": { one: "x" } }), 'The text "group.show" has no form "other"'],
    [() => read({ "group.show": { some: "x", other: "x" } }), 'has a form "some" that is none'],
  ];
  for (const [work, text] of cases) assertThrows(work, Error, text);
});
