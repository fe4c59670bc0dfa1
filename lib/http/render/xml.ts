const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/** What XML 1.0 §2.2 forbids, also as a reference. */
// deno-lint-ignore no-control-regex -- these are what is looked for
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]/gu;

/**
 * Writes text for XML 1.0, for a place between two tags or an attribute in quotes.
 *
 * @param text anything; what XML forbids becomes `_`
 * @returns the text with entities
 */
export function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, "_").replace(
    /[&<>"'\t\n\r]/g,
    (character) => ENTITIES[character]!,
  );
}
