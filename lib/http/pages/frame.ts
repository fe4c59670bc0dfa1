import type { GeoCredit } from "../../geo/geo_credit.ts";
import { type Html, markup, NO_HTML } from "../render/html.ts";
import type { HttpConfig } from "../request/config.ts";
import {
  EMBEDDED_FOOTER,
  EMBEDDED_HEADER,
  EMBEDDED_PAGE,
  PAGE_PLACEHOLDERS,
  PAGE_REQUIRED,
  PART_PLACEHOLDERS,
} from "./embedded_frame.ts";
import { NO_TEMPLATES, type PageTemplates } from "../../config/page_templates.ts";
import { compactSource } from "./compact_source.ts";
import script from "./script.js" with { type: "text" };
import { securityPolicy } from "./security_policy.ts";
import style from "./style.css" with { type: "text" };
import { readTemplate, type Template } from "./template.ts";
import { ENGLISH_LANGUAGE, type Language } from "./words/languages.ts";
import { ENGLISH, type Words } from "./words/words.ts";

/** Three mirrors that one request may go to. */
const EMBEDDED_LOGO =
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#2563c9"/>` +
  `<path d="M8 16h6m0 0c4 0 3-7 9-7m-9 7h9m-9 0c4 0 3 7 9 7" fill="none" stroke="#fff" stroke-width="2"/>` +
  `<g fill="#fff"><circle cx="8" cy="16" r="3"/><circle cx="24" cy="9" r="2.5"/><circle cx="24" cy="16" r="2.5"/>` +
  `<circle cx="24" cy="23" r="2.5"/></g></svg>`;

/** The embedded logo, as a `data:` URL: it is part of the page and needs no further request. */
const EMBEDDED_LOGO_URL = `data:image/svg+xml,${
  EMBEDDED_LOGO.replace(/[<>#"]/g, encodeURIComponent)
}`;

/** What stands around the content of every page. */
export interface Frame {
  readonly page: Template<typeof PAGE_PLACEHOLDERS[number]>;
  readonly header: Template<typeof PART_PLACEHOLDERS[number]>;
  readonly footer: Template<typeof PART_PLACEHOLDERS[number]>;
  /** What stands below any footer: a licence wants it there. */
  readonly credit: Html;
  /** CSS. */
  readonly style: string;
  /** JavaScript, which only adds comfort. */
  readonly script: string;
  /** A `data:` URL. */
  readonly logo: string;
  /** Content-Security-Policy that lets in the frame's own style and script, and nothing from outside. */
  readonly securityPolicy: string;
  /** Whether the frame says by itself which language the page is in. */
  readonly saysLanguage: boolean;
  /** What the page says, and how. */
  readonly words: Words;
  /** The language that links of the page ask for; `null`: the browser says which. */
  readonly lang: string | null;
  /** Whether everybody may see statistics. */
  readonly statistics: boolean;
  /** The languages that there are. */
  readonly languages: readonly Language[];
  /** Whether nobody said which language they read: tools do not, and they know the words of the original. */
  readonly plain: boolean;
  /** With what the page was asked for, as in its address, without the language. */
  readonly query: string;
}

const frames = new WeakMap<PageTemplates, Frame>();

/**
 * The frame of the pages under a configuration, in English; made once for each.
 *
 * @param config what the operator configured, with the templates that were found good
 * @returns the frame
 */
export function frameOf(
  { pageTemplates = NO_TEMPLATES, geoCredit = null }: Pick<
    HttpConfig,
    "pageTemplates" | "geoCredit"
  >,
): Frame {
  let frame = frames.get(pageTemplates);
  if (frame === undefined) {
    frame = makeFrame(pageTemplates);
    frames.set(pageTemplates, frame);
  }
  return geoCredit === null ? frame : { ...frame, credit: creditLine(geoCredit) };
}

function creditLine({ text, url, licence, licenceUrl }: GeoCredit): Html {
  return markup`
<p><a href="${url}">${text}</a> (<a href="${licenceUrl}">${licence}</a>)</p>`;
}

/** @throws {TemplateError} */
function makeFrame(templates: PageTemplates): Frame {
  const part = (text: string) => readTemplate(text, PART_PLACEHOLDERS);
  const wholeStyle = compactStyle(style) + templates.style;
  const wholeScript = compactSource(script);
  return {
    page: readTemplate(templates.page ?? EMBEDDED_PAGE, PAGE_PLACEHOLDERS, PAGE_REQUIRED),
    header: part(templates.header ?? EMBEDDED_HEADER),
    footer: part(templates.footer ?? EMBEDDED_FOOTER),
    credit: NO_HTML,
    style: wholeStyle,
    script: wholeScript,
    logo: templates.logo ?? EMBEDDED_LOGO_URL,
    securityPolicy: securityPolicy(wholeStyle, wholeScript),
    saysLanguage: (templates.page ?? EMBEDDED_PAGE).match(/\{\{\s*language\s*\}\}/) !== null,
    words: ENGLISH,
    plain: false,
    lang: null,
    statistics: true,
    languages: [ENGLISH_LANGUAGE],
    query: "",
  };
}

/** Compacts a style of ours, in which nothing that is quoted has a brace, a semicolon, a colon or a comma. */
function compactStyle(source: string): string {
  return compactSource(source).replace(/\s*([{};])\s*/g, "$1").replaceAll(";}", "}")
    .replaceAll(": ", ":").replace(/,\s+/g, ",").replace(/(?<=[\s(,:-])0(?=\.\d)/g, "");
}
