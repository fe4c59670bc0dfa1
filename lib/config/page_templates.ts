/** What an operator puts around the pages: the content of the files in the directory `Templates`. */
export interface PageTemplates {
  /** `page.html`: the whole frame; `null`: the embedded one. */
  readonly page: string | null;
  /** `header.html`: what stands above the content; `null`: the embedded one. */
  readonly header: string | null;
  /** `footer.html`: what stands below the content; `null`: the embedded one. */
  readonly footer: string | null;
  /** `style.css`: follows the embedded style; empty: nothing does. */
  readonly style: string;
  /** `logo.svg`, `logo.png` or `logo.webp` as a `data:` URL; `null`: the embedded one. */
  readonly logo: string | null;
  /** `language.TAG.json`: languages that are added, or worded otherwise. */
  readonly languages: readonly TemplateLanguage[];
}

/** A text, or one for each category of numbers. */
export type TemplateText = string | ({ readonly other: string } & Readonly<Record<string, string>>);

/** A language that an operator adds. */
export interface TemplateLanguage {
  /** BCP 47. */
  readonly tag: string;
  /** What it calls itself. */
  readonly name: string;
  /** Where lines begin. */
  readonly direction: "ltr" | "rtl";
  /** Its texts, by name; what is missing is said as before, or in English. */
  readonly texts: Readonly<Record<string, TemplateText>>;
}

/** The embedded pages, as they are. */
export const NO_TEMPLATES: PageTemplates = {
  page: null,
  header: null,
  footer: null,
  style: "",
  logo: null,
  languages: [],
};
