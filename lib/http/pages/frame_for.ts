import { NO_TEMPLATES, type PageTemplates } from "../../config/page_templates.ts";
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
  config: Pick<HttpConfig, "geoCredit" | "pageTemplates" | "publicStats">,
  wishes: Wishes,
): Promise<Frame> {
  const query = wishes instanceof HttpRequest ? wishes.query : EMPTY_QUERY;
  const languages = languagesOf(config);
  const read = wishes.headers.get("Accept-Language");
  const language = chooseLanguage(languages, query.lang, read);
  let words = spoken.get(language);
  if (words === undefined) {
    words = language === LANGUAGES[0]
      ? ENGLISH
      : new Words(language.tag, language.direction, await language.load());
    spoken.set(language, words);
  }
  const lang = query.lang === null ? null : language.tag;
  const statistics = config.publicStats !== "none";
  return {
    ...frameOf(config),
    ...{ words, lang, statistics, languages },
    plain: lang === null && read === null,
    query: withoutLang(query),
  };
}

type Languages = readonly [Language, ...Language[]];

const known = new WeakMap<PageTemplates, Languages>();

/** Those that the program brings along, with what the operator adds. */
function languagesOf(
  { pageTemplates = NO_TEMPLATES }: Pick<HttpConfig, "pageTemplates">,
): Languages {
  let languages = known.get(pageTemplates);
  if (languages === undefined) {
    const [english, ...others] = LANGUAGES;
    const added = pageTemplates.languages.filter(({ tag }) =>
      LANGUAGES.every((language) => language.tag !== tag)
    );
    languages = [
      worded(english, pageTemplates),
      ...others.map((language) => worded(language, pageTemplates)),
      ...added.map((language) => ({ ...language, load: () => Promise.resolve(language.texts) })),
    ];
    known.set(pageTemplates, languages);
  }
  return languages;
}

/** A language as the operator words it. */
function worded(language: Language, { languages }: PageTemplates): Language {
  const own = languages.find(({ tag }) => tag === language.tag);
  if (own === undefined) return language;
  return { ...language, load: async () => ({ ...await language.load(), ...own.texts }) };
}

function withoutLang({ text, word }: Query): string {
  if (text.length > MOST_QUERY) return word;
  return text.split("&").filter((part) => part !== "" && !/^lang(?:=|$)/.test(part)).join("&");
}
