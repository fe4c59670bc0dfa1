import type { MirrorCondition } from "../request/mirror_condition.ts";
import type { MirrorDay } from "../render/mirror_stats.ts";
import { crowdLegend, drawMap, type MapOther } from "./draw_map.ts";
import { mirrorPlace } from "./mirror_place.ts";
import { type Html, lines, markup } from "../render/html.ts";
import type { Words } from "./words/words.ts";

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
 * @param words of the language
 * @param mirrors at least one
 * @returns HTML
 */
export async function renderStatsMap(words: Words, mirrors: readonly MirrorDay[]): Promise<Html> {
  const placed = mirrors.flatMap(({ mirror, condition }): MapOther[] => {
    const place = mirrorPlace(mirror);
    if (place === null) return [];
    const { kind, sign } = CONDITION_LOOKS[condition];
    const state = words.text(`state.${condition}`);
    const { name } = mirror;
    const title = words.text("stats.state.named", { name, state });
    return [{
      place,
      name: condition === "up" ? name : title,
      title,
      kind: `pin state ${kind}`,
      face: sign,
      key: mirror.id,
    }];
  });
  const counts = CONDITIONS.map((condition) => ({
    condition,
    count: mirrors.filter((day) => day.condition === condition).length,
  })).filter(({ count }) => count > 0);
  const counted = counts.map(({ condition, count }) =>
    words.text("stats.state.count", { state: words.text(`state.${condition}`), count })
  );
  const map = await drawMap({
    words,
    id: "map",
    title: words.text("stats.map"),
    description: `${words.joined(counted)}.`,
    pins: [],
    others: placed,
    crowdKind: (members) => alikeKind(members.map(({ kind }) => kind)),
  });
  const items = counts.map(({ condition }, index) =>
    markup`<li>${conditionSign(condition)}${counted[index]!}</li>`
  );
  const everywhere = mirrors.filter(({ mirror }) => mirror.global).map(({ mirror }) => mirror.name);
  const unplaced = mirrors.length - placed.length - everywhere.length;
  if (everywhere.length > 0) {
    items.push(
      markup`<li>${words.text("map.everywhere", { mirrors: words.joined(everywhere) })}</li>`,
    );
  }
  if (unplaced > 0) {
    items.push(markup`<li>${words.text("map.unplaced", { count: unplaced })}</li>`);
  }
  items.push(crowdLegend(words, map.crowded));
  return markup`<section class="card" aria-labelledby="where">
<h2 id="where">${words.text("stats.map.title")}</h2>
<a class="skip" href="#after-map">${words.text("map.skip")}</a>
<figure class="maps">${map.html}
<figcaption>
<ul class="legend">
${lines(items)}
</ul>
</figcaption></figure>
<span id="after-map" tabindex="-1"></span>
</section>`;
}

/** Several look like one when all are alike, else like nothing in particular. */
function alikeKind(kinds: readonly string[]): string {
  const [first = ""] = kinds;
  return kinds.every((kind) => kind === first) ? first.replace(/^pin /, "") : "";
}

/**
 * Renders the sign of a condition, as on the map.
 *
 * @param condition how a mirror is
 * @returns SVG
 */
function conditionSign(condition: MirrorCondition): Html {
  const { kind, sign } = CONDITION_LOOKS[condition];
  return markup`<svg viewBox="-12 -12 24 24" aria-hidden="true"><g class="pin state ${kind}"><circle r="10"/>${sign}</g></svg>`;
}
