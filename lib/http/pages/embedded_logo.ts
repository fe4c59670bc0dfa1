import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import { type Html, markup, NO_HTML } from "../render/html.ts";

/** An image that is part of the page; of other kinds some could be more than a picture. */
const EMBEDDED_IMAGE = /^data:image\/(?:png|webp|jpeg|gif|svg\+xml)[;,]/i;

/** Longer ones would make a page of a hundred mirrors too heavy. */
const LONGEST_IMAGE = 12_000;

/**
 * Renders the logo of who provides a mirror where its URL holds the image itself (`data:`), because the
 * page must not make a browser ask another host.
 *
 * @param mirror the mirror
 * @returns HTML; empty when there is none of that kind
 */
export function embeddedLogo({ sponsorLogoUrl }: Pick<MirrorRecord, "sponsorLogoUrl">): Html {
  if (!EMBEDDED_IMAGE.test(sponsorLogoUrl) || sponsorLogoUrl.length > LONGEST_IMAGE) return NO_HTML;
  return markup`<img class="logo" src="${sponsorLogoUrl}" alt="">`;
}
