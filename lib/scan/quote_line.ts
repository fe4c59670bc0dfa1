/** Characters that are shown. */
const MOST = 200;

/**
 * Quotes text from outside for a message: in quotation marks, printable, at most 200 characters.
 *
 * @param text or its bytes in UTF-8
 */
export function quoteLine(text: string | Uint8Array): string {
  // A character has four bytes at most.
  const line = typeof text === "string"
    ? text
    : new TextDecoder().decode(text.subarray(0, 4 * MOST + 1));
  const shown = line.slice(0, MOST).replaceAll(/\p{Cc}+/gu, " ");
  return JSON.stringify(line.length > MOST ? `${shown}…` : shown);
}
