/** Control characters, and the two separators that some readers take for the end of a line. */
// deno-lint-ignore no-control-regex -- they are what is looked for
const UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/;
// deno-lint-ignore no-control-regex -- they are what is looked for
const EACH_UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/g;
// deno-lint-ignore no-control-regex -- they are what is looked for
const UNQUOTABLE = /["\\\x00-\x1f\x7f-\x9f\u2028\u2029]/;
// deno-lint-ignore no-control-regex -- they are what is looked for
const EACH_UNQUOTABLE = /["\\\x00-\x1f\x7f-\x9f\u2028\u2029]/g;

/**
 * Makes text safe for a log: whatever it holds, it stays on its line and sends nothing to a terminal.
 *
 * @param text any text
 * @returns the text with `\x0a` or `\u2028` for each character that cannot be printed; quotes and
 *   backslashes stay
 */
export function logText(text: string): string {
  return UNPRINTABLE.test(text) ? text.replace(EACH_UNPRINTABLE, escapeOf) : text;
}

/**
 * Makes text safe to stand between quotes in a log: nothing in it ends them, and nothing in it looks
 * like what stands for something else.
 *
 * @param text any text
 * @returns as {@linkcode logText}, also with `\x22` for each quote and `\x5c` for each backslash
 */
export function quotedLogText(text: string): string {
  return UNQUOTABLE.test(text) ? text.replace(EACH_UNQUOTABLE, escapeOf) : text;
}

function escapeOf(character: string): string {
  const code = character.charCodeAt(0);
  return code < 256
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : `\\u${code.toString(16).padStart(4, "0")}`;
}
