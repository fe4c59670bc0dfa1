import type { HttpConfig } from "../request/config.ts";
import { EMPTY_QUERY, type Query } from "../request/query.ts";
import { HttpRequest } from "../request/request.ts";
import type { Wishes } from "../request/wishes.ts";
import { type Frame, frameOf } from "./frame.ts";
import { chooseLanguage } from "./words/choose_language.ts";
import { type Language, LANGUAGES } from "./words/languages.ts";
import { ENGLISH, Words } from "./words/words.ts";

/** Characters of a query that the links to other languages keep. */
const MOST_QUERY = 1000;

const spoken = new WeakMap<Language, Words>();

/**
 * The frame of a page for somebody: in the language that is asked for.
 *
 * @param config what the operator configured
 * @param wishes what was asked, as far as it was understood
 */
export async function frameFor(
  config: Pick<HttpConfig, "pageTemplates">,
  wishes: Wishes,
): Promise<Frame> {
  const query = wishes instanceof HttpRequest ? wishes.query : EMPTY_QUERY;
  const languages = languagesOf(config);
  const language = chooseLanguage(languages, query.lang, wishes.headers.get("Accept-Language"));
  let words = spoken.get(language);
  if (words === undefined) {
    words = language === LANGUAGES[0]
      ? ENGLISH
      : new Words(language.tag, language.direction, await language.load());
    spoken.set(language, words);
  }
  const lang = query.lang === null ? null : language.tag;
  return { ...frameOf(config), words, lang, languages, query: withoutLang(query) };
}

function languagesOf(
  _config: Pick<HttpConfig, "pageTemplates">,
): readonly [Language, ...Language[]] {
  return LANGUAGES as readonly [Language, ...Language[]];
}

function withoutLang({ text, word }: Query): string {
  if (text.length > MOST_QUERY) return word;
  return text.split("&").filter((part) => part !== "" && !/^lang(?:=|$)/.test(part)).join("&");
}
