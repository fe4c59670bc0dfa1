import type { Answer } from "../render/answer.ts";
import type { MirrorDay, MirrorStats, StatsTimes } from "../render/mirror_stats.ts";
import { rfc3339 } from "../render/rfc3339.ts";
import { renderBar } from "./bar.ts";
import { renderCurve } from "./curve.ts";
import { foldRows } from "./fold_rows.ts";
import type { Frame } from "./frame.ts";
import { embeddedLogo } from "./embedded_logo.ts";
import { renderPage } from "./page.ts";
import { renderPeriodSwitch } from "./period_switch.ts";
import { CONDITION_LOOKS, renderStatsMap } from "./stats_map.ts";
import { type Cell, type Column, renderTable, type Row } from "./table.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";
import type { Words } from "./words/words.ts";

/** Milliseconds beyond which a mirror is out of date: the original's red. */
const OUTDATED = 720 * 3_600_000;

/**
 * Renders the mirror statistics for people: the numbers of today, or of another day, a month or a year.
 *
 * @param program name and version of the program
 * @param frame what stands around the content
 * @param stats the statistics
 * @param staleAfter minutes beyond which a mirror is stale; the original's orange begins at 2880
 * @returns a page
 */
export async function renderMirrorStats(
  program: string,
  frame: Frame,
  stats: MirrorStats,
  staleAfter: number,
): Promise<Answer> {
  const { words, lang } = frame;
  const { day, today, curve, mirrors, asOf } = stats;
  const title = words.text("stats.title");
  const time = markup`<time datetime="${day}">${words.period(day)}</time>`;
  const since = day === today
    ? words.html("stats.since", { day: time })
    : words.html("stats.in", { period: time });
  const heading = lines([
    markup`<h1><small>${since}</small>${title}</h1>`,
    asOf === null ? NO_HTML : awayHtml(words, asOf),
    renderPeriodSwitch(words, day, today, lang),
  ]);
  const content = mirrors.length === 0
    ? [heading, markup`<div class="card empty"><p>${words.text("stats.empty")}</p></div>`]
    : [
      heading,
      totals(words, stats),
      curve.length === 0 ? NO_HTML : renderCurve(
        words,
        curve,
        words.text(day.length === 4 ? "curve.months" : "curve.days"),
      ),
      await renderStatsMap(words, mirrors),
      table(frame, stats, staleAfter * 60_000),
    ];
  return renderPage(program, frame, { title, content: lines(content) });
}

/** Says that nobody can look now, and of when that is what is shown. */
function awayHtml(words: Words, { mirrors, counts }: StatsTimes): Html {
  const time = clockHtml(words, mirrors);
  const text = counts === null
    ? words.html("stats.away.uncounted", { time })
    : words.html("stats.away", { time, counted: clockHtml(words, counts) });
  return markup`<p class="muted" role="status">${text}</p>`;
}

function clockHtml(words: Words, time: number): Html {
  return markup`<time datetime="${rfc3339(time)}">${words.clock(time)}</time>`;
}

function totals(words: Words, { day, today, mirrors, counted }: MirrorStats): Html {
  const sum = (of: (day: MirrorDay) => number): number =>
    mirrors.reduce((total, day) => total + of(day), 0);
  const serving =
    mirrors.filter(({ condition }) => condition === "up" || condition === "partly up").length;
  const downloads = sum(({ downloads }) => downloads);
  const bytes = sum(({ bytes }) => bytes);
  const tiles: readonly (readonly [string, Html | string])[] = [
    [
      words.text(day === today ? "stats.downloads.today" : "stats.downloads"),
      counted ? countHtml(words, downloads) : unknownHtml(words),
    ],
    [
      words.text(day === today ? "stats.transferred.today" : "stats.transferred"),
      counted ? bytesHtml(words, bytes) : unknownHtml(words),
    ],
    [words.text("stats.up"), words.text("stats.up.of", { count: serving, total: mirrors.length })],
  ];
  const items = tiles.map(([name, value]) =>
    markup`<div class="card"><dt>${name}</dt><dd>${value}</dd></div>`
  );
  return markup`<dl class="tiles">
${lines(items)}
</dl>`;
}

/** Stands where a count would, while nobody knows it. */
function unknownHtml(words: Words): Html {
  return markup`<span class="muted">${words.text("unknown")}</span>`;
}

function table(
  { words, lang }: Frame,
  { day: shown, today, mirrors, counted }: MirrorStats,
  staleAfter: number,
): Html {
  const most = Math.max(...mirrors.map(({ downloads }) => downloads));
  const largest = Math.max(...mirrors.map(({ bytes }) => bytes));
  const corrected = mirrors.some(({ mirror }) => mirror.timeZoneOffset !== 0);
  const unknown = unknownHtml(words);
  const as = lang === null ? "" : `&lang=${lang}`;
  const rowOf = (day: MirrorDay, seen: boolean): Row => {
    const { mirror, rank, downloads, bytes } = day;
    // The script draws the bars of those that are folded.
    const barOf = (value: number, largest: number) => seen ? bar(value, largest) : NO_HTML;
    return {
      key: mirror.id,
      cells: [
        markup`${embeddedLogo(mirror)}<a href="?mirrorstats=${
          encodeURIComponent(mirror.name.toWellFormed())
        }${as}">${mirror.name}</a>`,
        stateHtml(words, day),
        counted ? markup`${countHtml(words, downloads)}${barOf(downloads, most)}` : unknown,
        counted ? markup`${bytesHtml(words, bytes)}${barOf(bytes, largest)}` : unknown,
        ageCell(words, day, staleAfter),
        ...(corrected ? [offsetCell(words, mirror.timeZoneOffset)] : []),
        counted ? `${rank}` : "–",
      ],
    };
  };
  const columns: readonly Column[] = [
    { head: words.text("stats.mirror"), kind: "name" },
    { head: words.text("stats.state"), kind: "state" },
    { head: words.text("stats.downloads"), kind: "number" },
    { head: words.text("stats.transferred"), kind: "number spare" },
    { head: words.text("stats.updated"), kind: "spare" },
    ...(corrected ? [{ head: words.text("stats.correction"), kind: "spare" }] : []),
    { head: words.text("stats.rank"), kind: "spare" },
  ];
  const groups = foldRows(words, mirrors, rowOf);
  return markup`<section class="card" aria-label="${words.text("list.mirrors")}">
${
    renderTable(
      words.text(shown === today ? "stats.caption" : "stats.caption.in"),
      columns,
      groups,
      {
        id: "mirrors",
        filter: groups.length > 1 ? words.text("filter") : "",
        kind: "day",
        byPlace: true,
      },
    )
  }
</section>`;
}

function stateHtml(words: Words, { mirror: { downtime }, condition }: MirrorDay): Html {
  const text = words.text(`state.${condition}`);
  const tag = markup`<span class="tag ${CONDITION_LOOKS[condition].kind}">${text}</span>`;
  if (condition !== "disabled" || !downtime?.started) return tag;
  const planned = downtime.until === null
    ? words.text("reason.downtime")
    : words.text("reason.downtime.until", { time: words.time(downtime.until) });
  return markup`${tag} <span class="muted">${planned}</span>`;
}

function countHtml(words: Words, count: number): Html {
  return markup`<data value="${count}">${words.number(count)}</data>`;
}

function bytesHtml(words: Words, bytes: number): Html {
  return markup`<data value="${bytes}">${words.size(bytes)}</data>`;
}

/** A bar relative to the largest value; an empty one when nothing was counted yet. */
function bar(value: number, largest: number): Html {
  return renderBar(largest > 0 ? value / largest * 100 : 0);
}

/** @param staleAfter milliseconds beyond which a mirror is stale */
function ageCell(words: Words, { mirror, behind }: MirrorDay, staleAfter: number): Cell {
  if (behind === null) return { content: words.text("unknown"), unknown: true };
  const age = words.age(behind);
  const seconds = Math.floor(behind / 1000);
  const [kind, word] = behind <= staleAfter
    ? ["good", ""] as const
    : behind > OUTDATED
    ? ["bad", words.text("stats.outdated")] as const
    : ["partial", words.text("stats.stale")] as const;
  const time = mirror.lastModTime;
  const written = time === null
    ? markup`<span class="${kind}">${age}</span>`
    : markup`<time class="${kind}" datetime="${rfc3339(time - time % 1000)}">${age}</time>`;
  return {
    content: word === "" ? written : markup`${written} <span class="tag ${kind}">${word}</span>`,
    sort: seconds,
  };
}

/** `+2 h`, `-1 h 30 min`; what is to be added to the mirror's times. */
function offsetCell(words: Words, milliseconds: number): Cell | string {
  if (milliseconds === 0) {
    return words.text("stats.correction.none");
  }
  const minutes = Math.round(Math.abs(milliseconds) / 60_000);
  const parts = [
    minutes >= 60 ? `${Math.floor(minutes / 60)} h` : "",
    minutes % 60 > 0 || minutes === 0 ? `${minutes % 60} min` : "",
  ];
  const text = `${milliseconds < 0 ? "-" : "+"}${parts.filter(Boolean).join(" ")}`;
  return { content: markup`<bdi>${text}</bdi>`, sort: milliseconds };
}
