import { formatQuantity, parseQuantity, type QuantityUnit } from "../quantity.ts";
import { type SettingKind, wrongValue } from "./setting_kind.ts";

const WORDS: Record<QuantityUnit, string> = {
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
      throw wrongValue(key, WORDS[unit], value);
    },
    show(value) {
      if (typeof value !== "number") return value ?? null;
      const text = formatQuantity(value, unit);
      // What needs no unit needs no quotes either.
      return /^\d+$/.test(text) ? Number(text) : text;
    },
  };
}
