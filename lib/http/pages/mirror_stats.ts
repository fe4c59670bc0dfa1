import type { Answer } from "../render/answer.ts";
import { byteSize } from "../render/byte_size.ts";
import { escapeHtml } from "../render/escape_html.ts";
import type { MirrorDay, MirrorStats } from "../render/mirror_stats.ts";
import { rfc3339 } from "../render/rfc3339.ts";
import { renderBar } from "./bar.ts";
import type { Frame } from "./frame.ts";
import { renderMirrorName } from "./mirror_name.ts";
import { renderPage } from "./page.ts";
import { CONDITION_LOOKS, renderStatsMap } from "./stats_map.ts";
import { type Column, renderTable, type Row } from "./table.ts";

const COLUMNS: readonly Column[] = [
  { head: "Mirror", kind: "name" },
  { head: "State", kind: "last" },
  { head: "Downloads", kind: "number", label: "Downloads" },
  { head: "Transferred", kind: "number", label: "Transferred" },
  { head: "Last update", label: "Last update" },
];

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
    `<h1><small>Since 00:00 UTC, <time datetime="${day}">${day}</time></small>Mirror statistics</h1>`;
  const content = mirrors.length === 0
    ? [heading, `<div class="card empty"><p>There are no mirrors yet.</p></div>`]
    : [heading, totals(mirrors), await renderStatsMap(mirrors), table(mirrors)];
  return renderPage(program, frame, { title: "Mirrorstats", content: content.join("\n") });
}

function totals(mirrors: readonly MirrorDay[]): string {
  const sum = (of: (day: MirrorDay) => number): number =>
    mirrors.reduce((total, day) => total + of(day), 0);
  const serving =
    mirrors.filter(({ condition }) => condition === "up" || condition === "partly up").length;
  const tiles = [
    ["Downloads today", countHtml(sum(({ downloads }) => downloads))],
    ["Transferred today", bytesHtml(sum(({ bytes }) => bytes))],
    ["Mirrors up", `${serving} of ${mirrors.length}`],
  ];
  const items = tiles.map(([name, value]) =>
    `<div class="card"><dt>${name}</dt><dd>${value}</dd></div>`
  );
  return `<dl class="tiles">\n${items.join("\n")}\n</dl>`;
}

function table(mirrors: readonly MirrorDay[]): string {
  const most = Math.max(...mirrors.map(({ downloads }) => downloads));
  const largest = Math.max(...mirrors.map(({ bytes }) => bytes));
  const corrected = mirrors.some(({ mirror }) => mirror.timeZoneOffset !== 0);
  const rows = mirrors.map(({ mirror, condition, downloads, bytes, age }): Row => ({
    key: mirror.id,
    cells: [
      renderMirrorName(mirror, mirror.name),
      `<span class="tag ${CONDITION_LOOKS[condition].kind}">${condition}</span>`,
      countHtml(downloads) + bar(downloads, most),
      bytesHtml(bytes) + bar(bytes, largest),
      ageHtml(age, mirror.lastModTime),
      ...(corrected ? [offsetText(mirror.timeZoneOffset)] : []),
    ],
  }));
  const columns = corrected ? [...COLUMNS, CORRECTION] : COLUMNS;
  return `<section class="card" aria-label="Mirrors">\n${
    renderTable("Mirrors by downloads today", columns, [rows])
  }\n</section>`;
}

function countHtml(count: number): string {
  return `<data value="${count}">${count.toLocaleString("en")}</data>`;
}

function bytesHtml(bytes: number): string {
  return `<data value="${bytes}" title="${bytes} bytes">${byteSize(bytes)}</data>`;
}

/** A bar relative to the largest value; an empty one when nothing was counted yet. */
function bar(value: number, largest: number): string {
  return renderBar(largest > 0 ? value / largest * 100 : 0);
}

function ageHtml(age: string, time: number | null): string {
  return time === null
    ? `<span class="muted">${age}</span>`
    : `<time datetime="${rfc3339(time)}">${escapeHtml(age)}</time>`;
}

/** `+2 h`, `-1 h 30 min`; what is to be added to the mirror's times. */
function offsetText(milliseconds: number): string {
  if (milliseconds === 0) return `<span class="muted">none</span>`;
  const minutes = Math.round(Math.abs(milliseconds) / 60_000);
  const parts = [
    minutes >= 60 ? `${Math.floor(minutes / 60)} h` : "",
    minutes % 60 > 0 || minutes === 0 ? `${minutes % 60} min` : "",
  ];
  return `${milliseconds < 0 ? "-" : "+"}${parts.filter(Boolean).join(" ")}`;
}
