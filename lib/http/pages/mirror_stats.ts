import type { Answer } from "../render/answer.ts";
import { byteSize } from "../render/byte_size.ts";
import type { MirrorDay, MirrorStats } from "../render/mirror_stats.ts";
import { rfc3339 } from "../render/rfc3339.ts";
import { renderBar } from "./bar.ts";
import type { Frame } from "./frame.ts";
import { renderMirrorName } from "./mirror_name.ts";
import { renderPage } from "./page.ts";
import { CONDITION_LOOKS, renderStatsMap } from "./stats_map.ts";
import { type Column, renderTable, type Row } from "./table.ts";
import { type Html, lines, markup } from "../render/html.ts";

const COLUMNS: readonly Column[] = [
  { head: "Mirror", kind: "name" },
  { head: "State", kind: "last" },
  { head: "Downloads", kind: "number", label: "Downloads" },
  { head: "Transferred", kind: "number", label: "Transferred" },
  { head: "Last update", label: "Last update" },
];

/** What an age beyond so many hours is called, and looks like. The limits and colours are the original's. */
const FRESHNESS = [
  { hours: 720, kind: "bad", word: "outdated" },
  { hours: 48, kind: "partial", word: "stale" },
  { hours: -Infinity, kind: "good", word: "" },
] as const;

const CORRECTION: Column = { head: "Time-zone correction", label: "Time zone" };

/**
 * Renders the mirror statistics for people: the numbers of today, in UTC.
 *
 * @param program name and version of the program
 * @param frame what stands around the content
 * @param stats the statistics
 * @returns a page
 */
export async function renderMirrorStats(
  program: string,
  frame: Frame,
  stats: MirrorStats,
): Promise<Answer> {
  const { day, mirrors } = stats;
  const heading =
    markup`<h1><small>Since 00:00 UTC, <time datetime="${day}">${day}</time></small>Mirror statistics</h1>`;
  const content = mirrors.length === 0
    ? [heading, markup`<div class="card empty"><p>There are no mirrors yet.</p></div>`]
    : [heading, totals(mirrors), await renderStatsMap(mirrors), table(mirrors)];
  return renderPage(program, frame, { title: "Mirrorstats", content: lines(content) });
}

function totals(mirrors: readonly MirrorDay[]): Html {
  const sum = (of: (day: MirrorDay) => number): number =>
    mirrors.reduce((total, day) => total + of(day), 0);
  const serving =
    mirrors.filter(({ condition }) => condition === "up" || condition === "partly up").length;
  const tiles: readonly (readonly [string, Html | string])[] = [
    ["Downloads today", countHtml(sum(({ downloads }) => downloads))],
    ["Transferred today", bytesHtml(sum(({ bytes }) => bytes))],
    ["Mirrors up", `${serving} of ${mirrors.length}`],
  ];
  const items = tiles.map(([name, value]) =>
    markup`<div class="card"><dt>${name}</dt><dd>${value}</dd></div>`
  );
  return markup`<dl class="tiles">
${lines(items)}
</dl>`;
}

function table(mirrors: readonly MirrorDay[]): Html {
  const most = Math.max(...mirrors.map(({ downloads }) => downloads));
  const largest = Math.max(...mirrors.map(({ bytes }) => bytes));
  const corrected = mirrors.some(({ mirror }) => mirror.timeZoneOffset !== 0);
  const rows = mirrors.map(({ mirror, condition, downloads, bytes, age, behind }): Row => ({
    key: mirror.id,
    cells: [
      renderMirrorName(mirror, mirror.name),
      markup`<span class="tag ${CONDITION_LOOKS[condition].kind}">${condition}</span>`,
      markup`${countHtml(downloads)}${bar(downloads, most)}`,
      markup`${bytesHtml(bytes)}${bar(bytes, largest)}`,
      ageHtml(age, behind, mirror.lastModTime),
      ...(corrected ? [offsetText(mirror.timeZoneOffset)] : []),
    ],
  }));
  const columns = corrected ? [...COLUMNS, CORRECTION] : COLUMNS;
  return markup`<section class="card" aria-label="Mirrors">
${renderTable("Mirrors by downloads today", columns, [rows])}
</section>`;
}

function countHtml(count: number): Html {
  return markup`<data value="${count}">${count.toLocaleString("en")}</data>`;
}

function bytesHtml(bytes: number): Html {
  return markup`<data value="${bytes}" title="${bytes} bytes">${byteSize(bytes)}</data>`;
}

/** A bar relative to the largest value; an empty one when nothing was counted yet. */
function bar(value: number, largest: number): Html {
  return renderBar(largest > 0 ? value / largest * 100 : 0);
}

function ageHtml(age: string, behind: number | null, time: number | null): Html {
  if (behind === null) return markup`<span class="muted" data-unknown>${age}</span>`;
  const { kind, word } = FRESHNESS.find(({ hours }) => behind > hours * 3_600_000)!;
  const written = markup`<time class="${kind}" datetime="${
    rfc3339(time)
  }" data-sort="${behind}">${age}</time>`;
  return word === "" ? written : markup`${written} <span class="tag ${kind}">${word}</span>`;
}

/** `+2 h`, `-1 h 30 min`; what is to be added to the mirror's times. */
function offsetText(milliseconds: number): Html | string {
  if (milliseconds === 0) return markup`<span class="muted">none</span>`;
  const minutes = Math.round(Math.abs(milliseconds) / 60_000);
  const parts = [
    minutes >= 60 ? `${Math.floor(minutes / 60)} h` : "",
    minutes % 60 > 0 || minutes === 0 ? `${minutes % 60} min` : "",
  ];
  return `${milliseconds < 0 ? "-" : "+"}${parts.filter(Boolean).join(" ")}`;
}
