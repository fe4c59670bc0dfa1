import type { MirrorCondition } from "../request/mirror_condition.ts";
import type { MirrorDay } from "../render/mirror_stats.ts";
import { drawMap, type MapPin } from "./draw_map.ts";
import { mirrorPlace } from "./mirror_place.ts";
import { type Html, lines, markup } from "../render/html.ts";

/** How a condition looks: class, and a sign for those who do not tell the colours apart. */
export const CONDITION_LOOKS: Readonly<Record<MirrorCondition, { kind: string; sign: Html }>> = {
  "up": { kind: "good", sign: markup`<path d="M-4.5 .5-1 4 5-4"/>` },
  "partly up": { kind: "partial", sign: markup`<path d="M-5 0H5"/>` },
  "down": { kind: "bad", sign: markup`<path d="M-4-4 4 4M4-4-4 4"/>` },
  "disabled": { kind: "off", sign: markup`<path d="M-2-4V4M2-4V4"/>` },
};

const CONDITIONS = Object.keys(CONDITION_LOOKS) as MirrorCondition[];

/**
 * Draws where the mirrors are, and how they are.
 *
 * @param mirrors at least one
 * @returns HTML
 */
export async function renderStatsMap(mirrors: readonly MirrorDay[]): Promise<Html> {
  const pins = mirrors.flatMap(({ mirror, condition }): MapPin[] => {
    const place = mirrorPlace(mirror);
    if (place === null) return [];
    const { kind, sign } = CONDITION_LOOKS[condition];
    const title = `${mirror.name}: ${condition}`;
    return [{ place, title, kind: `pin state ${kind}`, face: sign, key: mirror.id }];
  });
  const counts = CONDITIONS.map((condition) => ({
    condition,
    count: mirrors.filter((day) => day.condition === condition).length,
  })).filter(({ count }) => count > 0);
  const map = await drawMap({
    id: "map",
    title: "Map of the mirrors by state",
    description: counts.map(({ condition, count }) => `${count} ${condition}`).join(", ") + ".",
    pins,
  });
  const items = counts.map(({ condition, count }) =>
    markup`<li>${conditionSign(condition)}${condition} (${count})</li>`
  );
  const everywhere = mirrors.filter(({ mirror }) => mirror.global).map(({ mirror }) => mirror.name);
  const unplaced = mirrors.length - pins.length - everywhere.length;
  if (everywhere.length > 0) items.push(markup`<li>Everywhere: ${everywhere.join(", ")}</li>`);
  if (unplaced > 0) items.push(markup`<li>${unplaced} of unknown place</li>`);
  return markup`<section class="card" aria-labelledby="where">
<h2 id="where">Where they are, and how</h2>
<figure>${map}
<figcaption>
<ul class="legend">
${lines(items)}
</ul>
</figcaption></figure>
</section>`;
}

/**
 * Renders the sign of a condition, as on the map.
 *
 * @param condition how a mirror is
 * @returns SVG
 */
export function conditionSign(condition: MirrorCondition): Html {
  const { kind, sign } = CONDITION_LOOKS[condition];
  return markup`<svg viewBox="-12 -12 24 24" aria-hidden="true"><g class="pin state ${kind}"><circle r="10"/>${sign}</g></svg>`;
}
