import { escapeHtml } from "../render/escape_html.ts";
import { mapRegion } from "./map_region.ts";
import { type PlacedMarker, placeMarkers } from "./place_markers.ts";
import { type MapPoint, type Place, world } from "./world.ts";

/** A mirror on a map. */
export interface MapPin {
  readonly place: Place;
  /** What its title says, as text. */
  readonly title: string;
  /** Class of the marker. */
  readonly kind: string;
  /** What stands in the marker, as SVG around its middle, for a radius of 10. */
  readonly face: string;
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
export async function drawMap(content: MapContent): Promise<string> {
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
    `<title id="${id}-title">${escapeHtml(title)}</title>`,
    `<desc id="${id}-description">${escapeHtml(description)}</desc>`,
    `<path class="land" transform="${move}" d="${land}"/>`,
    client && chosen
      ? `<path class="way" transform="${move}" vector-effect="non-scaling-stroke" d="${
        way(client, chosen)
      }"/>`
      : "",
    leads(markers),
    clientMarker ? clientSvg(clientMarker) : "",
    ...markers.map((marker, index) => pinSvg(pins[index]!, marker, space.radius)).reverse(),
  ];
  return `<div class="scroll" tabindex="0" role="group" aria-label="${escapeHtml(title)}">
<svg class="map${pins.length > MANY ? " many" : ""}" viewBox="0 0 ${WIDTH} ${
    round(space.height)
  }" role="img" aria-labelledby="${id}-title ${id}-description">
${parts.filter(Boolean).join("\n")}
</svg></div>`;
}

/** Lines from the markers that had to move to the places that they stand for. */
function leads(markers: readonly PlacedMarker[]): string {
  const moved = markers.filter(({ spot, at }) => Math.hypot(spot.x - at.x, spot.y - at.y) > 2);
  if (moved.length === 0) return "";
  const lines = moved.map(({ spot, at }) => `M${point(spot)}L${point(at)}`).join("");
  const spots = new Set(
    moved.map(({ spot }) =>
      `<circle class="spot" cx="${round(spot.x)}" cy="${round(spot.y)}" r="2"/>`
    ),
  );
  return `<path class="lead" d="${lines}"/>${[...spots].join("")}`;
}

function clientSvg({ at }: PlacedMarker): string {
  const place = `cx="${round(at.x)}" cy="${round(at.y)}"`;
  return `<g class="client"><title>You</title><circle ${place} r="9"/><circle class="dot" ${place} r="3.5"/></g>`;
}

function pinSvg({ title, kind, face, key }: MapPin, { at }: PlacedMarker, radius: number): string {
  const size = radius === 10 ? "" : ` scale(${round(radius / 10, 2)})`;
  return `<g class="${kind}" data-mirror="${key}" transform="translate(${
    point(at)
  })${size}"><title>${escapeHtml(title)}</title><circle r="10"/>${face}</g>`;
}

function point({ x, y }: MapPoint): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
