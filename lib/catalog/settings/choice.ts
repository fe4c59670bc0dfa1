import { type SettingKind, showPlain, wrongValue } from "./setting_kind.ts";

/** One of several words, in any case, or `null`: as the configuration says. */
export function choiceKind<const Word extends string>(
  ...words: readonly Word[]
): SettingKind<Word | null> {
  return {
    shape: { type: "choice", words, nullable: true },
    valueName: "word",
    words: [...words, "null"],
    parse(text) {
      if (/^(~|null)?$/i.test(text)) return null;
      return words.find((word) => word === text.toLowerCase()) ?? text;
    },
    read(key, value) {
      if (value === null) return null;
      const word = words.find((one) => one === value);
      if (word !== undefined) return word;
      throw wrongValue(key, `${words.join(", ")} or null`, value);
    },
    show: showPlain,
  };
}
