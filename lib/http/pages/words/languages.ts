import { EN, type Messages } from "./en.ts";

/** A language in which the pages are. */
export interface Language {
  /** BCP 47. */
  readonly tag: string;
  /** What it calls itself. */
  readonly name: string;
  /** Where lines begin. */
  readonly direction: "ltr" | "rtl";
  /** Its texts, loaded when somebody asks for them first. */
  readonly load: () => Promise<Messages>;
}

/** English, which is spoken where nothing else is asked for. */
export const ENGLISH_LANGUAGE: Language = {
  tag: "en",
  name: "English",
  direction: "ltr",
  load: () => Promise.resolve(EN),
};

/** The languages that the program brings along. One more is a row here and a file beside this one. */
export const LANGUAGES: readonly [Language, ...Language[]] = [
  ENGLISH_LANGUAGE,
  language("de", "Deutsch", async () => (await import("./de.ts")).DE),
  language("fr", "Français", async () => (await import("./fr.ts")).FR),
  language("es", "Español", async () => (await import("./es.ts")).ES),
  language("pt", "Português", async () => (await import("./pt.ts")).PT),
  language("ru", "Русский", async () => (await import("./ru.ts")).RU),
  language("zh-Hans", "简体中文", async () => (await import("./zh_hans.ts")).ZH_HANS),
  language("ja", "日本語", async () => (await import("./ja.ts")).JA),
  { ...language("ar", "العربية", async () => (await import("./ar.ts")).AR), direction: "rtl" },
];

function language(tag: string, name: string, load: Language["load"]): Language {
  return { tag, name, direction: "ltr", load };
}
