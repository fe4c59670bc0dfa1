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
export const LANGUAGES: readonly Language[] = [
  ENGLISH_LANGUAGE,
];
