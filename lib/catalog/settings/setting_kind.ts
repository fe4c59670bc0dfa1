/** What a value is in JSON. */
export type ValueShape =
  & { /** Whether it may be `null`. */ readonly nullable?: boolean }
  & (
    | { readonly type: "text" | "flag" }
    | { readonly type: "integer" | "number"; readonly minimum: number; readonly maximum: number }
    | { readonly type: "choice"; readonly words: readonly string[] }
    | { readonly type: "list"; readonly items: ValueShape }
  );

/** What kind of value a setting of a mirror holds: how it is written, read, judged and described. */
export interface SettingKind<T> {
  /** What a value is in the JSON of the control API, which OpenAPI describes. */
  readonly shape: ValueShape;
  /** What the value of an option is called in the usage text; empty: the option needs none. */
  readonly valueName: string;
  /** Words that a shell offers. */
  readonly words?: readonly string[];
  /** Whether a quoted text is taken as it is, where others would be read as a word. */
  readonly verbatim?: boolean;
  /**
   * What a word of a document or of a command line stands for.
   *
   * @returns what fits no value stays a text, for {@linkcode read} to judge
   */
  parse(text: string): unknown;
  /**
   * Judges a value and brings it into its final form.
   *
   * @param key what operators call the setting
   * @throws {TypeError} saying what is allowed and what was found
   */
  read(key: string, value: unknown): T;
  /** What a document shows; anything that is no value is shown as it is. */
  show(value: unknown): unknown;
}

/**
 * Words what is wrong with a value.
 *
 * @param allowed completes "<key> must be …"
 */
export function wrongValue(key: string, allowed: string, found: unknown): TypeError {
  return new TypeError(`${key} must be ${allowed}, found ${JSON.stringify(found)}`);
}

/** Shows a value as it is. */
export function showPlain(value: unknown): unknown {
  return value ?? null;
}
