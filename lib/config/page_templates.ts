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
}

/** The embedded pages, as they are. */
export const NO_TEMPLATES: PageTemplates = {
  page: null,
  header: null,
  footer: null,
  style: "",
  logo: null,
};
