/**
 * Draws the land of the world as an SVG path, from the outline of Natural Earth (public domain).
 * Run as a program, it writes the path into the source: the server has no need to draw it each time.
 *
 * @module
 */
import { geoPath } from "d3-geo";
import { feature } from "topojson-client";
import atlas from "world-atlas/land-110m.json" with { type: "json" };
import { worldProjection } from "../../lib/http/pages/world_projection.ts";

/** Smaller islands, in square units, are not worth their bytes. */
const SMALLEST_ISLAND = 12;

/** Bends below this, in units, cannot be seen: they are drawn straight. */
const SMALLEST_BEND = 0.9;

/** Draws the land in the units of the map. */
export async function drawOutline(): Promise<string> {
  const { projection, height } = await worldProjection();
  const path = geoPath(projection).digits(0);
  return compactPath(path(feature(atlas, atlas.objects.land)) ?? "", height);
}

/** Writes closed rings with relative steps, without tiny ones and without those beyond the edge. */
function compactPath(path: string, height: number): string {
  return path.split("M").slice(1).map((ring) => {
    const points = ring.replace("Z", "").split("L").map((point) => point.split(",").map(Number));
    const beyond = points.every(([, y = 0]) => y > height);
    return beyond || areaOf(points) < SMALLEST_ISLAND ? "" : compactRing(straightened(points));
  }).join("");
}

/** Leaves out points that lie on the way between others (Douglas and Peucker). */
function straightened(points: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const [first = [0, 0]] = points;
  const last = points.at(-1) ?? first;
  const [x1 = 0, y1 = 0] = first;
  const [x2 = 0, y2 = 0] = last;
  const length = Math.hypot(x2 - x1, y2 - y1);
  const bends = points.map(([x = 0, y = 0]) =>
    length === 0
      ? Math.hypot(x - x1, y - y1)
      : Math.abs((x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)) / length
  );
  const most = Math.max(...bends);
  if (points.length < 3 || most < SMALLEST_BEND) return points.length < 2 ? points : [first, last];
  const middle = bends.indexOf(most);
  const before = straightened(points.slice(0, middle + 1));
  return [...before.slice(0, -1), ...straightened(points.slice(middle))];
}

function areaOf(points: readonly (readonly number[])[]): number {
  let twice = 0;
  let [beforeX = 0, beforeY = 0] = points.at(-1) ?? [];
  for (const [x = 0, y = 0] of points) {
    twice += beforeX * y - x * beforeY;
    [beforeX, beforeY] = [x, y];
  }
  return Math.abs(twice / 2);
}

function compactRing([first = [], ...rest]: readonly (readonly number[])[]): string {
  let [beforeX = 0, beforeY = 0] = first;
  let steps = "";
  for (const [x = 0, y = 0] of rest) {
    const [dx, dy] = [x - beforeX, y - beforeY];
    [beforeX, beforeY] = [x, y];
    if (dx === 0 && dy === 0) continue;
    // A minus sign separates numbers as well as a space does.
    steps += `${steps === "" || dx < 0 ? "" : " "}${dx}${dy < 0 ? "" : " "}${dy}`;
  }
  return `M${first.join(" ")}l${steps}z`;
}

if (import.meta.main) {
  const text = [
    "/** The land of the world as an SVG path, in the units of the map: Natural Earth, 1:110m. */",
    `export const WORLD_OUTLINE =\n  "${await drawOutline()}";`,
  ].join("\n");
  const file = new URL("../../lib/http/pages/world_outline.ts", import.meta.url);
  await Deno.writeTextFile(file, `${text}\n`);
}
