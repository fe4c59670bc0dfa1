/** Tells how many columns of a terminal a text takes. */
export type TextWidth = (text: string) => number;

/**
 * Finds what tells the widths of some texts. A command starts sooner without what knows other scripts,
 * and few texts have any.
 */
export async function widthIn(texts: Iterable<string>): Promise<TextWidth> {
  for (const text of texts) {
    if (!/^[ -~]*$/.test(text)) return (await import("@std/cli/unicode-width")).unicodeWidth;
  }
  return (text) => text.length;
}
