import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import { renderLink } from "./link.ts";
import { type Html, markup, NO_HTML } from "../render/html.ts";
import type { Words } from "./words/words.ts";

/** An image that is part of the page; of other kinds some could be more than a picture. */
const EMBEDDED_IMAGE = /^data:image\/(?:png|webp|jpeg|gif|svg\+xml)[;,]/i;

/** Longer ones would make a page of a hundred mirrors too heavy. */
const LONGEST_IMAGE = 12_000;

const PICTURE =
  markup`<svg class="logo" viewBox="0 0 20 16" aria-hidden="true"><path d="M2 2h16v12H2zm2 10 4-5 3 3 3-4 3 6" fill="none" stroke="currentColor" stroke-width="1.5"/></svg>`;

/**
 * Renders who provides a mirror: the sponsor with logo and link where there is one, else the mirror's
 * name. A logo is shown only when its URL holds it (`data:`), because the page must not make a browser
 * ask another host; otherwise a link leads to it.
 *
 * @param words of the language
 * @param mirror the mirror
 * @param own the text; default: the sponsor's name, else the mirror's
 * @returns HTML
 */
export function renderMirrorName(
  words: Words,
  mirror: Pick<MirrorRecord, "name" | "sponsorName" | "sponsorUrl" | "sponsorLogoUrl">,
  own: string = mirror.sponsorName || mirror.name,
): Html {
  const other = own === mirror.name ? mirror.sponsorName : mirror.name;
  const link = renderLink(own, mirror.sponsorUrl, other === own ? "" : other);
  return markup`${logoOf(words, mirror)}${link}`;
}

function logoOf(
  words: Words,
  { name, sponsorName, sponsorLogoUrl }: Parameters<typeof renderMirrorName>[1],
): Html {
  if (EMBEDDED_IMAGE.test(sponsorLogoUrl) && sponsorLogoUrl.length <= LONGEST_IMAGE) {
    return markup`<img class="logo" src="${sponsorLogoUrl}" alt="">`;
  }
  if (!/^https?:\/\//i.test(sponsorLogoUrl)) return NO_HTML;
  const label = words.text("list.logo", { name: sponsorName || name });
  return markup`<a href="${sponsorLogoUrl}" aria-label="${label}" title="${label}">${PICTURE}</a>`;
}
