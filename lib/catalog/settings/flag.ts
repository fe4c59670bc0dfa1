import { type SettingKind, showPlain, wrongValue } from "./setting_kind.ts";

/** True or false. */
export const FLAG: SettingKind<boolean> = {
  shape: { type: "flag" },
  valueName: "",
  words: ["true", "false"],
  parse(text) {
    if (/^(true|yes|on)$/i.test(text)) return true;
    return /^(false|no|off)$/i.test(text) ? false : text;
  },
  read(key, value) {
    if (typeof value === "boolean") return value;
    throw wrongValue(key, "true or false", value);
  },
  show: showPlain,
};

/** True, false, or `null`: as the configuration says. */
export const OPTIONAL_FLAG: SettingKind<boolean | null> = {
  shape: { type: "flag", nullable: true },
  valueName: "",
  words: ["true", "false", "null"],
  parse: (text) => /^(~|null)?$/i.test(text) ? null : FLAG.parse(text),
  read(key, value) {
    if (value === null || typeof value === "boolean") return value;
    throw wrongValue(key, "true, false or null", value);
  },
  show: showPlain,
};
