import { goDuration } from "../../catalog/go_duration.ts";
import type { Rollout, RolloutMirror } from "../../catalog/rollout.ts";
import type { Answer } from "../render/answer.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";
import { rfc3339 } from "../render/rfc3339.ts";
import type { Frame } from "./frame.ts";
import { renderPage } from "./page.ts";
import { renderTable } from "./table.ts";

/** Mirrors that are shown, at most. */
const MOST_SHOWN = 1000;

/** Pixels of the curve. */
const WIDTH = 600;
const HEIGHT = 120;

/**
 * Renders how far something has reached the mirrors for people.
 *
 * @param program name and version of the program
 * @param frame what stands around the content
 * @param path decoded path
 * @param rollout how far it is
 */
export function renderRollout(
  program: string,
  frame: Frame,
  path: string,
  { percent, have, traffic, continents, mirrors, curve }: Rollout,
): Answer {
  const share = traffic === null
    ? ""
    : ` They had ${Math.floor(traffic)} % of the downloads of late.`;
  const shown = mirrors.slice(0, MOST_SHOWN);
  return renderPage(program, frame, {
    title: `Rollout of ${path}`,
    content: lines([
      markup`<h1><small>Rollout</small>${path}</h1>`,
      markup`<section class="card" aria-label="How far">
<p><strong>${have} of ${mirrors.length} mirrors</strong> have it (${
        Math.floor(percent)
      } %).${share}</p>
${curveHtml(curve, mirrors.length)}
</section>`,
      continents.length === 0 ? NO_HTML : markup`<section class="card" aria-label="Continents">
${
        renderTable(
          "Continents",
          [{ head: "Continent" }, {
            head: "Mirrors that have it",
            kind: "number",
            label: "Have it",
          }],
          [continents.map(({ code, mirrors, have }, key) => ({
            key,
            cells: [code === "" ? "unknown" : code, `${have} of ${mirrors}`],
          }))],
        )
      }
</section>`,
      shown.length === 0 ? NO_HTML : markup`<section class="card" aria-label="Mirrors">
${
        renderTable(
          "Those that lack it first, then those that took longest",
          [{ head: "Mirror", kind: "name" }, { head: "State", label: "State" }],
          [shown.map((mirror) => ({ key: mirror.id, cells: [mirror.name, stateText(mirror)] }))],
        )
      }
</section>`,
    ]),
  });
}

function stateText({ has, took }: RolloutMirror): string {
  if (!has) return "lacks it";
  return took === null ? "has it" : `has it since ${goDuration(Math.round(took / 1000) * 1000)}`;
}

/** A step for each mirror that got it. */
function curveHtml(curve: Rollout["curve"], mirrors: number): Html {
  const [first] = curve;
  const last = curve.at(-1);
  if (first === undefined || last === undefined || mirrors === 0) {
    return markup`<p class="muted">Nobody has watched it: <code>mirrorbits rollout</code> begins that.</p>`;
  }
  const span = Math.max(1, last.time - first.time);
  const x = (time: number): number => Math.round((time - first.time) * WIDTH / span);
  const y = (have: number): number => HEIGHT - Math.round(have * HEIGHT / Math.max(mirrors, have));
  const steps = curve.map(({ time, have }) => `H${x(time)}V${y(have)}`).join("");
  const label = `From ${first.have} to ${last.have} of ${mirrors} mirrors`;
  return markup`<svg viewBox="0 -2 ${WIDTH} ${
    HEIGHT + 4
  }" role="img" aria-label="${label}" width="100%"><path d="M0 ${
    y(first.have)
  }${steps}H${WIDTH}" fill="none" stroke="currentColor" stroke-width="2"/></svg>
<p class="muted">${rfc3339(first.time)} to ${rfc3339(last.time)}</p>`;
}
