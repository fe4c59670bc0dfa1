import { type SettingKind, showPlain, wrongValue } from "./setting_kind.ts";

function numberKind(type: "integer" | "number", minimum: number, maximum: number) {
  const what = type === "integer" ? "a whole number" : "a number";
  return {
    shape: { type, minimum, maximum },
    valueName: type === "integer" ? "int" : "number",
    parse: (text) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text,
    read(key, value) {
      const fits = typeof value === "number" && value >= minimum && value <= maximum &&
        (type === "number" || Number.isInteger(value));
      if (fits) return value;
      throw wrongValue(key, `${what} from ${minimum} to ${maximum}`, value);
    },
    show: showPlain,
  } satisfies SettingKind<number>;
}

/** A whole number within bounds; both are allowed. */
export function integerKind(minimum: number, maximum: number): SettingKind<number> {
  return numberKind("integer", minimum, maximum);
}

/** A number within bounds; both are allowed. */
export function decimalKind(minimum: number, maximum: number): SettingKind<number> {
  return numberKind("number", minimum, maximum);
}
