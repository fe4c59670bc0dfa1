import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseConfigText } from "../../lib/config/config_text.ts";

function plain(text: string): unknown {
  const { value, problems } = parseConfigText(text);
  assertEquals(problems, [], text);
  return JSON.parse(JSON.stringify(value));
}

Deno.test("parseConfigText() keeps scalars as they were written", () => {
  assertEquals(plain("a: 0123\nb: NO\nc: 2026-11-22\nd: 1_000\ne: 12:30\nf: 'x # y'\n"), {
    a: "0123",
    b: "NO",
    c: "2026-11-22",
    d: "1_000",
    e: "12:30",
    f: "x # y",
  });
});

Deno.test("parseConfigText() takes plain null and nothing for no value, not quoted ones", () => {
  assertEquals(plain("a:\nb: ~\nc: null\nd: NULL\ne: ''\nf: 'null'\ng: [~, x]\n"), {
    a: null,
    b: null,
    c: null,
    d: null,
    e: "",
    f: "null",
    g: [null, "x"],
  });
  for (const text of ["", "\n", "# nothing\n", "---\n"]) assertEquals(plain(text), null, text);
});

Deno.test("parseConfigText() follows aliases, reads CRLF, a byte order mark, and JSON", () => {
  assertEquals(plain("a: &x [1]\nb: *x\n"), { a: ["1"], b: ["1"] });
  assertEquals(plain("\ufeffa: 1\r\nb:\r\n  - c: 2\r\n"), { a: "1", b: [{ c: "2" }] });
  assertEquals(plain('{"a": {"b": ["c", true]}}'), { a: { b: ["c", "true"] } });
  assertEquals(
    plain("__proto__: x\nconstructor: y\n"),
    JSON.parse('{"__proto__":"x","constructor":"y"}'),
  );
});

Deno.test("parseConfigText() reports what is wrong with its line", () => {
  const cases: [string, number, string][] = [
    ["a: 1\nb: 2\na: 3\n", 3, "a is given twice, first in line 1"],
    ["a:\n  b: 1\n  b: 2\n", 3, "b is given twice, first in line 2"],
    ["a: 1\n\tb: 2\n", 2, "Tabs are not allowed"],
    ['a: 1\nb: "x', 2, "Missing closing"],
    ["a: b: c\n", 1, "Nested mappings"],
    ["a: 1\n---\nb: 2\n", 2, "Only one YAML document"],
    ["a: 1\nb: *x\n", 2, 'There is no anchor "x"'],
    ["? [a]\n: 1\n", 1, "A key must be a word"],
    ["a: &a [*a]\n", 1, "nested too deeply"],
    [`${"[".repeat(50)}${"]".repeat(50)}`, 1, "nested too deeply"],
    [`a:\n  ${"[".repeat(50_000)}${"]".repeat(50_000)}`, 2, "nested too deeply: at most 20 levels"],
    [`a: ${"[".repeat(50_000)}`, 1, "nested too deeply"],
    ["- ".repeat(50_000), 1, "nested too deeply"],
  ];
  for (const [text, line, message] of cases) {
    const { problems } = parseConfigText(text);
    assert(
      problems.some((problem) => problem.line === line && problem.message.includes(message)),
      `${text}: ${JSON.stringify(problems)}`,
    );
  }
});

Deno.test("parseConfigText() reports a hundred problems, however many there are", () => {
  // Each pair of aliases doubles what is nested too deeply.
  let text = "a0: &a0 [x,x]\n";
  for (let i = 1; i < 40; i++) text += `a${i}: &a${i} [*a${i - 1},*a${i - 1}]\n`;
  assertEquals(parseConfigText(text).problems.length, 1);
  assertEquals(parseConfigText("? [a]\n: 1\n".repeat(1000)).problems.length, 100);
  assertEquals(parseConfigText("a: b: c\n".repeat(1000)).problems.length, 100);
});

Deno.test("parseConfigText() stops at aliases that multiply", () => {
  let text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (let i = 1; i < 12; i++) {
    text += `a${i}: &a${i} [${`*a${i - 1},`.repeat(10)}]\n`;
  }
  const { problems } = parseConfigText(text);
  assertEquals(problems.map(({ message }) => message), ["There are too many values"]);
});

Deno.test("parseConfigText() knows the line of each value", () => {
  const { lineOf } = parseConfigText("# x\na: 1\nb:\n  - c: 2\n  - c: 3\n    d: 4\ne: {f: 5}\n");
  assertEquals(lineOf(["a"]), 2);
  assertEquals(lineOf(["b"]), 3);
  assertEquals(lineOf(["b", 1]), 5);
  assertEquals(lineOf(["b", 1, "d"]), 6);
  assertEquals(lineOf(["b", 1, "absent"]), 5);
  assertEquals(lineOf(["e", "f"]), 7);
  assertEquals(lineOf([]), 2);
});

Deno.test("parseConfigText() never throws", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
    parseConfigText(text);
  }));
  const piece = fc.constantFrom(..."abc:-[]{}*&!|>'\"%@`,?#~\n\t 01".split(""), "\n  ", ": ", "- ");
  fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
    parseConfigText(pieces.join(""));
  }));
});
