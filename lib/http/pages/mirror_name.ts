import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import { embeddedLogo } from "./embedded_logo.ts";
import { renderLink } from "./link.ts";
import { type Html, markup } from "../render/html.ts";
import type { Words } from "./words/words.ts";

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

/** The style draws the sign of a logo that is elsewhere. */
function logoOf(words: Words, mirror: Parameters<typeof renderMirrorName>[1]): Html {
  const { name, sponsorName, sponsorLogoUrl } = mirror;
  const image = embeddedLogo(mirror);
  if (image.length > 0 || !/^https?:\/\//i.test(sponsorLogoUrl)) return image;
  const label = words.text("list.logo", { name: sponsorName || name });
  return markup`<a class="picture" href="${sponsorLogoUrl}" title="${label}"></a>`;
}
