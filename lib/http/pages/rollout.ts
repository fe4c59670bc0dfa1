import type { Rollout, RolloutMirror } from "../../catalog/rollout.ts";
import type { Answer } from "../render/answer.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";
import { rfc3339 } from "../render/rfc3339.ts";
import { foldRows } from "./fold_rows.ts";
import type { Frame } from "./frame.ts";
import { renderPage } from "./page.ts";
import { renderTable } from "./table.ts";
import type { Words } from "./words/words.ts";

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
  const { words } = frame;
  // The verb goes with those that have it, the noun with all of them.
  const how = {
    count: have,
    mirrors: markup`<strong>${words.text("rollout.of", { have, count: mirrors.length })}</strong>`,
    share: words.percent(Math.floor(percent)),
  };
  const share = traffic === null
    ? ""
    : words.text("rollout.traffic", { count: have, share: words.percent(Math.floor(traffic)) });
  const shown = mirrors.slice(0, MOST_SHOWN);
  const groups = foldRows(
    words,
    shown,
    (mirror) => ({ cells: [mirror.name, stateText(words, mirror)] }),
  );
  const lists: readonly (readonly [string, Html])[] = [[
    words.text("rollout.continents"),
    continents.length === 0 ? NO_HTML : renderTable(
      words.text("rollout.continents"),
      [{ head: words.text("list.continent"), kind: "name" }, {
        head: words.text("rollout.have"),
        kind: "number",
      }],
      [{
        rows: continents.map(({ code, mirrors, have }) => ({
          cells: [
            words.continent(code) || words.text("unknown"),
            words.text("stats.up.of", { count: have, total: mirrors }),
          ],
        })),
      }],
      { id: "continents" },
    ),
  ], [
    words.text("list.mirrors"),
    shown.length === 0 ? NO_HTML : renderTable(
      words.text("rollout.caption"),
      [{ head: words.text("stats.mirror"), kind: "name" }, { head: words.text("stats.state") }],
      groups,
      { id: "mirrors", filter: groups.length > 1 ? words.text("filter") : "" },
    ),
  ]];
  return renderPage(program, frame, {
    title: words.text("rollout.title", { path }),
    content: lines([
      markup`<h1><small>${words.text("rollout.head")}</small><bdi>${path}</bdi></h1>`,
      markup`<section class="card" aria-label="${words.text("rollout.how_far")}">
<p>${words.html("rollout.have.it", how)} ${share}</p>
${curveHtml(words, curve, mirrors.length)}
</section>`,
      ...lists.filter(([, list]) => list.length > 0).map(([label, list]) =>
        markup`<section class="card" aria-label="${label}">
${list}
</section>`
      ),
    ]),
  });
}

function stateText(words: Words, { has, took }: RolloutMirror): string {
  if (!has) return words.text("rollout.lacks");
  return took === null
    ? words.text("rollout.has")
    : words.text("rollout.has.after", { duration: words.duration(took) });
}

/** A step for each mirror that got it. */
function curveHtml(words: Words, curve: Rollout["curve"], mirrors: number): Html {
  const [first] = curve;
  const last = curve.at(-1);
  if (first === undefined || last === undefined || mirrors === 0) {
    return markup`<p class="muted">${
      words.html("rollout.unwatched", { command: markup`<code>mirrorbits rollout</code>` })
    }</p>`;
  }
  const span = Math.max(1, last.time - first.time);
  const x = (time: number): number => Math.round((time - first.time) * WIDTH / span);
  const y = (have: number): number => HEIGHT - Math.round(have * HEIGHT / Math.max(mirrors, have));
  const steps = curve.map(({ time, have }) => `H${x(time)}V${y(have)}`).join("");
  const label = words.text("rollout.curve", {
    from: first.have,
    to: last.have,
    count: mirrors,
  });
  return markup`<svg class="steps" viewBox="0 -2 ${WIDTH} ${
    HEIGHT + 4
  }" role="img" aria-label="${label}" width="100%"><path d="M0 ${
    y(first.have)
  }${steps}H${WIDTH}" fill="none" stroke="currentColor" stroke-width="2"/></svg>
<p class="muted">${timeHtml(words, first.time)} – ${timeHtml(words, last.time)}</p>`;
}

function timeHtml(words: Words, time: number): Html {
  return markup`<time datetime="${rfc3339(time)}">${words.time(time)}</time>`;
}
