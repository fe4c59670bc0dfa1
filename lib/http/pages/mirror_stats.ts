import { downtimeText } from "../../catalog/downtime.ts";
import type { Answer } from "../render/answer.ts";
import { byteSize } from "../../catalog/byte_size.ts";
import type { MirrorDay, MirrorStats, StatsTimes } from "../render/mirror_stats.ts";
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

/** Milliseconds beyond which a mirror is out of date: the original's red. */
const OUTDATED = 720 * 3_600_000;

/** Stands where a count would, while nobody knows it. */
const UNKNOWN = markup`<span class="muted">unknown</span>`;

const CORRECTION: Column = { head: "Time-zone correction", label: "Time zone" };

/**
 * Renders the mirror statistics for people: the numbers of today, in UTC.
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
  const { day, mirrors, asOf } = stats;
  const heading = lines([
    markup`<h1><small>Since 00:00 UTC, <time datetime="${day}">${day}</time></small>Mirror statistics</h1>`,
    ...(asOf === null ? [] : [awayHtml(asOf)]),
  ]);
  const content = mirrors.length === 0
    ? [heading, markup`<div class="card empty"><p>There are no mirrors yet.</p></div>`]
    : [heading, totals(stats), await renderStatsMap(mirrors), table(stats, staleAfter * 60_000)];
  return renderPage(program, frame, { title: "Mirrorstats", content: lines(content) });
}

/** Says that nobody can look now, and of when that is what is shown. */
function awayHtml({ mirrors, counts }: StatsTimes): Html {
  const counted = counts === null
    ? markup`downloads are not known`
    : markup`downloads as of ${clockHtml(counts)}`;
  return markup`<p class="muted" role="status">The store is away: as of ${
    clockHtml(mirrors)
  }, ${counted}.</p>`;
}

function clockHtml(time: number): Html {
  const text = new Date(time).toISOString().slice(11, 19);
  return markup`<time datetime="${rfc3339(time)}">${text} UTC</time>`;
}

function totals({ mirrors, counted }: MirrorStats): Html {
  const sum = (of: (day: MirrorDay) => number): number =>
    mirrors.reduce((total, day) => total + of(day), 0);
  const serving =
    mirrors.filter(({ condition }) => condition === "up" || condition === "partly up").length;
  const tiles: readonly (readonly [string, Html | string])[] = [
    ["Downloads today", counted ? countHtml(sum(({ downloads }) => downloads)) : UNKNOWN],
    ["Transferred today", counted ? bytesHtml(sum(({ bytes }) => bytes)) : UNKNOWN],
    ["Mirrors up", `${serving} of ${mirrors.length}`],
  ];
  const items = tiles.map(([name, value]) =>
    markup`<div class="card"><dt>${name}</dt><dd>${value}</dd></div>`
  );
  return markup`<dl class="tiles">
${lines(items)}
</dl>`;
}

function table({ mirrors, counted }: MirrorStats, staleAfter: number): Html {
  const most = Math.max(...mirrors.map(({ downloads }) => downloads));
  const largest = Math.max(...mirrors.map(({ bytes }) => bytes));
  const corrected = mirrors.some(({ mirror }) => mirror.timeZoneOffset !== 0);
  const rows = mirrors.map(({ mirror, condition, downloads, bytes, age, behind }): Row => ({
    key: mirror.id,
    cells: [
      renderMirrorName(mirror, mirror.name),
      stateHtml(mirror, condition),
      counted ? markup`${countHtml(downloads)}${bar(downloads, most)}` : UNKNOWN,
      counted ? markup`${bytesHtml(bytes)}${bar(bytes, largest)}` : UNKNOWN,
      ageHtml(age, behind, { time: mirror.lastModTime, staleAfter }),
      ...(corrected ? [offsetText(mirror.timeZoneOffset)] : []),
    ],
  }));
  const columns = corrected ? [...COLUMNS, CORRECTION] : COLUMNS;
  return markup`<section class="card" aria-label="Mirrors">
${renderTable("Mirrors by downloads today", columns, [rows])}
</section>`;
}

function stateHtml({ downtime }: MirrorDay["mirror"], condition: MirrorDay["condition"]): Html {
  const tag = markup`<span class="tag ${CONDITION_LOOKS[condition].kind}">${condition}</span>`;
  if (condition !== "disabled" || !downtime?.started) return tag;
  return markup`${tag} <span class="muted">${downtimeText(downtime)}</span>`;
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

/** @param times when the trace file was written, and the milliseconds beyond which a mirror is stale */
function ageHtml(
  age: string,
  behind: number | null,
  { time, staleAfter }: { readonly time: number | null; readonly staleAfter: number },
): Html {
  if (behind === null) return markup`<span class="muted" data-unknown>${age}</span>`;
  const [kind, word] = behind <= staleAfter
    ? ["good", ""] as const
    : behind > OUTDATED
    ? ["bad", "outdated"] as const
    : ["partial", "stale"] as const;
  const written = time === null
    ? markup`<span class="${kind}" data-sort="${behind}">${age}</span>`
    : markup`<time class="${kind}" datetime="${rfc3339(time)}" data-sort="${behind}">${age}</time>`;
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
