import { causeInFull, withCause } from "../../lib/catalog/down_cause.ts";
import { parseDuration } from "../../lib/catalog/duration.ts";
import type { MirrorJson } from "../../lib/control/api/mirror_schemas.ts";
import { defineCommand } from "../command.ts";
import { booleanFlag, stringFlag, UsageError } from "../flags.ts";
import { filesText, lagOfMirror, lagText, scannedText } from "../mirror_freshness.ts";
import { formatDate } from "../terminal/format_time.ts";
import { formatSpan } from "../terminal/format_span.ts";
import { formatTable } from "../terminal/table.ts";

/** A column: what stands above it, and in it. */
type Column = readonly [head: string, cell: (mirror: MirrorJson) => string];

type DownWording = typeof causeInFull;

/** `list`: all mirrors. */
export default defineCommand({
  name: "list",
  group: "client",
  usage: "",
  summary: "List all mirrors",
  description: "Get the list of mirrors",
  flags: {
    disabled: booleanFlag("List disabled mirrors only"),
    down: booleanFlag("List only mirrors currently down"),
    enabled: booleanFlag("List enabled mirrors only"),
    fresh: booleanFlag("Print how current the mirror is: files, lag, last scan"),
    ftp: booleanFlag("Print FTP addresses"),
    http: booleanFlag("Print HTTP addresses"),
    json: booleanFlag("Print everything as JSON"),
    location: booleanFlag("Print the country and continent code"),
    over: stringFlag("How far behind -stale begins, such as 48h or 2d", "48h"),
    rsync: booleanFlag("Print rsync addresses"),
    score: booleanFlag("Print the score of the mirror"),
    stale: booleanFlag("List only mirrors that are far behind"),
    tls: booleanFlag("Print when the certificate ends"),
    state: booleanFlag("Print the state of the mirror", true),
  },
  operands: [0, 0],
  details: "The newest change of state comes first.",
  examples: [
    ["mirrorbits list -down", "what needs attention"],
    ["mirrorbits list -location -score -http", "more columns"],
    ["mirrorbits list -stale -over 7d", "what has not been updated for a week"],
    ["mirrorbits list -json | jq -r '.[].name'", "names for a script"],
  ],
  run: async ({ flags }, { client, output, now }) => {
    const limit = parseDuration(flags.over, "min");
    if (limit === null) {
      throw new UsageError(`Expected a duration such as 48h, found "${flags.over}"`);
    }
    // Enabled and disabled at once: nothing is both.
    const none = flags.enabled && flags.disabled;
    const listed = none ? [] : await client.list({
      ...(flags.enabled || flags.disabled ? { enabled: flags.enabled } : {}),
      ...(flags.down ? { down: true } : {}),
    });
    const time = now();
    const mirrors = flags.stale
      ? listed.filter((mirror) => (lagOfMirror(mirror, time) ?? 0) > limit * 60_000)
      : listed;
    if (flags.json) {
      output.json(mirrors);
      return 0;
    }
    const columns: Column[] = [["Identifier", ({ name }) => name]];
    if (flags.score) columns.push(["SCORE", ({ score }) => `${score}`]);
    if (flags.http) columns.push(["HTTP", ({ httpUrl }) => httpUrl]);
    if (flags.rsync) columns.push(["RSYNC", ({ rsyncUrl }) => rsyncUrl]);
    if (flags.ftp) columns.push(["FTP", ({ ftpUrl }) => ftpUrl]);
    if (flags.location) columns.push(["LOCATION", locationText]);
    if (flags.tls) columns.push(["CERTIFICATE", (mirror) => certificateText(mirror, time)]);
    if (flags.fresh || flags.stale) {
      columns.push(["FILES", filesText], ["LAG", (mirror) => lagText(mirror, time)]);
      columns.push(["SCANNED", (mirror) => scannedText(mirror, time)]);
    }
    if (flags.state) {
      columns.push(["STATE", ({ status }) => status]);
      columns.push(["SINCE", ({ stateSince }) => `(${formatDate(stateSince)})`]);
      const reason: DownWording = output.isTerminal ? causeInFull : withCause;
      const reasons = mirrors.some((mirror) => downReason(mirror, reason) !== "");
      if (reasons) columns.push(["REASON", (mirror) => downReason(mirror, reason)]);
    }
    const rows = mirrors.map((mirror) => columns.map(([, cell]) => cell(mirror)));
    output.write(await formatTable([columns.map(([head]) => head), ...rows], output.columns));
    return 0;
  },
});

function locationText({ countryCodes: [country = ""], continentCode }: MirrorJson): string {
  return country === "" && continentCode === "" ? "" : `${country} (${continentCode})`.trim();
}

/** `2026-12-01 (3 days)`: the last day of the certificate, and how far that is. */
function certificateText({ certificate }: MirrorJson, now: number): string {
  if (certificate === null) return "";
  const left = Date.parse(certificate.ends) - now;
  return `${certificate.ends.slice(0, 10)} (${left < 0 ? "expired" : formatSpan(left)})`;
}

/** Why a mirror is down, on each scheme that it offers; empty when it is up or disabled. */
function downReason(mirror: MirrorJson, word: DownWording): string {
  const { status, httpUp, httpsUp, httpDownReason, httpsDownReason } = mirror;
  if (status === "disabled" || status === "up") return "";
  const reasons = [
    httpUp ? "" : word(httpDownReason, mirror.httpDownCause),
    httpsUp ? "" : word(httpsDownReason, mirror.httpsDownCause),
  ];
  return [...new Set(reasons.filter((reason) => reason !== ""))].join(" / ");
}
