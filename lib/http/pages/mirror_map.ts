import type { GeoRecord } from "../../geo/geo_record.ts";
import type { Candidate } from "../../selection/selection.ts";
import { shareText } from "../render/share_text.ts";
import { drawMap, type MapPin } from "./draw_map.ts";
import { mirrorPlace } from "./mirror_place.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";

/** Mirrors that the description names. */
const DESCRIBED = 10;

/**
 * Draws where the client and the mirrors are, numbered by rank, with a line to the first.
 *
 * @param client `null` when unknown
 * @param candidates by rank
 * @returns HTML; empty when there is nothing to show
 */
export async function renderMirrorMap(
  client: GeoRecord | null,
  candidates: readonly Candidate[],
): Promise<Html> {
  const located = client?.located ? client : null;
  const pins = candidates.flatMap((candidate, index): MapPin[] => {
    const place = mirrorPlace(candidate.mirror);
    return place === null ? [] : [pinOf(candidate, index + 1, place)];
  });
  if (pins.length === 0 && located === null) return NO_HTML;
  const first = candidates[0];
  const map = await drawMap({
    id: "map",
    title: "Map of the mirrors",
    description: descriptionOf(located, candidates),
    pins,
    client: located,
    chosen: first === undefined ? null : mirrorPlace(first.mirror),
  });
  const everywhere = candidates.flatMap(({ mirror }, index) =>
    mirror.global ? [`${index + 1}. ${mirror.sponsorName || mirror.name}`] : []
  );
  const unplaced = candidates.length - pins.length - everywhere.length;
  return markup`<section class="card" aria-labelledby="where">
<h2 id="where">${candidates.length > 0 ? "Where they are" : "Where you are"}</h2>
<figure>${map}
<figcaption>
<ul class="legend">
${legend(located !== null, candidates, everywhere, unplaced)}
</ul>
</figcaption></figure>
</section>`;
}

function pinOf(
  { mirror, share }: Candidate,
  rank: number,
  place: MapPin["place"],
): MapPin {
  const name = mirror.sponsorName || mirror.name;
  const country = mirror.countryCodes[0] ?? "";
  const text = share === null ? "" : `: ${shareText(share)}`;
  return {
    place,
    title: `${rank}. ${name}${country && `, ${country}`}${text}`,
    kind: share === null ? "pin" : "pin drawn",
    face: markup`<text font-size="${rank < 100 ? 10 : 8}">${rank}</text>`,
    key: mirror.id,
  };
}

function descriptionOf(client: GeoRecord | null, candidates: readonly Candidate[]): string {
  const you = client === null
    ? "Your place is not known."
    : `You are in ${
      [client.city, client.country].filter(Boolean).join(", ") || "an unnamed place"
    }.`;
  const named = candidates.slice(0, DESCRIBED).map(({ mirror }, index) =>
    `${index + 1} ${mirror.sponsorName || mirror.name}${
      mirror.countryCodes[0] ? ` in ${mirror.countryCodes[0]}` : ""
    }`
  );
  const more = candidates.length > DESCRIBED ? `, and ${candidates.length - DESCRIBED} more` : "";
  return `${you} Mirrors by rank: ${named.join(", ") || "none"}${more}.`;
}

function legend(
  client: boolean,
  candidates: readonly Candidate[],
  everywhere: readonly string[],
  unplaced: number,
): Html {
  const drawn = candidates.some(({ share }) => share !== null);
  const symbol = (content: Html): Html =>
    markup`<svg viewBox="-12 -12 24 24" aria-hidden="true">${content}</svg>`;
  const items = [
    client
      ? markup`${
        symbol(markup`<g class="client"><circle r="9"/><circle class="dot" r="3.5"/></g>`)
      }You`
      : NO_HTML,
    drawn
      ? markup`${
        symbol(markup`<g class="pin drawn"><circle r="10"/></g>`)
      }Mirrors that share your downloads`
      : NO_HTML,
    candidates.some(({ share }) => share === null)
      ? markup`${symbol(markup`<g class="pin"><circle r="10"/></g>`)}${
        drawn ? "Others" : "Mirrors"
      }, by rank`
      : NO_HTML,
    everywhere.length > 0 ? markup`Everywhere: ${everywhere.join(", ")}` : NO_HTML,
    unplaced > 0 ? markup`${unplaced} of unknown place` : NO_HTML,
  ];
  const shown = items.filter(({ length }) => length > 0);
  return lines(shown.map((item) => markup`<li>${item}</li>`));
}
