import type { CurveStep } from "../render/curve_step.ts";
import { type Html, lines, markup } from "../render/html.ts";
import type { Words } from "./words/words.ts";

const WIDTH = 600;
const HEIGHT = 120;

/**
 * Draws how many downloads there were, step by step. What the mouse rests on is said in words.
 *
 * @param words of the language
 * @param steps the oldest first; at least one
 * @param title what the curve shows
 * @returns HTML
 */
export function renderCurve(
  words: Words,
  steps: readonly CurveStep[],
  title: string,
): Html {
  const most = Math.max(1, ...steps.map(({ downloads }) => downloads));
  const width = WIDTH / steps.length;
  const points = steps.map(({ downloads }, i) =>
    `${((i + 0.5) * width).toFixed(1)} ${(HEIGHT - downloads / most * (HEIGHT - 8)).toFixed(1)}`
  );
  const line = `M${points.join("L")}`;
  const ends = [width / 2, WIDTH - width / 2].map((x) => x.toFixed(1));
  const columns = steps.map(({ time, downloads }, i) =>
    markup`<rect x="${(i * width).toFixed(1)}" width="${
      width.toFixed(1)
    }" height="${HEIGHT}"><title>${words.period(time)}: ${words.number(downloads)}</title></rect>`
  );
  const peak = steps.reduce((a, b) => b.downloads > a.downloads ? b : a);
  const said = peak.downloads === 0 ? words.text("curve.none") : words.text("curve.peak", {
    most: peak.downloads,
    time: words.period(peak.time),
  });
  return markup`<section class="card" aria-label="${title}">
<figure><svg class="curve" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${said}">
<path class="area" d="${line}L${ends[1]!} ${HEIGHT}L${ends[
    0
  ]!} ${HEIGHT}Z"/><path class="line" d="${line}"/>
${lines(columns)}
</svg>
<figcaption class="ends muted"><span>${
    words.period(steps[0]!.time)
  }</span> <span><b>${title}</b> ${said}</span> <span>${
    words.period(steps.at(-1)!.time)
  }</span></figcaption></figure>
</section>`;
}
