import type { GeoRecord } from "../../geo/geo_record.ts";
import type { Candidate } from "../../selection/selection.ts";
import { crowdLegend, drawMap, type DrawnMap, type MapOther, type MapPin } from "./draw_map.ts";
import { mirrorPlace } from "./mirror_place.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";
import type { Words } from "./words/words.ts";

/** Mirrors that get a number beside those that share the download. */
const NUMBERED = 10;

/** Mirrors with numbers at most, however many share. */
const MOST_NUMBERED = 40;

/** Mirrors that the description names. */
const DESCRIBED = 10;

/**
 * Draws where the client and the mirrors are, those that count numbered by rank, with a line to the first.
 *
 * @param words of the language
 * @param client `null` when unknown
 * @param candidates by rank
 * @returns HTML; empty when there is nothing to show
 */
export async function renderMirrorMap(
  words: Words,
  client: GeoRecord | null,
  candidates: readonly Candidate[],
): Promise<Html> {
  const located = client?.located ? client : null;
  const drawn = candidates.filter(({ share }) => share !== null).length;
  // Where nobody knows the client's place, none comes before the others.
  const ordered = located !== null || candidates.length <= NUMBERED;
  const numbered = ordered ? Math.min(drawn + NUMBERED, MOST_NUMBERED) : 0;
  const pins: MapPin[] = [];
  const others: MapOther[] = [];
  candidates.forEach((candidate, index) => {
    const place = mirrorPlace(candidate.mirror);
    if (place === null) return;
    if (index < numbered) pins.push(pinOf(words, candidate, index + 1, place));
    else others.push(otherOf(words, candidate, index + 1, place));
  });
  const shown = pins.length + others.length;
  if (shown === 0 && located === null) return NO_HTML;
  const first = candidates[0];
  const map = await drawMap({
    words,
    id: "map",
    title: words.text("map.title"),
    description: descriptionOf(words, located, candidates),
    pins,
    others,
    client: located,
    chosen: first === undefined ? null : mirrorPlace(first.mirror),
  });
  const everywhere = candidates.flatMap(({ mirror }, index) =>
    mirror.global ? [`${index + 1}. ${mirror.sponsorName || mirror.name}`] : []
  );
  const unplaced = candidates.length - shown - everywhere.length;
  const items = legend(words, located !== null, {
    ...{ pins, everywhere, unplaced },
    crowded: map.crowded,
  });
  return markup`<section class="card" aria-labelledby="where">
<h2 id="where">${words.text(candidates.length > 0 ? "map.where" : "map.where.you")}</h2>
<a class="skip" href="#after-map">${words.text("map.skip")}</a>
<figure class="maps">${map.html}
<figcaption>
<ul class="legend">
${items}
</ul>
</figcaption></figure>
<span id="after-map" tabindex="-1"></span>
</section>`;
}

function pinOf(
  words: Words,
  candidate: Candidate,
  rank: number,
  place: MapPin["place"],
): MapPin {
  const { mirror, share } = candidate;
  return {
    place,
    title: titleOf(words, candidate, rank),
    kind: share === null ? "pin" : "pin drawn",
    face: markup`<text${rank < 100 ? NO_HTML : markup` class="small"`}>${rank}</text>`,
    key: mirror.id,
  };
}

function otherOf(
  words: Words,
  candidate: Candidate,
  rank: number,
  place: MapPin["place"],
): MapOther {
  return {
    place,
    name: `${rank}. ${candidate.mirror.name}`,
    title: titleOf(words, candidate, rank),
    kind: "pin alone",
    face: markup`<circle class="hit" r="10"/>`,
    key: candidate.mirror.id,
  };
}

/** `3. Example University, Sweden: 25%`. */
function titleOf(words: Words, { mirror, share }: Candidate, rank: number): string {
  const name = mirror.sponsorName || mirror.name;
  const country = words.country(mirror.countryCodes[0] ?? "");
  const text = share === null ? "" : `: ${words.share(share)}`;
  return `${rank}. ${words.joined(country ? [name, country] : [name])}${text}`;
}

function descriptionOf(
  words: Words,
  client: GeoRecord | null,
  candidates: readonly Candidate[],
): string {
  const names = [client?.city ?? "", words.country(client?.countryCode ?? "")].filter(Boolean);
  const place = words.joined(names) || words.text("map.you.unnamed");
  const you = client === null ? words.text("map.you.unknown") : words.text("map.you.in", { place });
  const named = candidates.slice(0, DESCRIBED).map(({ mirror }, index) => {
    const code = mirror.countryCodes[0];
    const name = mirror.sponsorName || mirror.name;
    return `${index + 1} ${name}${code ? ` (${words.country(code)})` : ""}`;
  });
  const mirrors = words.joined(named) || words.text("map.none");
  const more = candidates.length - named.length;
  return `${you} ${
    more > 0
      ? words.text("map.described.more", { mirrors, count: more })
      : words.text("map.described", { mirrors })
  }`;
}

/** What the legend explains. */
interface Explained {
  readonly pins: readonly MapPin[];
  readonly crowded: DrawnMap["crowded"];
  readonly everywhere: readonly string[];
  readonly unplaced: number;
}

function legend(
  words: Words,
  client: boolean,
  { pins, crowded, everywhere, unplaced }: Explained,
): Html {
  const drawn = pins.some(({ kind }) => kind === "pin drawn");
  const item = (sign: Html, text: string): Html =>
    markup`<li>${
      sign.length === 0
        ? NO_HTML
        : markup`<svg viewBox="-12 -12 24 24" aria-hidden="true">${sign}</svg>`
    }${text}</li>`;
  const items = [
    client
      ? item(
        markup`<g class="client"><circle r="9"/><circle class="dot" r="3.5"/></g>`,
        words.text("map.you"),
      )
      : NO_HTML,
    drawn
      ? item(markup`<g class="pin drawn"><circle r="10"/></g>`, words.text("map.drawn"))
      : NO_HTML,
    pins.some(({ kind }) => kind === "pin")
      ? item(
        markup`<g class="pin"><circle r="10"/></g>`,
        words.text(drawn ? "map.ranked.others" : "map.ranked"),
      )
      : NO_HTML,
    crowdLegend(words, crowded),
    everywhere.length > 0
      ? item(NO_HTML, words.text("map.everywhere", { mirrors: words.joined(everywhere) }))
      : NO_HTML,
    unplaced > 0 ? item(NO_HTML, words.text("map.unplaced", { count: unplaced })) : NO_HTML,
  ];
  return lines(items.filter(({ length }) => length > 0));
}
