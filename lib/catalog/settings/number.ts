import { type DurationUnit, formatDuration, parseDuration } from "../duration.ts";
import { formatQuantity, parseQuantity, type QuantityUnit } from "../quantity.ts";
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

const QUANTITIES: Record<QuantityUnit, string> = {
  bytes: "a number of bytes such as 500GB or 25TB, 0 for none",
  bits: "a number of bits per second such as 100Mbit or 1Gbit, 0 for none",
};

/** An amount of data, or of data per second; 0: none. It is a number in the API. */
export function quantityKind(unit: QuantityUnit): SettingKind<number> {
  return {
    shape: { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    valueName: "quantity",
    parse: (text) => parseQuantity(text, unit) ?? text,
    read(key, value) {
      if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
      throw wrongValue(key, QUANTITIES[unit], value);
    },
    show(value) {
      if (typeof value !== "number") return value ?? null;
      const text = formatQuantity(value, unit);
      // What needs no unit needs no quotes either.
      return /^\d+$/.test(text) ? Number(text) : text;
    },
  };
}

const DURATIONS: Record<DurationUnit, string> = {
  ms: "a duration such as 500ms or 2s (a number: milliseconds)",
  s: "a duration such as 90s or 30m (a number: seconds)",
  min: "a duration such as 30m, 9h or 14d (a number: minutes)",
};

/**
 * A duration, or `null`: as the configuration says.
 *
 * @param unit what a number without a unit counts, and the value itself
 */
export function durationKind(unit: DurationUnit): SettingKind<number | null> {
  return {
    shape: { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER, nullable: true },
    valueName: "duration",
    parse(text) {
      if (/^(~|null)?$/i.test(text)) return null;
      return parseDuration(text, unit) ?? text;
    },
    read(key, value) {
      if (value === null) return null;
      if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
      throw wrongValue(key, `${DURATIONS[unit]} or null`, value);
    },
    show(value) {
      if (typeof value !== "number") return value ?? null;
      const text = formatDuration(value, unit);
      // What needs no unit needs no quotes either.
      return /^\d+$/.test(text) ? Number(text) : text;
    },
  };
}
