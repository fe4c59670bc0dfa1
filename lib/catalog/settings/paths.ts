import type { SettingKind } from "./setting_kind.ts";
import { wordsKind } from "./words.ts";

/** Prefixes of paths that a mirror carries, and with a `!` before them those that it does not. */
export const PATHS: SettingKind<readonly string[]> = wordsKind({
  list: "a list of paths",
  word: 'paths such as "/iso/" and "!/iso/nightly/"',
  judge: (word) => /^!?\//.test(word) && word.length <= 4096 ? word : null,
});
