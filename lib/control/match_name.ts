import { ControlError } from "./api/control_error.ts";

/**
 * Finds the one mirror that an operator means. An exact name wins, then the name in another case,
 * then the only name that contains the text in any case.
 *
 * @param text a name, or part of one
 * @throws {ControlError} `no_match` or `multiple_match`
 */
export function matchName<T extends { readonly name: string }>(
  mirrors: readonly T[],
  text: string,
): T {
  const exact = mirrors.find(({ name }) => name === text);
  if (exact) return exact;
  const wanted = text.toLowerCase();
  const sameLetters = mirrors.filter(({ name }) => name.toLowerCase() === wanted);
  if (sameLetters.length === 1) return sameLetters[0]!;
  const containing = text === ""
    ? []
    : mirrors.filter(({ name }) => name.toLowerCase().includes(wanted));
  if (containing.length === 1) return containing[0]!;
  if (containing.length === 0) throw new ControlError("no_match", `No match for '${text}'`);
  const matches = containing.map(({ name }) => name).sort();
  throw new ControlError("multiple_match", "Multiple match", { matches });
}
