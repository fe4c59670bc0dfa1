import type { Html } from "../render/html.ts";

/** A template that cannot be used; the message says why, and where. */
export class TemplateError extends Error {
  /** See `Error.name`. */
  override readonly name = "TemplateError";
}

/** Fills a template in. */
export type Template<Name extends string> = (values: Readonly<Record<Name, Html>>) => string;

/**
 * Reads a template: HTML in which `{{name}}` stands for a value.
 *
 * @param text the template
 * @param names the placeholders that there are
 * @param required those that must be there
 * @returns a function that fills it in
 * @throws {TemplateError} when it has other placeholders, or lacks one
 */
export function readTemplate<Name extends string>(
  text: string,
  names: readonly Name[],
  required: readonly Name[] = [],
): Template<Name> {
  const parts = text.split(/\{\{(.*?)\}\}/s);
  const isName = (name: string): name is Name => (names as readonly string[]).includes(name);
  const found: Name[] = [];
  for (let index = 1; index < parts.length; index += 2) {
    const name = (parts[index] ?? "").trim();
    if (!isName(name)) {
      const line = parts.slice(0, index).join("").split("\n").length;
      const known = names.map((each) => `{{${each}}}`).join(", ");
      throw new TemplateError(
        `line ${line}: Unknown placeholder "{{${name}}}", there are ${known}`,
      );
    }
    found.push(name);
  }
  const missing = required.find((name) => !found.includes(name));
  if (missing !== undefined) throw new TemplateError(`The placeholder "{{${missing}}}" is missing`);
  return (values) =>
    parts.map((part, index) => index % 2 === 0 ? part : values[part.trim() as Name]).join("");
}
