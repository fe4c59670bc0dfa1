import type { Answer } from "./answer.ts";
import type { Counted } from "./curve_step.ts";
import { renderJsonDocument } from "./json_document.ts";
import type { MirrorReport } from "./mirror_report.ts";
import { rfc3339 } from "./rfc3339.ts";
import { meanUptime } from "./uptime.ts";

/**
 * Renders what is told of one mirror as JSON: the facts of its page.
 *
 * @param pretty indent by four spaces
 * @returns a 200
 */
export function renderMirrorReportJson(report: MirrorReport, pretty: boolean): Answer {
  const { day, today, month, year, ever, rank, days, months, uptime, events } = report;
  const counts = { Today: count(day), Month: count(month), Year: count(year), Total: count(ever) };
  return renderJsonDocument({
    ...{ ID: day.mirror.id, Name: day.mirror.name, Day: today, State: day.condition },
    ...{ StateSince: rfc3339(day.mirror.stateSince), LastUpdate: day.age, Counts: counts },
    Rank: { Today: rank.today, Month: rank.month, Of: rank.of },
    Days: days.map((step) => ({ Time: step.time, ...count(step) })),
    Months: months.map((step) => ({ Time: step.time, ...count(step) })),
    Uptime: meanUptime(uptime),
    UptimeDays: uptime.map(({ day, up }) => ({ Day: day, Up: up })),
    Events: events.map((event) => ({
      ...{ Time: rfc3339(event.time), Type: event.type },
      ...(event.type === "state" && { Protocol: event.protocol, Up: event.up }),
      ...(event.type === "downtime" && { Step: event.step }),
    })),
  }, pretty);
}

function count({ downloads, bytes }: Counted): { Downloads: number; Bytes: number } {
  return { Downloads: downloads, Bytes: bytes };
}
