/** What leads to a value: the key, then keys and positions within it. */
export type ValuePath = readonly (string | number)[];

/** Says where a value stands: `"mirrorbits.conf" line 12`, or the name of a variable or an option. */
export type PlaceOf = (path: ValuePath) => string;

/**
 * Names a value in messages.
 *
 * @returns such as `Fallbacks entry 2: URL`
 */
export function label(path: ValuePath): string {
  return path.reduce<string>((text, step, index) => {
    if (index === 0) return String(step);
    return typeof step === "number" ? `${text} entry ${step + 1}` : `${text}: ${step}`;
  }, "");
}

/**
 * Shows what was written in messages.
 *
 * @returns one short line
 */
export function show(written: unknown): string {
  if (written === null) return "nothing";
  if (Array.isArray(written)) return "a list";
  if (typeof written === "object") return "a map";
  const text = String(written);
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
