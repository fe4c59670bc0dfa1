import { ALL_SETTINGS, type Setting } from "../lib/catalog/settings/mirror_settings.ts";
import { type Flag, type Flags, type FlagValues, UsageError } from "./flags.ts";

/** What a shell offers for an assignment of the form `Key=Value`. */
export const ASSIGNMENT_WORDS: readonly string[] = ALL_SETTINGS.flatMap(({ key, kind }) =>
  (kind.words ?? [""]).map((word) => `${key}=${word}`)
);

const WITH_OPTION = ALL_SETTINGS.filter(({ option }) => option !== "")
  .toSorted((a, b) => a.option < b.option ? -1 : 1);

/** An option for each setting of a mirror, by name; one that is not given has no value. */
export const SETTING_FLAGS: Flags = Object.fromEntries(
  WITH_OPTION.map((setting) => [setting.option, settingFlag(setting)]),
);

/**
 * What the options of a command line say.
 *
 * @param values of {@linkcode SETTING_FLAGS} and perhaps others
 * @returns values by property, of those that were given
 */
export function givenSettings(values: FlagValues<Flags>): Readonly<Record<string, unknown>> {
  const given = WITH_OPTION.filter(({ option }) => values[option] !== undefined);
  return Object.fromEntries(given.map(({ property, option }) => [property, values[option]]));
}

function settingFlag({ key, usage, kind }: Setting): Flag<unknown> {
  return {
    usage,
    valueName: kind.valueName,
    byDefault: undefined,
    defaultText: "",
    ...(kind.words && kind.valueName !== "" ? { completes: kind.words } : {}),
    parse(text) {
      // The daemon judges texts and numbers; what is no value at all is a wrong command line.
      if (kind.verbatim) return text;
      const value = kind.valueName === "" ? truthValue(text) : text;
      const parsed = typeof value === "string" ? kind.parse(value.trim()) : value;
      if (typeof parsed !== "string") return parsed;
      try {
        kind.read(key, parsed);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        throw new UsageError(error.message);
      }
      return parsed;
    },
  };
}

/** An option may also be written as Go reads truth values. */
function truthValue(text: string): boolean | string {
  if (/^(1|t)$/i.test(text)) return true;
  return /^(0|f)$/i.test(text) ? false : text;
}
