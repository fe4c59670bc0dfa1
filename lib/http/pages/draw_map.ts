import { mapRegion } from "./map_region.ts";
import { type PlacedMarker, placeMarkers } from "./place_markers.ts";
import { type MapPoint, type Place, world } from "./world.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";

/** A mirror on a map. */
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

/** What a map shows. */
export interface MapContent {
  /** Makes the ids on a page unique. */
  readonly id: string;
  /** As text. */
  readonly title: string;
  /** What can be seen, for those who cannot see it; as text. */
  readonly description: string;
  /** Those that must not be moved aside come first. */
  readonly pins: readonly MapPin[];
  /** Where the client is; `null` when unknown. */
  readonly client?: Place | null;
  /** Where the line from the client leads; `null`: there is none. */
  readonly chosen?: Place | null;
}

/** Units of the drawing from west to east. */
const WIDTH = 1000;

/** More markers than this are drawn smaller. */
const MANY = 25;

/**
 * Draws a map of the world with mirrors on it.
 *
 * @param content what it shows
 * @returns an SVG element in a box that scrolls where the map does not fit
 */
export async function drawMap(content: MapContent): Promise<Html> {
  const { id, title, description, pins, client = null, chosen = null } = content;
  const { width, height, land, project, way } = await world();
  const points = pins.map(({ place }) => project(place));
  const clientPoint = client === null ? null : project(client);
  const region = mapRegion({ width, height }, clientPoint ? [...points, clientPoint] : points);
  const scale = WIDTH / region.width;
  const drawn = ({ x, y }: MapPoint): MapPoint => ({
    x: (x - region.x) * scale,
    y: (y - region.y) * scale,
  });
  const space = {
    width: WIDTH,
    height: region.height * scale,
    radius: pins.length > MANY ? 8 : 11,
  };
  // The client is where it is: markers make room for it.
  const spots = clientPoint ? [clientPoint, ...points] : points;
  const markers = placeMarkers(spots.map(drawn), space);
  const clientMarker = clientPoint ? markers.shift() : undefined;
  const move = `scale(${round(scale, 4)}) translate(${round(-region.x)} ${round(-region.y)})`;
  const parts = [
    markup`<title id="${id}-title">${title}</title>`,
    markup`<desc id="${id}-description">${description}</desc>`,
    markup`<path class="land" transform="${move}" d="${land}"/>`,
    client && chosen
      ? markup`<path class="way" transform="${move}" vector-effect="non-scaling-stroke" d="${
        way(client, chosen)
      }"/>`
      : NO_HTML,
    leads(markers),
    clientMarker ? clientSvg(clientMarker) : NO_HTML,
    ...markers.map((marker, index) => pinSvg(pins[index]!, marker, space.radius)).reverse(),
  ];
  return markup`<div class="scroll" tabindex="0" role="group" aria-label="${title}">
<svg class="map${pins.length > MANY ? " many" : ""}" viewBox="0 0 ${WIDTH} ${
    round(space.height)
  }" role="img" aria-labelledby="${id}-title ${id}-description">
${lines(parts)}
</svg></div>`;
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

function clientSvg({ at }: PlacedMarker): Html {
  const place = markup`cx="${round(at.x)}" cy="${round(at.y)}"`;
  return markup`<g class="client"><title>You</title><circle ${place} r="9"/><circle class="dot" ${place} r="3.5"/></g>`;
}

function pinSvg({ title, kind, face, key }: MapPin, { at }: PlacedMarker, radius: number): Html {
  const size = radius === 10 ? "" : ` scale(${round(radius / 10, 2)})`;
  return markup`<g class="${kind}" data-mirror="${key}" transform="translate(${
    point(at)
  })${size}"><title>${title}</title><circle r="10"/>${face}</g>`;
}

function point({ x, y }: MapPoint): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
