import type { MirrorEvent } from "../../catalog/mirror_event.ts";
import type { Answer } from "../render/answer.ts";
import type { Counted } from "../render/curve_step.ts";
import { type Html, lines, markup } from "../render/html.ts";
import type { MirrorReport } from "../render/mirror_report.ts";
import { rfc3339 } from "../render/rfc3339.ts";
import { renderCurve } from "./curve.ts";
import type { Frame } from "./frame.ts";
import { renderMirrorName } from "./mirror_name.ts";
import { renderPage } from "./page.ts";
import { CONDITION_LOOKS } from "./stats_map.ts";
import { renderTable } from "./table.ts";
import { renderUptimeStrip } from "./uptime_strip.ts";
import type { Words } from "./words/words.ts";

/**
 * Renders everything that is told of one mirror, for people: also on paper, for its sponsor.
 *
 * @param program name and version of the program
 * @param frame what stands around the content
 * @param report what is told
 * @returns a page
 */
export function renderMirrorReport(program: string, frame: Frame, report: MirrorReport): Answer {
  const { words, lang } = frame;
  const { day, today } = report;
  const back = `?mirrorstats${lang === null ? "" : `&lang=${lang}`}`;
  const { mirror } = day;
  const since = words.html("stats.since", {
    day: markup`<time datetime="${today}">${words.day(today)}</time>`,
  });
  const content = [
    markup`<h1><small>${since}</small>${mirror.name}</h1>`,
    tiles(words, report),
    facts(words, report),
    renderCurve(words, report.days, words.text("curve.days")),
    renderUptimeStrip(words, report.uptime),
    months(words, report),
    events(words, report.events),
    markup`<p class="back"><a href="${back}">${words.text("report.back")}</a></p>`,
  ];
  const title = words.text("report.title", { name: mirror.name });
  return renderPage(program, frame, { title, content: lines(content) });
}

function tiles(words: Words, { day, month, year, ever }: MirrorReport): Html {
  const counts: readonly (readonly [string, Counted])[] = [
    [words.text("report.today"), day],
    [words.text("report.month"), month],
    [words.text("report.year"), year],
    [words.text("report.ever"), ever],
  ];
  const items = counts.map(([name, { downloads, bytes }]) =>
    markup`<div class="card"><dt>${name}</dt><dd><data value="${downloads}">${
      words.number(downloads)
    }</data> <small><data value="${bytes}">${words.size(bytes)}</data></small></dd></div>`
  );
  return markup`<dl class="tiles">
${lines(items)}
</dl>`;
}

function facts(words: Words, { day, rank }: MirrorReport): Html {
  const { mirror, condition, behind } = day;
  const state = markup`<span class="tag ${CONDITION_LOOKS[condition].kind}">${
    words.text(`state.${condition}`)
  }</span>`;
  const rows: readonly (readonly [string, Html | string])[] = [
    [words.text("report.sponsor"), renderMirrorName(words, mirror)],
    [words.text("stats.state"), state],
    [
      words.text("stats.updated"),
      behind === null ? words.text("unknown") : words.age(behind),
    ],
    [
      words.text("report.rank"),
      words.text("report.rank.of", { today: rank.today, month: rank.month, count: rank.of }),
    ],
  ];
  const items = rows.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`);
  return markup`<section class="card" aria-label="${words.text("report.facts")}">
<dl class="facts">
${lines(items)}
</dl>
</section>`;
}

function months(words: Words, { months }: MirrorReport): Html {
  const columns = [
    { head: words.text("period.month"), kind: "month" },
    { head: words.text("stats.downloads"), kind: "number" },
    { head: words.text("stats.transferred"), kind: "number" },
  ];
  const rows = months.toReversed().map(({ time, downloads, bytes }) => ({
    cells: [
      markup`<time datetime="${time}">${words.period(time)}</time>`,
      markup`<data value="${downloads}">${words.number(downloads)}</data>`,
      markup`<data value="${bytes}">${words.size(bytes)}</data>`,
    ],
  }));
  return markup`<section class="card" aria-label="${words.text("report.months")}">
${renderTable(words.text("report.months"), columns, [{ rows }], { id: "months" })}
</section>`;
}

function events(words: Words, events: readonly MirrorEvent[]): Html {
  const items = events.flatMap((event) => {
    const text = eventWords(words, event);
    if (text === null) return [];
    return [
      markup`<dt><time datetime="${rfc3339(event.time)}">${
        words.time(event.time)
      }</time></dt><dd>${text}</dd>`,
    ];
  });
  const list = items.length === 0
    ? markup`<p class="muted">${words.text("event.none")}</p>`
    : markup`<dl class="facts">
${lines(items)}
</dl>`;
  return markup`<section class="card" aria-labelledby="events">
<h2 id="events">${words.text("event.title")}</h2>
${list}
</section>`;
}

/** What happened, in words for everybody; `null`: it is nobody's business. */
function eventWords(words: Words, event: MirrorEvent): string | null {
  switch (event.type) {
    case "added":
      return words.text("event.added");
    case "enabled":
      return words.text("event.enabled");
    case "disabled":
      return words.text("event.disabled");
    case "state":
      return words.text(event.up ? "event.up" : "event.down", {
        protocol: event.protocol.toUpperCase(),
      });
    case "downtime":
      return event.step === "planned"
        ? words.text("event.downtime.planned", { time: words.time(event.from) })
        : words.text(`event.downtime.${event.step}`);
    default:
      return null;
  }
}
