import { gatherMarkers } from "./gather_markers.ts";
import { type MapRegion, mapRegion } from "./map_region.ts";
import { type PlacedMarker, placeMarkers } from "./place_markers.ts";
import { type MapPoint, type Place, type World, world } from "./world.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";
import type { Words } from "./words/words.ts";

/** A mirror on a map with a marker of its own. */
export interface MapPin {
  readonly place: Place;
  /** What its title says, as text. */
  readonly title: string;
  /** Class of the marker. */
  readonly kind: string;
  /** What stands in the marker, as SVG around its middle, for a radius of 10. */
  readonly face: Html;
  /** Links the marker to a row of a table. */
  readonly key: number;
}

/** A mirror on a map that may share its marker with others. */
export interface MapOther {
  readonly place: Place;
  /** What it is called among others, as text. */
  readonly name: string;
  /** What its title says when it stands alone. */
  readonly title: string;
  /** Links it to a row of a table. */
  readonly key: number;
  /** What it looks like alone. */
  readonly kind: string;
  /** What stands in its marker then. */
  readonly face: Html;
}

/** What a map shows. */
export interface MapContent {
  readonly words: Words;
  /** Makes the ids on a page unique. */
  readonly id: string;
  /** As text. */
  readonly title: string;
  /** What can be seen, for those who cannot see it; as text. */
  readonly description: string;
  /** Each with a marker of its own; those that must not be moved aside come first. */
  readonly pins: readonly MapPin[];
  /** The others: where they are close together, one marker says how many there are. */
  readonly others: readonly MapOther[];
  /** Class of the marker of several. */
  readonly crowdKind?: (members: readonly MapOther[]) => string;
  /** Where the client is; `null` when unknown. */
  readonly client?: Place | null;
  /** Where the line from the client leads; `null`: there is none. */
  readonly chosen?: Place | null;
}

/** A map, as drawn. */
export interface DrawnMap {
  /** SVG elements in boxes that scroll where the map does not fit, with a switch between them. */
  readonly html: Html;
  /**
   * Which of its views have a marker that stands for several: what the legend says of it is of the class that
   * the style shows with that view. `null`: none has.
   */
  readonly crowded: "in-near" | "in-far" | "in-both" | null;
}

/** Units of the drawing from west to east: pixels, on most screens. */
const WIDTH = 760;

/** Radius of a marker: large enough to be touched. */
const RADIUS = 12;

/** Distance below which mirrors share a marker. */
const REACH = 26;

/** So many find room one beside the other. */
const FEW = 20;

/** Names that the title of a marker for several mirrors has. */
const NAMED = 8;

/**
 * Draws a map with mirrors on it: around the client and the pins, and the whole world, of which the reader
 * sees one at a time; or the world alone when that is where they are.
 *
 * @param content what it shows
 */
export async function drawMap(content: MapContent): Promise<DrawnMap> {
  const { words, id, description, pins, others, client = null } = content;
  const map = await world();
  const whole = { x: 0, y: 0, width: map.width, height: map.height };
  const centre = (pins.length > 0 ? pins : others).map(({ place }) => map.project(place));
  const region = mapRegion(map, client ? [...centre, map.project(client)] : centre);
  const land =
    markup`<svg class="defs" width="0" height="0" aria-hidden="true" focusable="false"><desc id="${id}-description">${description}</desc><path id="${id}-land" d="${map.land}"/></svg>`;
  const isOutside = ({ place }: MapOther): boolean => {
    const { x, y } = map.project(place);
    return x < region.x || y < region.y || x > region.x + region.width ||
      y > region.y + region.height;
  };
  if (!others.some(isOutside)) {
    const { html, crowded } = drawView(map, content, region, `${id}-view`);
    return { html: lines([land, html]), crowded: crowded ? "in-both" : null };
  }
  const choice = (name: string, text: string, checked: Html): Html =>
    markup`<input type="radio" name="${id}-view" id="${id}-${name}" class="pick ${name}"${checked}><label for="${id}-${name}">${text}</label>`;
  const near = drawView(map, content, region, `${id}-near-view`);
  const far = drawView(map, content, whole, `${id}-far-view`);
  const html = lines([
    land,
    choice("near", words.text("map.near"), markup` checked`),
    choice("far", words.text("map.world"), NO_HTML),
    markup`<div class="view near">${near.html}</div>`,
    markup`<div class="view far">${far.html}</div>`,
  ]);
  if (near.crowded) return { html, crowded: far.crowded ? "in-both" : "in-near" };
  return { html, crowded: far.crowded ? "in-far" : null };
}

function drawView(
  map: World,
  content: MapContent,
  region: MapRegion,
  id: string,
): { readonly html: Html; readonly crowded: boolean } {
  const { title, client = null, chosen = null } = content;
  const scale = WIDTH / region.width;
  const height = region.height * scale;
  const drawn = (place: Place): MapPoint => {
    const { x, y } = map.project(place);
    return { x: (x - region.x) * scale, y: (y - region.y) * scale };
  };
  const isInside = ({ x, y }: MapPoint): boolean => x >= 0 && x <= WIDTH && y >= 0 && y <= height;
  const pins = content.pins.map((pin) => ({ ...pin, spot: drawn(pin.place) }))
    .filter(({ spot }) => isInside(spot));
  const others = content.others.map((item) => ({ item, at: drawn(item.place) }))
    .filter(({ at }) => isInside(at));
  const crowds = gatherMarkers(others, pins.length + others.length > FEW ? REACH : -1);
  // The client is where it is: markers make room for it.
  const clientSpot = client === null ? [] : [drawn(client)];
  const spots = [...clientSpot, ...pins.map(({ spot }) => spot), ...crowds.map(({ at }) => at)];
  const markers = placeMarkers(spots, { width: WIDTH, height, radius: RADIUS });
  const clientMarker = client === null ? undefined : markers.shift();
  const faces = [...pins, ...crowds.map(({ items }) => crowdPin(content, items))];
  const move = `scale(${round(scale, 4)}) translate(${round(-region.x)} ${round(-region.y)})`;
  const parts = [
    markup`<title id="${id}-title">${title}</title>`,
    markup`<use class="land" transform="${move}" href="#${content.id}-land"/>`,
    client && chosen
      ? markup`<path class="way" transform="${move}" vector-effect="non-scaling-stroke" d="${
        map.way(client, chosen)
      }"/>`
      : NO_HTML,
    leads(markers),
    clientMarker ? clientSvg(content.words, clientMarker) : NO_HTML,
    markers.length === 0 ? NO_HTML : markup`<g transform="scale(${RADIUS / 10})">
${lines(markers.map((marker, index) => pinSvg(faces[index]!, marker)))}
</g>`,
  ];
  const html = markup`<div class="scroll" tabindex="0" role="group" aria-label="${title}">
<svg class="map" viewBox="0 0 ${WIDTH} ${
    round(height)
  }" role="group" aria-labelledby="${id}-title" aria-describedby="${content.id}-description">
${lines(parts)}
</svg></div>`;
  return { html, crowded: crowds.some(({ items }) => items.length > 1) };
}

/**
 * Says in a legend what a marker that stands for several is, where the map has any.
 *
 * @param words of the language
 * @param crowded which views have one
 * @returns an item of a list; empty where there is none
 */
export function crowdLegend(words: Words, crowded: DrawnMap["crowded"]): Html {
  return crowded === null
    ? NO_HTML
    : markup`<li class="${crowded}"><svg viewBox="-12 -12 24 24" aria-hidden="true"><g class="pin crowd"><circle r="10"/><text>×2</text></g></svg>${
      words.text("map.cluster")
    }</li>`;
}

/** The marker of one or of several. */
function crowdPin(
  { words, crowdKind = () => "" }: MapContent,
  members: readonly MapOther[],
): Omit<MapPin, "place"> {
  const [first, ...more] = members;
  const { key, title, kind, face } = first!;
  if (more.length === 0) return { key, kind, face, title };
  const count = members.length;
  const names = members.slice(0, NAMED).map((each) => each.name);
  const mirrors = words.joined(count > NAMED ? [...names, "…"] : names);
  return {
    key,
    kind: `pin crowd ${crowdKind(members)}`.trim(),
    face: markup`<text${count < 10 ? NO_HTML : markup` class="small"`}>×${count}</text>`,
    title: words.text("map.cluster.named", { count, mirrors }),
  };
}

/** Lines from the markers that had to move to the places that they stand for. */
function leads(markers: readonly PlacedMarker[]): Html {
  const moved = markers.filter(({ spot, at }) => Math.hypot(spot.x - at.x, spot.y - at.y) > 2);
  if (moved.length === 0) return NO_HTML;
  const way = moved.map(({ spot, at }) => `M${point(spot)}L${point(at)}`).join("");
  const spots = new Map(moved.map(({ spot }) => [point(spot), spot]));
  const circles = Array.from(
    spots.values(),
    ({ x, y }) => markup`<circle class="spot" cx="${round(x)}" cy="${round(y)}" r="2"/>`,
  );
  return markup`<path class="lead" d="${way}"/>${circles}`;
}

function clientSvg(words: Words, { at }: PlacedMarker): Html {
  const place = markup`cx="${round(at.x)}" cy="${round(at.y)}"`;
  return markup`<g class="client"><title>${
    words.text("map.you")
  }</title><circle ${place} r="9"/><circle class="dot" ${place} r="3.5"/></g>`;
}

/** @returns a marker with a radius of 10, in a drawing that is so much smaller */
function pinSvg({ title, kind, face, key }: Omit<MapPin, "place">, { at }: PlacedMarker): Html {
  return markup`<a href="#m${key}" class="${kind}" transform="translate(${
    point(smaller(at))
  })"><title>${title}</title><circle r="10"/>${face}</a>`;
}

function smaller({ x, y }: MapPoint): MapPoint {
  return { x: x * 10 / RADIUS, y: y * 10 / RADIUS };
}

function point({ x, y }: MapPoint): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
