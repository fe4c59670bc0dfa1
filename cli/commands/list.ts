import { parseDuration } from "../../lib/catalog/duration.ts";
import { cutTexts } from "../../lib/catalog/text_limits.ts";
import type { MirrorJson, MirrorListJson } from "../../lib/control/api/mirror_schemas.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { booleanFlag, choiceFlag, type FlagValues, stringFlag, UsageError } from "../flags.ts";
import { type ListColumn, listColumns } from "../list_columns.ts";
import { awayText, listForPeople, type PaintedList } from "../list_for_people.ts";
import { isInCountries, LIST_ORDERS, orderMirrors } from "../list_order.ts";
import { lagOfMirror } from "../mirror_freshness.ts";
import { quotaColumns } from "../quota_columns.ts";
import { formatTable } from "../terminal/table.ts";
import { watchScreen } from "../watch_screen.ts";

const FLAGS = {
  country: stringFlag("List only mirrors in these countries, such as NL or DE,FR"),
  disabled: booleanFlag("List disabled mirrors only"),
  down: booleanFlag("List only mirrors currently down"),
  enabled: booleanFlag("List enabled mirrors only"),
  fresh: booleanFlag("Print how current the mirror is: files, lag, last scan"),
  ftp: booleanFlag("Print FTP addresses"),
  http: booleanFlag("Print HTTP addresses"),
  ip: booleanFlag("Print what the mirror is over IPv4 and over IPv6"),
  json: booleanFlag("Print everything as JSON"),
  location: booleanFlag("Print the country and continent code"),
  over: stringFlag("How far behind -stale begins, such as 48h or 2d; without it: StaleAfter"),
  plain: booleanFlag("Print on a terminal what a pipe gets"),
  quota: booleanFlag("Print what is used of MaxDay and MaxMonth, and when the month is full"),
  rsync: booleanFlag("Print rsync addresses"),
  score: booleanFlag("Print the score of the mirror"),
  sort: choiceFlag("Order by name, state, lag or country", LIST_ORDERS),
  stale: booleanFlag("List only mirrors that are far behind"),
  state: booleanFlag("Print the state of the mirror", true),
  tls: booleanFlag("Print when the certificate ends"),
  watch: booleanFlag("Show the list anew every two seconds, until Ctrl-C"),
};

/** What to list, and how. */
type ListFlags = FlagValues<typeof FLAGS>;

/** `list`: all mirrors. */
export default defineCommand({
  name: "list",
  group: "client",
  usage: "",
  summary: "List all mirrors",
  description: "Get the list of mirrors",
  flags: FLAGS,
  operands: [0, 0],
  details: "The newest change of state comes first.\n" +
    "On a terminal it has colours, unless NO_COLOR is set, and a sum below it.",
  examples: [
    ["mirrorbits list -down", "what needs attention"],
    ["mirrorbits list -watch -sort state", "the same, while it changes"],
    ["mirrorbits list -location -score -http", "more columns"],
    ["mirrorbits list -quota", "what is used of caps, and the day on which a month is full"],
    ["mirrorbits list -stale -over 7d", "what has not been updated for a week"],
    ["mirrorbits list -json | jq -r '.[].name'", "names for a script"],
  ],
  run: async ({ flags }, context) => {
    const { output } = context;
    if (flags.quota && flags.json) {
      output.json(await context.client.quotas());
      return 0;
    }
    if (flags.watch && flags.json) throw new UsageError("-watch and -json exclude each other");
    if (flags.watch && !output.isTerminal) throw new UsageError("-watch needs a terminal");
    const wanted = wishesOf(flags);
    if (flags.watch) {
      await watchScreen("mirrorbits list", async () => {
        const { table, foot } = await paintedList(wanted, context);
        return { lines: table.trimEnd().split("\n"), foot };
      }, context);
      return 0;
    }
    const people = output.isTerminal && !flags.plain && !flags.json;
    if (people) {
      const { table, foot } = await paintedList(wanted, context);
      output.writePainted(`${table}${foot.map((line) => `${line}\n`).join("")}`);
      return 0;
    }
    const { mirrors, listing, columns } = await look(wanted, false, context);
    if (flags.json) {
      output.json(mirrors);
    } else {
      const rows = mirrors.map((mirror) => columns.map(({ cell }) => cell(mirror)));
      output.write(await formatTable([columns.map(({ head }) => head), ...rows]));
    }
    if (listing.asOf !== null) output.errorLine(awayText(listing.asOf));
    return 0;
  },
});

/** For somebody who has just begun. */
const NO_MIRRORS =
  "No mirrors yet. Add one:\n  $ mirrorbits add -scan -enable -http URL -rsync URL NAME";

/** What was asked for, understood. */
interface Wishes {
  readonly flags: ListFlags;
  /** Milliseconds; `null`: what the daemon says. */
  readonly over: number | null;
  readonly countries: readonly string[];
}

function wishesOf(flags: ListFlags): Wishes {
  const minutes = flags.over === "" ? null : parseDuration(flags.over, "min");
  if (flags.over !== "" && minutes === null) {
    throw new UsageError(`Expected a duration such as 48h, found "${flags.over}"`);
  }
  const countries = flags.country.toUpperCase().split(/[\s,]+/).filter((code) => code !== "");
  const wrong = countries.find((code) => !/^[A-Z]{2}$/.test(code));
  if (wrong !== undefined) {
    throw new UsageError(`Expected country codes such as NL or DE,FR, found "${flags.country}"`);
  }
  return { flags, over: minutes === null ? null : minutes * 60_000, countries };
}

/** The mirrors as they are now, in the order in which they are shown, and how. */
async function look(
  { flags, over, countries }: Wishes,
  people: boolean,
  { client, now }: CommandContext,
): Promise<{
  readonly mirrors: readonly MirrorJson[];
  readonly listing: MirrorListJson;
  readonly columns: readonly ListColumn[];
}> {
  const listing = await client.listing({
    ...(flags.enabled || flags.disabled ? { enabled: flags.enabled } : {}),
    ...(flags.down ? { down: true } : {}),
  });
  // Enabled and disabled at once: nothing is both.
  const all = flags.enabled && flags.disabled ? [] : listing.mirrors;
  const listed = flags.json ? all : all.map(cutTexts);
  const { staleAfter } = listing;
  const time = now();
  const limit = over ?? staleAfter;
  const some = listed.filter((mirror) =>
    isInCountries(mirror, countries) &&
    (!flags.stale || (lagOfMirror(mirror, time) ?? 0) > limit)
  );
  const mirrors = orderMirrors(some, flags.sort, time);
  const [name, ...others] = listColumns(mirrors, { flags, people, staleAfter, now: time });
  const quotas = flags.quota ? quotaColumns(await client.quotas()) : [];
  return { mirrors, listing, columns: [name!, ...quotas, ...others] };
}

async function paintedList(wanted: Wishes, context: CommandContext): Promise<PaintedList> {
  const { mirrors, listing, columns } = await look(wanted, true, context);
  const { enabled, disabled, down } = wanted.flags;
  if (listing.mirrors.length === 0 && !enabled && !disabled && !down) {
    return { table: "", foot: [NO_MIRRORS] };
  }
  return await listForPeople(mirrors, listing, columns, {
    output: context.output,
    now: context.now(),
  });
}
