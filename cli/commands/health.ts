import type { GeoipHealthJson, HealthJson } from "../../lib/control/api/daemon_schemas.ts";
import { parseDuration } from "../../lib/catalog/duration.ts";
import { defineCommand } from "../command.ts";
import { otherCounts } from "../counts_text.ts";
import { booleanFlag, stringFlag, UsageError } from "../flags.ts";
import { clockTime, formatLogTime, formatSpan } from "../terminal/format_time.ts";

/** Mirrors that are named, at most. */
const NAMED = 5;

/** `health`: whether the daemon can answer requests. */
export default defineCommand({
  name: "health",
  group: "client",
  usage: "",
  summary: "Print whether the daemon is ready",
  description: "Print whether the daemon is ready for requests, and what it works with",
  details: "Fails when it is not, or when something is wrong with its store though it answers,\n" +
    "or when the mirrors are not as -min-up and -max-lag want them.\n" +
    "Load balancers, and who restarts what fails, ask the daemon itself: GET /?healthz",
  flags: {
    json: booleanFlag("Print the facts as JSON"),
    "max-lag": stringFlag("Fail when an enabled mirror is further behind, such as 24h"),
    "min-up": stringFlag("Fail when fewer of the enabled mirrors are up, such as 80% or 5"),
  },
  operands: [0, 0],
  examples: [
    ["mirrorbits health || mail -s mirrorbits admin", "for cron"],
    ["mirrorbits health -min-up 80% -max-lag 24h", "for a monitoring system"],
  ],
  run: async ({ flags }, { client, output }) => {
    const least = readShare(flags["min-up"]);
    const most = readLag(flags["max-lag"]);
    const health = await client.health();
    if (flags.json) output.json(health);
    else output.write(healthText(health));
    const { mirrors } = health;
    const failures = [
      least === null ? null : tooFew(mirrors, least),
      most === null ? null : tooOld(mirrors, most, flags["max-lag"]),
    ].filter((failure) => failure !== null);
    for (const failure of failures) output.error(failure);
    return health.well && failures.length === 0 ? 0 : 1;
  },
});

type MirrorsHealth = HealthJson["mirrors"];

/** How many of the enabled mirrors must be up, or which share of them. */
interface Share {
  readonly value: number;
  readonly percent: boolean;
}

function readShare(text: string): Share | null {
  if (text === "") return null;
  const [, digits, percent = ""] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) ?? [];
  const value = Number(digits);
  const fits = percent === "%" ? value <= 100 : Number.isSafeInteger(value);
  if (digits === undefined || !fits) {
    throw new UsageError(`Expected a share or a number such as 80% or 5, found "${text}"`);
  }
  return { value, percent: percent === "%" };
}

function readLag(text: string): number | null {
  if (text === "") return null;
  const minutes = parseDuration(text, "min");
  if (minutes !== null) return minutes * 60_000;
  throw new UsageError(`Expected a duration such as 24h, found "${text}"`);
}

/** @returns why the mirrors that are up do not suffice; `null`: they do */
function tooFew({ enabled, up }: MirrorsHealth, { value, percent }: Share): string | null {
  const wanted = percent ? `${value}%` : `${value}`;
  if (enabled === null || up === null) {
    return `Nobody knows how many mirrors are up, -min-up wants ${wanted}`;
  }
  const share = enabled === 0 ? 0 : up / enabled * 100;
  if (percent ? share >= value : up >= value) return null;
  const is = percent && enabled > 0 ? ` (${Math.floor(share * 10) / 10}%)` : "";
  return `${up} of ${enabled} enabled mirrors are up${is}, -min-up wants ${wanted}`;
}

/** @returns which mirror is too far behind; `null`: none is */
function tooOld({ enabled, furthest }: MirrorsHealth, most: number, wanted: string): string | null {
  if (enabled === null) return `Nobody knows how far mirrors are behind, -max-lag allows ${wanted}`;
  if (furthest === null || furthest.lag <= most) return null;
  return `${furthest.name} is behind by ${formatSpan(furthest.lag)}, -max-lag allows ${wanted}`;
}

function healthText(
  { ready, trouble, http, store, originals, source, geoip, pieces, mirrors }: HealthJson,
): string {
  const facts = {
    "Ready:": trouble === null ? "yes" : ready ? `yes, but: ${trouble}` : `no, ${trouble}`,
    "HTTP:": http.address === ""
      ? "not listening yet"
      : `${http.address}, ${http.threads} ${http.threads === 1 ? "thread" : "threads"}`,
    "Store:": `${store.description}${store.available ? "" : ", not available"}`,
    "Source:": `${source.files ?? "unknown number of"} files, ${
      source.lastScan === null
        ? "not scanned by this process"
        : `scanned ${formatLogTime(source.lastScan)}`
    }`,
    ...geoip === undefined ? {} : { "GeoIP:": geoipText(geoip) },
    ...pieces === null ? {} : {
      "Pieces:": `${pieces.hashed} of ${pieces.total ?? "an unknown number of"} files hashed`,
    },
    "Mirrors:": mirrorsText(mirrors),
  };
  const { furthest, notScanned } = mirrors;
  const further = {
    ...(furthest === null || furthest.lag === 0
      ? {}
      : { "Lag:": `${formatSpan(furthest.lag)} at most, of ${furthest.name}` }),
    ...(notScanned.length === 0
      ? {}
      : { "Scans:": `late for ${notScanned.length}: ${someOf(notScanned)}` }),
    ...(originals.length === 0 ? {} : {
      "Nodes:":
        `${someOf(originals)}: of the original, which keeps settings that it does not know ` +
        'and does not obey them ("mirrorbits help choice")',
    }),
    ...(http.hint === null ? {} : { "Hint:": http.hint }),
  };
  return Object.entries({ ...facts, ...further })
    .map(([name, fact]) => `${name.padEnd(8)} ${fact}\n`).join("");
}

/** `GeoLite2-City of 2026-11-20, GeoLite2-ASN of 2026-11-27`. */
function geoipText({ databases, warning }: GeoipHealthJson): string {
  const names = databases.map(({ type, built }) => `${type} of ${built}`).join(", ");
  return `${names || "none"}${warning === null ? "" : `, but ${warning}`}`;
}

/** `3 of 4 enabled are up: 1 by HTTP only, 1 down, 1 stale, 1 disabled`. */
function mirrorsText({ enabled, up, down, asOf, noRoute, ...counts }: MirrorsHealth): string {
  if (enabled === null) return "unknown";
  const others = [...((down ?? 0) > 0 ? [`${down} down`] : []), ...otherCounts(counts)];
  const when = asOf === null ? "" : `, as of ${clockTime(asOf)}`;
  const first = `${up} of ${enabled} enabled are up`;
  const route = noRoute.length === 0 ? "" : `, no route to ${noRoute.join(" and ")} from here`;
  return `${[first, ...others].join(", ")}${when}${route}`;
}

function someOf(names: readonly string[]): string {
  return [...names.slice(0, NAMED), ...(names.length > NAMED ? ["…"] : [])].join(", ");
}
