/** Text from outside for a message: in quotation marks, printable, at most 200 characters. */
export function quoteLine(text: string): string {
  const shown = text.slice(0, 200).replaceAll(/\p{Cc}+/gu, " ");
  return JSON.stringify(text.length > 200 ? `${shown}…` : shown);
}
