import { type SettingKind, wrongValue } from "./setting_kind.ts";

/** A list of AS numbers, written with commas or spaces, with or without `AS`; each comes once. */
export const AS_NUMBERS: SettingKind<readonly number[]> = {
  shape: { type: "list", items: { type: "integer", minimum: 1, maximum: 2 ** 32 - 1 } },
  valueName: "list",
  parse: (text) => /^(~|null)?$/.test(text) ? "" : text,
  read(key, value) {
    const text = Array.isArray(value) || typeof value === "number"
      ? [value].flat().join(" ")
      : value;
    if (typeof text !== "string") throw wrongValue(key, "a list of AS numbers", value);
    const numbers = text.split(/[\s,;]+/).filter((one) => one !== "").map((word) => {
      const number = /^(?:AS)?[1-9]\d{0,9}$/i.test(word) ? Number(word.replace(/^AS/i, "")) : 0;
      if (number > 0 && number < 2 ** 32) return number;
      throw wrongValue(key, 'AS numbers such as "4837 24445"', word);
    });
    return [...new Set(numbers)];
  },
  show: (value) => Array.isArray(value) ? value.join(" ") : value ?? null,
};
