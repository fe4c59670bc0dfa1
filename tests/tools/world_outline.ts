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
    return beyond || areaOf(points) < SMALLEST_ISLAND ? "" : compactRing(points);
  }).join("");
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
