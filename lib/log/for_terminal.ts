import { foldText } from "./fold_text.ts";

/** What the time takes that stands before each message, with the space behind it. */
const STAMP = "2026/11/22 15:04:05.000 UTC ".length;

/** Columns below which a message is harder to read folded than as the terminal breaks it. */
const LEAST = 72;

/**
 * Lays lines of the runtime log out for a terminal: what does not fit goes on below where the message
 * begins, so that the times stand by themselves.
 *
 * @param columns width of the terminal
 * @param widthOf columns that a text takes
 */
export function forTerminal(
  text: string,
  columns: number,
  widthOf: (text: string) => number,
): string {
  return columns < LEAST ? text : foldText(text, columns, " ".repeat(STAMP), widthOf);
}
