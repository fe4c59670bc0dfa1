import { type Html, markup, NO_HTML } from "../render/html.ts";

/**
 * Renders a link, unless the target is one that a browser would run or take for a path: then the text
 * alone.
 *
 * @param text what is shown, as text
 * @param target URL
 * @param title shown with it, as text; empty: nothing
 * @returns HTML
 */
export function renderLink(text: string, target: string, title = ""): Html {
  const attribute = title === "" ? NO_HTML : markup` title="${title}"`;
  if (/^https?:\/\//i.test(target)) {
    return markup`<a href="${target}"${attribute}>${text}</a>`;
  }
  return title === "" ? markup`${text}` : markup`<span${attribute}>${text}</span>`;
}
