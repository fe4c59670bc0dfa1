import { meanUptime, type UptimeDay } from "../render/uptime.ts";
import { type Html, lines, markup } from "../render/html.ts";
import type { Words } from "./words/words.ts";

/** Part of a day from which on it counts as good, and as good in part. */
const GOOD = 0.995;
const PARTIAL = 0.9;

const WIDTH = 6;

/**
 * Draws on which days a mirror could be reached, as a strip.
 *
 * @param words of the language
 * @param days the oldest first; at least one
 * @returns HTML
 */
export function renderUptimeStrip(words: Words, days: readonly UptimeDay[]): Html {
  const mean = meanUptime(days);
  const said = mean === null ? words.text("uptime.unknown") : percent(words, mean);
  const rects = days.map(({ day, up }, i) =>
    markup`<rect class="${kindOf(up)}" x="${i * WIDTH}" width="${WIDTH - 1}" height="40"><title>${
      words.day(day)
    }: ${up === null ? words.text("uptime.unknown") : percent(words, up)}</title></rect>`
  );
  return markup`<section class="card" aria-labelledby="uptime">
<h2 id="uptime">${words.text("uptime.title", { count: days.length })}</h2>
<figure><svg class="strip" viewBox="0 0 ${
    days.length * WIDTH
  } 40" preserveAspectRatio="none" role="img" aria-label="${said}">
${lines(rects)}
</svg>
<figcaption class="ends muted"><span>${words.day(days[0]!.day)}</span> <span>${said}</span> <span>${
    words.day(days.at(-1)!.day)
  }</span></figcaption></figure>
</section>`;
}

/** Never rounded up to all of the time. */
function percent(words: Words, part: number): string {
  const shown = part >= 1 ? 100 : Math.min(99.9, Math.floor(part * 1000) / 10);
  return words.text("uptime.percent", { percent: words.tenths(shown) });
}

function kindOf(up: number | null): string {
  if (up === null) return "off";
  return up >= GOOD ? "good" : up >= PARTIAL ? "partial" : "bad";
}
