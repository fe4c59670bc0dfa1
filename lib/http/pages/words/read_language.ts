import type { TemplateLanguage, TemplateText } from "../../../config/page_templates.ts";
import { EN, type MessageKey } from "./en.ts";
import { placeholdersOf } from "./message.ts";

/** Categories of numbers (CLDR). */
const CATEGORIES: ReadonlySet<string> = new Set(["zero", "one", "two", "few", "many", "other"]);

/**
 * Reads a language that an operator adds: `{"name": "Nederlands", "texts": {"copy": "Kopiëren", …}}`, where a
 * text is a string, or an object with one for each category of numbers, of which `other` has to be there.
 * `"direction": "rtl"` is needed only where the language's own is not known.
 *
 * @param tag BCP 47
 * @param text JSON
 * @returns the language
 * @throws {Error} when it cannot be used; the message says why, and where
 */
export function readLanguage(tag: string, text: string): TemplateLanguage {
  const locale = localeOf(tag);
  const json: unknown = JSON.parse(text);
  if (!isObject(json) || !isObject(json.texts) || typeof json.name !== "string") {
    throw new Error('It is no object with "name" and "texts"');
  }
  const name = json.name.trim();
  if (name === "" || name.length > 50) throw new Error('"name" is empty, or longer than 50');
  const { direction } = json;
  if (direction !== undefined && direction !== "ltr" && direction !== "rtl") {
    throw new Error('"direction" is neither "ltr" nor "rtl"');
  }
  const texts = Object.entries(json.texts).map(([key, value]) =>
    [key, textOf(key, value)] as const
  );
  return {
    tag: locale.baseName,
    name,
    direction: direction ?? directionOf(locale),
    texts: Object.fromEntries(texts),
  };
}

function localeOf(tag: string): Intl.Locale {
  try {
    return new Intl.Locale(tag);
  } catch {
    throw new Error(`"${tag}" is no language`);
  }
}

/** Not every runtime tells. */
function directionOf(locale: Intl.Locale & { getTextInfo?: () => { direction?: string } }) {
  const direction = locale.getTextInfo?.().direction;
  return direction === "rtl" ? "rtl" : "ltr";
}

function textOf(key: string, value: unknown): TemplateText {
  if (!Object.hasOwn(EN, key)) throw new Error(`There is no text "${key}"`);
  const text = typeof value === "string" ? value : isObject(value) ? formsOf(key, value) : null;
  if (text === null) throw new Error(`The text "${key}" is neither a string nor an object`);
  const known = placeholdersOf(EN[key as MessageKey]);
  const unknown = placeholdersOf(text).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const list = known.map((name) => `{${name}}`).join(", ") || "none";
    throw new Error(`The text "${key}" has "{${unknown}}", there are: ${list}`);
  }
  return text;
}

function formsOf(key: string, value: Readonly<Record<string, unknown>>): TemplateText {
  const forms: Record<string, string> = {};
  for (const [category, text] of Object.entries(value)) {
    if (!CATEGORIES.has(category) || typeof text !== "string") {
      throw new Error(`The text "${key}" has a form "${category}" that is none`);
    }
    forms[category] = text;
  }
  const { other } = forms;
  if (other === undefined) throw new Error(`The text "${key}" has no form "other"`);
  return { ...forms, other };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
