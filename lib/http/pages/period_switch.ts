import { utcDay } from "../../clock/utc_day.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";
import type { Words } from "./words/words.ts";

const DAY = 86_400_000;

/**
 * Renders what leads to the statistics of another time: a day, its month, its year, and those before and
 * after.
 *
 * @param words of the language
 * @param period what is shown: a day, a month or a year
 * @param today in UTC: `2026-11-22`
 * @param lang value of `lang`, which links keep; `null`: none
 * @returns HTML
 */
export function renderPeriodSwitch(
  words: Words,
  period: string,
  today: string,
  lang: string | null,
): Html {
  const link = (to: string, text: string, current = false): Html =>
    markup`<li><a href="?mirrorstats&amp;period=${to}${
      lang === null ? NO_HTML : markup`&amp;lang=${lang}`
    }"${current ? markup` aria-current="page"` : NO_HTML}>${text}</a></li>`;
  // A month or a year leads to the last of its days that there is.
  const day = period.length === 10 ? period : lastDayOf(period, today);
  const units = [
    [day, words.text("period.day")],
    [day.slice(0, 7), words.text("period.month")],
    [day.slice(0, 4), words.text("period.year")],
  ] as const;
  const [before, after] = [neighbour(period, -1), neighbour(period, 1)];
  const items = [
    ...units.map(([to, text]) => link(to, text, to.length === period.length)),
    // There is no year 0.
    ...(before.startsWith("0000")
      ? []
      : [link(before, words.text("period.before", { period: words.period(before) }))]),
    ...(after <= today.slice(0, after.length)
      ? [link(after, words.text("period.after", { period: words.period(after) }))]
      : []),
  ];
  return markup`<nav class="periods" aria-label="${words.text("period.title")}">
<ul class="links">
${lines(items)}
</ul>
<form method="get">
<input type="hidden" name="mirrorstats">${
    lang === null ? NO_HTML : markup`<input type="hidden" name="lang" value="${lang}">`
  }
<label>${words.text("period.other")}
<input type="date" name="period" value="${day}" max="${today}" required></label>
<button>${words.text("period.show")}</button>
</form>
</nav>`;
}

function lastDayOf(period: string, today: string): string {
  if (today.startsWith(period)) return today;
  const [year = 0, month = 12] = period.split("-").map(Number);
  return utcDay(new Date(0).setUTCFullYear(year, month, 1) - DAY);
}

/** The period before or after one. */
function neighbour(period: string, step: 1 | -1): string {
  const [year = 0, month, day] = period.split("-").map(Number);
  const time = day !== undefined
    ? Date.parse(period) + step * DAY
    : month !== undefined
    ? new Date(0).setUTCFullYear(year, month - 1 + step, 1)
    : new Date(0).setUTCFullYear(year + step, 0, 1);
  return new Date(time).toISOString().slice(0, period.length);
}
