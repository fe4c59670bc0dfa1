/**
 * What is used of `@std/cli/unicode-width`, over npm:string-width. Where JSR can be reached, this line
 * of deno.json puts the real one in: `"@std/cli/unicode-width": "jsr:@std/cli@1/unicode-width"`.
 *
 * @module
 */
import stringWidth from "string-width";

/**
 * Columns that a text takes on a terminal (Unicode Annexes 11 and 29): two for East Asian scripts and
 * emoji, none for marks and what is not printed.
 *
 * @param str text without escape sequences, which would count
 */
export function unicodeWidth(str: string): number {
  return stringWidth(str, { countAnsiEscapeCodes: true });
}
