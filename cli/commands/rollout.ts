import { parseDuration } from "../../lib/catalog/duration.ts";
import type { RolloutJson } from "../../lib/control/api/release_schemas.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { booleanFlag, stringFlag, UsageError } from "../flags.ts";
import { formatSpan } from "../terminal/format_time.ts";
import { watchScreen } from "../watch_screen.ts";

/** Milliseconds between two looks while it waits. */
const PERIOD = 2000;

/** Mirrors that are named, at most. */
const NAMED = 10;

/** `rollout`: how far something new has reached the mirrors. */
export default defineCommand({
  name: "rollout",
  group: "client",
  usage: "[OPTIONS] PATH",
  summary: "Show how far something has got",
  description: "Show how many mirrors have a file, or all of a directory, in its present version",
  details: "The daemon notes from the first time on when mirrors get it (100 paths at most).\n" +
    "With -wait: the exit status is 0 once so many percent of the mirrors have it, 1 after -timeout.",
  examples: [
    ["mirrorbits rollout /releases/5.0/", "how far it is"],
    ["mirrorbits rollout -wait 80% -timeout 6h /releases/5.0/ && ./announce", "when it is there"],
  ],
  flags: {
    json: booleanFlag("Print JSON"),
    timeout: stringFlag("Give up waiting after so long, such as 6h; default: never"),
    wait: stringFlag("Wait until so many percent of the mirrors have it, such as 80%"),
    watch: booleanFlag("Show it over and over"),
  },
  operands: [1, 1],
  run: async ({ flags: { json, timeout, wait, watch }, operands: [path = ""] }, context) => {
    const { client, output } = context;
    if (watch && (json || wait !== "")) throw new UsageError("-watch goes with no other option");
    if (timeout !== "" && wait === "") throw new UsageError("-timeout needs -wait");
    // Nothing is asked for, or watched, before every option is known to be right.
    const percent = wait === "" ? null : percentOf(wait);
    const milliseconds = timeoutOf(timeout);
    const first = await client.rollout(path, true);
    if (watch) {
      await watchScreen(`mirrorbits rollout ${path}`, async () => ({
        lines: linesOf(await client.rollout(path, false)),
        foot: [],
      }), context);
      return 0;
    }
    const rollout = percent === null
      ? first
      : await waitFor(path, percent, milliseconds, first, context);
    if (json) output.json(rollout);
    else for (const line of linesOf(rollout)) output.line(line);
    if (percent === null || rollout.percent >= percent) return 0;
    output.error(`${path} has not reached ${percent} percent of the mirrors`);
    return 1;
  },
});

async function waitFor(
  path: string,
  percent: number,
  timeout: number,
  first: RolloutJson,
  { client, interruption, delay, now }: CommandContext,
): Promise<RolloutJson> {
  using stop = interruption();
  const end = now() + timeout;
  let rollout = first;
  while (rollout.percent < percent && now() < end && !stop.signal.aborted) {
    await delay(Math.min(PERIOD, end - now()), stop.signal);
    if (!stop.signal.aborted) rollout = await client.rollout(path, false);
  }
  return rollout;
}

function percentOf(text: string): number {
  const [, digits] = /^(\d{1,3}(?:\.\d+)?)\s*%?$/.exec(text) ?? [];
  const percent = Number(digits ?? NaN);
  if (percent >= 0 && percent <= 100) return percent;
  throw new UsageError(`-wait takes percent such as 80%, found ${JSON.stringify(text)}`);
}

function timeoutOf(text: string): number {
  if (text === "") return Infinity;
  const milliseconds = parseDuration(text, "s");
  if (milliseconds !== null) return milliseconds * 1000;
  throw new UsageError(`-timeout takes a duration such as 6h, found ${JSON.stringify(text)}`);
}

function linesOf({ path, percent, have, traffic, continents, mirrors }: RolloutJson): string[] {
  const lacking = mirrors.filter(({ has }) => !has).map(({ name }) => name);
  const slow = mirrors.filter(({ took }) => took !== null)
    .map(({ name, took }) => `${name} ${formatSpan(took!)}`);
  const some = (names: readonly string[]): string =>
    names.slice(0, NAMED).join(", ") +
    (names.length > NAMED ? ` and ${names.length - NAMED} more` : "");
  return [
    path,
    `  mirrors: ${have} of ${mirrors.length} (${Math.floor(percent)} %)`,
    ...(traffic === null ? [] : [`  traffic: ${Math.floor(traffic)} %`]),
    ...(continents.length === 0 ? [] : [
      `  continents: ${
        continents.map(({ code, mirrors, have }) => `${code || "unknown"} ${have} of ${mirrors}`)
          .join(", ")
      }`,
    ]),
    ...(slow.length === 0 ? [] : [`  took longest: ${some(slow)}`]),
    ...(lacking.length === 0 ? [] : [`  lack it: ${some(lacking)}`]),
  ];
}
