/** Categories of numbers that a language tells apart (CLDR); every one has `other`. */
export type PluralCategory = Intl.LDMLPluralRule;

/**
 * A text of a page. `{name}` stands for a value. Where it depends on a number, it is a text for each category
 * of numbers, chosen by the value `count`.
 */
export type Message =
  | string
  | ({ readonly other: string } & { readonly [Category in PluralCategory]?: string });

/** Placeholders of a text. */
const PLACEHOLDER = /\{(\w+)\}/g;

/** A text, cut at its placeholders: at odd places stand their names. */
export function partsOf(text: string): readonly string[] {
  return text.split(PLACEHOLDER);
}

/**
 * The placeholders of a message.
 *
 * @returns each once, in order of the alphabet
 */
export function placeholdersOf(message: Message): readonly string[] {
  const texts = typeof message === "string" ? [message] : Object.values(message);
  const names = texts.flatMap((text) => [...text.matchAll(PLACEHOLDER)].map(([, name]) => name!));
  return [...new Set(names)].sort();
}
