import { type DurationUnit, formatDuration, parseDuration } from "../duration.ts";
import { type SettingKind, wrongValue } from "./setting_kind.ts";

const WORDS: Record<DurationUnit, string> = {
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
      throw wrongValue(key, `${WORDS[unit]} or null`, value);
    },
    show(value) {
      if (typeof value !== "number") return value ?? null;
      const text = formatDuration(value, unit);
      // What needs no unit needs no quotes either.
      return /^\d+$/.test(text) ? Number(text) : text;
    },
  };
}
