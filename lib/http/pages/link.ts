import { escapeHtml } from "../render/escape_html.ts";

/**
 * Renders a link, unless the target is one that a browser would run or take for a path: then the text
 * alone.
 *
 * @param text what is shown, as text
 * @param target URL
 * @param title shown with it, as text; empty: nothing
 * @returns HTML
 */
export function renderLink(text: string, target: string, title = ""): string {
  const attribute = title === "" ? "" : ` title="${escapeHtml(title)}"`;
  const shown = escapeHtml(text);
  if (/^https?:\/\//i.test(target)) {
    return `<a href="${escapeHtml(target)}"${attribute}>${shown}</a>`;
  }
  return title === "" ? shown : `<span${attribute}>${shown}</span>`;
}
