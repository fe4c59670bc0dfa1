import { assert, assertEquals } from "@std/assert";
import { EN, type MessageKey, type Messages } from "../../../../lib/http/pages/words/en.ts";
import { LANGUAGES } from "../../../../lib/http/pages/words/languages.ts";
import { type Message, placeholdersOf } from "../../../../lib/http/pages/words/message.ts";
import { Words } from "../../../../lib/http/pages/words/words.ts";

const KEYS = Object.keys(EN) as MessageKey[];

function formsOf(message: Message): readonly string[] {
  return typeof message === "string" ? [message] : Object.values(message);
}

Deno.test("every language has every text, and a form for every number", async (t) => {
  assertEquals(LANGUAGES.map(({ tag }) => tag), [
    ...["en", "de", "fr", "es", "pt", "ru", "zh-Hans", "ja", "ar"],
  ]);
  for (const { tag, load } of LANGUAGES) {
    await t.step(tag, async () => {
      const messages: Messages = await load();
      assertEquals(KEYS.filter((key) => messages[key] === undefined), []);
      const plural = new Intl.PluralRules(tag);
      const categories = new Set(Array.from({ length: 200 }, (_, count) => plural.select(count)));
      for (const key of KEYS) {
        const message = messages[key]!;
        assert(formsOf(message).every((text) => text.trim() !== ""), key);
        // What stands in the text is the same, but that one of a thing need not be counted.
        const optional = typeof EN[key] === "string" ? [] : ["count"];
        assertEquals(
          placeholdersOf(message).filter((name) => !optional.includes(name)),
          placeholdersOf(EN[key]).filter((name) => !optional.includes(name)),
          key,
        );
        assertEquals(/[<>]/.test(formsOf(message).join("").replace(/<\/?b>/g, "")), false, key);
        if (typeof message === "string" || !("one" in message) || tag === "ar") continue;
        // French and others have a category for millions.
        const needed = [...categories].filter((category) => category !== "other");
        assertEquals(needed.filter((category) => !(category in message)), [], key);
      }
    });
  }
});

Deno.test("no language is English with another name", async () => {
  for (const { tag, load } of LANGUAGES.slice(1)) {
    const messages = await load();
    const same = KEYS.filter((key) => {
      const [text = ""] = formsOf(messages[key]!);
      return text === formsOf(EN[key])[0] && /[a-z]{3}/.test(text.replace(/\{\w+\}/g, ""));
    });
    // Paths, names of units, and words that languages share.
    assert(same.length < 20, `${tag}: ${same}`);
  }
});

Deno.test("every language writes numbers, times and names", async () => {
  for (const { tag, direction, load } of LANGUAGES) {
    const words = new Words(tag, direction, await load());
    const texts = [
      words.number(1234),
      words.size(734_003_200),
      words.distance(1258),
      words.time(1.7e12),
      words.duration(86_400_000),
      words.age(3_600_000),
      words.country("DE"),
      words.continent("EU"),
      words.list(["a", "b"]),
      words.share(0.5),
    ];
    for (const text of texts) assert(text.trim() !== "" && !/undefined|NaN/.test(text), tag);
    // Everybody can read the digits.
    assert(/1.?234/.test(words.number(1234)), words.number(1234));
  }
});
