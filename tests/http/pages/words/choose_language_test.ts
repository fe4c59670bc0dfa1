import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { chooseLanguage } from "../../../../lib/http/pages/words/choose_language.ts";

const THERE = ["en", "de", "pt", "zh-Hans", "ar"].map((tag) => ({ tag })) as [
  { tag: string },
  ...{ tag: string }[],
];

Deno.test("chooseLanguage() heeds the link, then the weights of the header", () => {
  const cases: readonly (readonly [string | null, string | null, string])[] = [
    [null, null, "en"],
    [null, "", "en"],
    [null, "*", "en"],
    [null, "de", "de"],
    [null, "de-AT,de;q=0.9,en;q=0.8", "de"],
    [null, "en;q=0.5,de;q=0.4", "en"],
    [null, "en;q=0.4,de;q=0.5", "de"],
    [null, "de;q=0,pt-BR;q=0.1", "pt"],
    [null, "nl,fi;q=0.9", "en"],
    [null, "nl,ar-EG;q=0.3", "ar"],
    [null, "zh-CN", "zh-Hans"],
    [null, "zh", "zh-Hans"],
    [null, "zh-TW,de;q=0.2", "de"],
    [null, "zh-Hant,zh-Hans;q=0.2", "zh-Hans"],
    ["de", "pt", "de"],
    ["DE", null, "de"],
    ["zh-cn", null, "zh-Hans"],
    ["nonsense!", "pt", "pt"],
    ["", "pt", "pt"],
    [null, "!!,-,,;q=1,de", "de"],
  ];
  for (const [lang, header, tag] of cases) {
    assertEquals(chooseLanguage(THERE, lang, header).tag, tag, `${lang} ${header}`);
  }
});

Deno.test("chooseLanguage() takes any text, and reads no more than a few hundred characters", () => {
  fc.assert(fc.property(fc.string(), fc.string(), (lang, header) => {
    assertEquals(THERE.includes(chooseLanguage(THERE, lang, header)), true);
  }));
  assertEquals(chooseLanguage(THERE, null, `${"x,".repeat(400)}de`).tag, "en");
});
