import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { ENGLISH, Words } from "../../../../lib/http/pages/words/words.ts";
import { ageText } from "../../../../lib/http/render/age_text.ts";

Deno.test("Words writes shares in whole numbers", () => {
  const cases: readonly (readonly [number | null, string])[] = [
    [null, "n/a"],
    [0.4, "<1%"],
    [0.999, "<1%"],
    [1, "1%"],
    [63.6, "64%"],
    [100, "100%"],
  ];
  for (const [share, text] of cases) assertEquals(ENGLISH.share(share), text);
});

Deno.test("Words says ages in English as the JSON does", () => {
  fc.assert(fc.property(fc.integer({ min: -1e12, max: 1e12 }), (milliseconds) => {
    assertEquals(ENGLISH.age(milliseconds), ageText(milliseconds));
  }));
});

Deno.test("Words writes sizes, distances, times and durations for people", () => {
  const day = 86_400_000;
  const time = Date.UTC(2023, 10, 14, 0, 3, 20);
  assertEquals(
    [0, 1, 1000, 1024, 734_003_200, 2 ** 41].map((bytes) => ENGLISH.size(bytes)),
    ["0 bytes", "1 byte", "1,000 bytes", "1.0 KiB", "700.0 MiB", "2.0 TiB"],
  );
  assertEquals([ENGLISH.distance(1258.4), ENGLISH.number(1e6)], ["1,258 km", "1,000,000"]);
  assertEquals([ENGLISH.time(time), ENGLISH.clock(time), ENGLISH.day("2026-11-22")], [
    "14 Nov 2023, 00:03 UTC",
    "00:03:20 UTC",
    "22 November 2026",
  ]);
  assertEquals(
    [-18.8 * day, day, 3_600_000, 90_000, 500].map((length) => ENGLISH.duration(length)),
    ["18 days", "1 day", "1 hour", "1 minute", "0 seconds"],
  );
  assertEquals(new Words("de", "ltr", {}).size(1536), "1,5 KiB");
  // Tenths of what is small only; each twice, since texts are remembered.
  const brief: readonly (readonly [number, string])[] = [
    [0, ENGLISH.bytes(0)],
    [1023, ENGLISH.bytes(1023)],
    [1024, "1.0 KiB"],
    [10_188, "9.9 KiB"],
    [10_189, "10 KiB"],
    [10_240, "10 KiB"],
    [734_003_200, "700 MiB"],
    [1_073_741_823, "1,024 MiB"],
    [2 ** 41, "2.0 TiB"],
    [2 ** 73, "8,192 EiB"],
  ];
  for (const [bytes, text] of [...brief, ...brief]) assertEquals(ENGLISH.briefSize(bytes), text);
  assertEquals(new Words("de", "ltr", {}).briefSize(1536), "1,5 KiB");
});

Deno.test("Words knows countries and continents, and shows what it does not know", () => {
  assertEquals(["GB", "DE", "QZ", "x<", ""].map((code) => ENGLISH.country(code)), [
    "United Kingdom",
    "Germany",
    "QZ",
    "x<",
    "",
  ]);
  assertEquals(["EU", "NA", "XX", "toString"].map((code) => ENGLISH.continent(code)), [
    "Europe",
    "North America",
    "XX",
    "toString",
  ]);
  assertEquals(new Words("de", "ltr", {}).country("GB"), "Vereinigtes Königreich");
});

Deno.test("Words chooses the form by the number, and escapes what is no text of its own", () => {
  const words = new Words("ru", "ltr", {
    "group.show": { one: "{count} зеркало", few: "{count} зеркала", other: "{count} зеркал" },
    "error.asked": "<b>Путь</b> <i>{path}</i>",
  });
  assertEquals(
    [1, 2, 5, 21].map((count) => words.text("group.show", { count })),
    ["1 зеркало", "2 зеркала", "5 зеркал", "21 зеркало"],
  );
  assertEquals(
    String(words.html("error.asked", { path: "<x>" })),
    "<strong>Путь</strong> &lt;i&gt;&lt;x&gt;&lt;/i&gt;",
  );
  assertEquals(words.text("error.asked", { path: "/a" }), "Путь <i>/a</i>");
  // What a language lacks is said in English.
  assertEquals(words.text("answer.download"), "Download the file");
});
