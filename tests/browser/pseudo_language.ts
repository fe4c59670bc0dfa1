import type { TemplateLanguage, TemplateText } from "../../lib/config/page_templates.ts";
import { EN } from "../../lib/http/pages/words/en.ts";
import type { Message } from "../../lib/http/pages/words/message.ts";

const ACCENTS: Readonly<Record<string, string>> = {
  ...{ a: "å", b: "ƀ", c: "ç", d: "ð", e: "é", f: "ƒ", g: "ĝ", h: "ĥ", i: "î", j: "ĵ", k: "ķ" },
  ...{ l: "ļ", m: "ɱ", n: "ñ", o: "ö", p: "þ", q: "ǫ", r: "ŕ", s: "š", t: "ţ", u: "û", v: "ṽ" },
  ...{ w: "ŵ", x: "ẋ", y: "ý", z: "ž" },
};

/** Words that are this much longer than in English happen in Finnish and in German. */
const LONGER = 1.5;

/** English with long words, in which every text that comes from elsewhere stands out. */
export const PSEUDO_LANGUAGE: TemplateLanguage = {
  tag: "en-XA",
  name: "Þšéûðö",
  direction: "ltr",
  texts: Object.fromEntries(
    Object.entries(EN).map(([key, message]) => [key, stretched(message)]),
  ),
};

function stretched(message: Message): TemplateText {
  if (typeof message === "string") return stretchedText(message);
  const forms = Object.entries(message).map(([form, text]) => [form, stretchedText(text)] as const);
  return { ...Object.fromEntries(forms), other: stretchedText(message.other) };
}

function stretchedText(text: string): string {
  return text.split(/(\{\w+\}|<\/?b>)/).map((part, index) =>
    index % 2 === 1 ? part : part.replace(/[A-Za-z]+/g, stretchedWord)
  ).join("");
}

function stretchedWord(word: string): string {
  const letters = [...word].map((letter) => ACCENTS[letter.toLowerCase()] ?? letter);
  const more = Math.round(word.length * (LONGER - 1));
  return letters.join("") + letters.slice(-1).join("").repeat(more);
}
