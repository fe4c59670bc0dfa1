import { readWeights } from "../../request/weights.ts";

/** Characters of Accept-Language that are read; nobody speaks that many languages. */
const MOST = 500;

/**
 * Chooses the language of a page: the one that a link asks for, else the one that the browser likes best of
 * those that there are (RFC 9110 §12.5.4). `pt-BR` is satisfied with `pt`, and `zh-CN` with `zh-Hans`.
 *
 * @param languages what there is; the first is spoken where nothing fits
 * @param lang value of `lang`; `null` without it
 * @param header Accept-Language; `null` without it
 * @returns one of `languages`
 */
export function chooseLanguage<Language extends { readonly tag: string }>(
  languages: readonly [Language, ...Language[]],
  lang: string | null,
  header: string | null,
): Language {
  const asked = lang === null ? undefined : matching(languages, lang);
  if (asked !== undefined) return asked;
  if (header === null) return languages[0];
  const wanted = [...readWeights(header.slice(0, MOST))]
    .filter(([, weight]) => weight > 0)
    .sort(([, a], [, b]) => b - a);
  for (const [tag] of wanted) {
    const found = matching(languages, tag);
    if (found !== undefined) return found;
  }
  return languages[0];
}

function matching<Language extends { readonly tag: string }>(
  languages: readonly Language[],
  tag: string,
): Language | undefined {
  const exact = languages.find((each) => each.tag.toLowerCase() === tag.toLowerCase());
  if (exact !== undefined) return exact;
  const wanted = likely(tag);
  return wanted === null ? undefined : languages.find((each) => likely(each.tag) === wanted);
}

/** Language and script: `zh-Hans` of `zh-CN`. @returns `null`: it is none */
function likely(tag: string): string | null {
  try {
    const { language, script = "" } = new Intl.Locale(tag).maximize();
    return `${language}-${script}`;
  } catch {
    return null;
  }
}
