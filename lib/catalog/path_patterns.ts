/** What a pattern of paths may be, for messages. */
export const PATH_PATTERNS = 'a list of patterns of paths such as ["/archive/**", "*.tmp"]';

/** Longest pattern. */
const LONGEST = 1000;

/** Whether a text can be a pattern of paths: no empty one, no control characters, not too long. */
export function isPathPattern(text: string): boolean {
  // deno-lint-ignore no-control-regex -- these are what is looked for
  return text.length <= LONGEST && !/[\x00-\x1f\x7f]/.test(text) && !/^\/*$/.test(text);
}

/**
 * Makes a test of paths. A pattern that begins with `/` holds for the whole path, another one for any name
 * in it; `*` stands for anything within a name, `**` for any number of names. A directory that matches
 * stands for all that is in it.
 *
 * @param patterns as {@linkcode isPathPattern} allows them
 * @returns tells whether a path, decoded and with a leading slash, matches one; `null`: there is none
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const excluded = pathTest(["/archive/**", "*.tmp"]);
 * assertEquals(excluded?.("/archive/old.iso"), true);
 * assertEquals(excluded?.("/pool/upload.tmp"), true);
 * assertEquals(excluded?.("/pool/app.iso"), false);
 * ```
 */
export function pathTest(patterns: readonly string[]): ((path: string) => boolean) | null {
  if (patterns.length === 0) return null;
  const expression = new RegExp(`^(?:${patterns.map(source).join("|")})(?:/|$)`, "su");
  return (path) => expression.test(path);
}

function source(pattern: string): string {
  const anchored = pattern.startsWith("/");
  const names = pattern.split("/").filter((name) => name !== "");
  const parts = names.map((name) => {
    if (name === "**") return "(?:/[^/]+)*";
    return `/${name.split(/\*+/).map(escape).join("[^/]*")}`;
  });
  // What is below a directory, not the directory itself.
  if (names.at(-1) === "**") parts[parts.length - 1] = "/[^/]+";
  return (anchored ? "" : "(?:/[^/]+)*?") + parts.join("");
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
