import { html, raw } from "hono/html";

/** HTML: what stood in it as text is escaped. */
export type Html = ReturnType<typeof raw>;

/** What may stand in HTML; text is escaped, several stand one after the other. */
export type HtmlValue = string | number | Html | readonly Html[];

/** No HTML. To ask whether there is some, ask for the length: it is an object. */
export const NO_HTML: Html = raw("");

/**
 * Makes HTML of a template. Values are escaped, for elements and quoted attributes, unless they are
 * HTML already.
 *
 * The tag has a name of its own, since formatters indent what is tagged with `html`.
 */
export function markup(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  // Nothing in it is waited for.
  return html(strings, ...values) as Html;
}

/** HTML of our own that is no template, such as a style. */
export const trusted: (text: string) => Html = raw;

/** Puts parts below each other; empty ones are left out. */
export function lines(parts: readonly Html[]): Html {
  return raw(parts.filter(({ length }) => length > 0).join("\n"));
}
