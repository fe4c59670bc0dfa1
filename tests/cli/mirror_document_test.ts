import { DocumentError } from "../../cli/document_error.ts";
import { assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import {
  formatDifference,
  formatForEditor,
  formatSettings,
  parseAssignments,
  parseEdited,
} from "../../cli/mirror_document.ts";
import {
  DEFAULT_SETTINGS,
  type MirrorSettings,
  SETTINGS,
} from "../../lib/catalog/settings/mirror_settings.ts";

const BASE: MirrorSettings = {
  ...DEFAULT_SETTINGS,
  name: "m1",
  httpUrl: "http://m1/",
  countryCodes: ["SE", "FR"],
  allowRedirects: true,
  comment: "\nold\nwords ",
};

Deno.test("parseEdited() finds no change in a document that was left alone", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 20 });
  const settings = fc.record({
    name: text,
    sponsorName: text,
    customData: text,
    comment: text.filter((comment) => !comment.includes("#####")),
    score: fc.integer(),
    latitude: fc.double({ noNaN: true, noDefaultInfinity: true }),
    enabled: fc.boolean(),
    allowRedirects: fc.option(fc.boolean()),
    countryCodes: fc.array(fc.constantFrom("NO", "SE", "ON", "Y1")),
  });
  fc.assert(fc.property(settings, (changes) => {
    const base = { ...BASE, ...changes };
    assertEquals(parseEdited(formatForEditor(base), base), {});
  }));
});

Deno.test("parseEdited() reads what people write", () => {
  const cases: [line: string, changes: Record<string, unknown>][] = [
    ["Score: 9", { score: 9 }],
    ["Score: '9'", { score: 9 }],
    ["score: -1", { score: -1 }],
    ["Latitude: 1e1", { latitude: 10 }],
    ["CountryCodes: NO", { countryCodes: "NO" }],
    ["CountryCodes: [NO, se]", { countryCodes: ["NO", "se"] }],
    ["CountryCodes:", { countryCodes: "" }],
    ["CountryCodes: SE FR", {}],
    ["Name: 0123", { name: "0123" }],
    ["Name: yes", { name: "yes" }],
    ["Name: ~", { name: "" }],
    ['AdminName: "a\\tb"', { adminName: "a\tb" }],
    ["CustomData: |\n  a\n  b", { customData: "a\nb\n" }],
    ["Enabled: Yes", { enabled: true }],
    ["Enabled: off", {}],
    ["AllowRedirects:", { allowRedirects: null }],
    ["AllowRedirects: null", { allowRedirects: null }],
    ["AllowRedirects: no", { allowRedirects: false }],
    ["Enabled: perhaps", { enabled: "perhaps" }],
    ["Score: ~", { score: "~" }],
  ];
  for (const [line, changes] of cases) assertEquals(parseEdited(line, BASE), changes, line);
});

Deno.test("parseEdited() takes what stands below the line as the comment", () => {
  const text = formatForEditor(BASE);
  assertEquals(parseEdited(text.replace("old", "new"), BASE), { comment: "new\nwords" });
  assertEquals(parseEdited(text.replace(/old\nwords /, ""), BASE), { comment: "" });
  assertEquals(parseEdited("Name: m1\n", BASE), {}, "without the line it stays");
});

Deno.test("formatForEditor() keeps what the original does not know aside, until it is used", () => {
  const keysOf = (text: string): string[] =>
    Array.from(text.matchAll(/^(\w+):/gm), ([, key]) => key!);
  const older = SETTINGS.filter(({ newer }) => !newer).map(({ key }) => key);
  assertEquals(keysOf(formatForEditor(BASE)), older);
  for (const setting of SETTINGS.filter(({ newer }) => newer)) {
    assertEquals(formatForEditor(BASE).split(`\n# ${setting.key}: `).length, 2, setting.key);
  }
  const used = formatForEditor({ ...BASE, tolerance: 2000 });
  assertEquals(keysOf(used), [...older, "Tolerance"]);
  const uncommented = formatForEditor(BASE).replace(/^# (Tolerance): .*$/m, "$1: 3s");
  assertEquals(parseEdited(uncommented, BASE), { tolerance: 3000 });
});

Deno.test("formatForEditor() keeps a change back to a default, when it is shown once more", () => {
  const base = { ...BASE, tolerance: 2000 };
  const again = formatForEditor({ ...base, tolerance: null }, base);
  assertEquals(parseEdited(again, base), { tolerance: null });
});

Deno.test("parseEdited() says what it cannot understand, and where", () => {
  const cases: [text: string, message: string][] = [
    ["Name: x\nScore: [1\n", "Line 3: "],
    ["Name: x\nName: y\n", "Line 2: Map keys must be unique"],
    ["Nmae: x", 'Unknown key "Nmae", did you mean "Name"?'],
    ["Comment: x", 'Unknown key "Comment"'],
    ["whatever", "Expected lines of the form"],
    ["", "Expected lines of the form"],
  ];
  for (const [text, message] of cases) {
    assertThrows(() => parseEdited(text, BASE), DocumentError, message);
  }
});

Deno.test("parseAssignments() reads each value as its setting needs it", () => {
  const assignments = ["score=3", "ALLOWREDIRECTS=null", "CountryCodes= de ", "Comment=a=b\nc"];
  assertEquals(parseAssignments([...assignments, "Name=null", "Enabled=on"], BASE), {
    score: 3,
    allowRedirects: null,
    countryCodes: "de",
    comment: "a=b\nc",
    name: "null",
    enabled: true,
  });
  assertThrows(() => parseAssignments(["Score"], BASE), DocumentError, "Expected Key=Value");
  assertThrows(() => parseAssignments(["Sore=1"], BASE), DocumentError, 'did you mean "Score"?');
});

Deno.test("formatDifference() shows both values, whatever their number of lines", () => {
  assertEquals(formatDifference(BASE, {}), "");
  assertEquals(
    formatDifference(BASE, { score: 1, comment: "a\n\nb" }),
    "- Score: 0\n+ Score: 1\n- Comment: |-\n-   \n-   old\n-   words \n" +
      "+ Comment: |-\n+   a\n+ \n+   b\n",
  );
});

Deno.test("formatSettings() never breaks a long line", () => {
  const customData = "word ".repeat(100).trim();
  assertEquals(formatSettings({ ...BASE, customData }).split("\n").length, SETTINGS.length + 1);
});
