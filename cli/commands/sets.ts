import type { SetListJson } from "../../lib/control/api/set_schemas.ts";
import { defineCommand } from "../command.ts";
import { booleanFlag, integerFlag, UsageError } from "../flags.ts";
import { formatSpan } from "../terminal/format_time.ts";

/** `sets`: shows which revisions of package metadata mirrors have. */
export default defineCommand({
  name: "sets",
  group: "client",
  usage: "[require PATH]",
  summary: "Show which metadata mirrors have",
  description: "Show the metadata sets, their revisions, and what mirrors have of them",
  details: "require: only the present revision is served for a while, on all nodes. " +
    "More: mirrorbits help content",
  examples: [
    ["mirrorbits sets", "what is served, and who is behind"],
    ["mirrorbits sets require /dists/stable/InRelease", "nothing older for two hours"],
  ],
  flags: {
    json: booleanFlag("Print JSON"),
    minutes: integerFlag("require: for so many minutes; 0: no longer", 120),
  },
  operands: [0, 2],
  completes: [["require"]],
  run: async ({ flags: { json, minutes }, operands: [action, path] }, { client, output }) => {
    if (action === undefined) {
      const list = await client.sets();
      if (json) output.line(JSON.stringify(list, null, 2));
      else if (list.sets.length === 0) output.line("There are no metadata sets");
      else for (const set of list.sets) for (const line of linesOf(set)) output.line(line);
      return 0;
    }
    if (action !== "require" || path === undefined) {
      throw new UsageError(`Expected require PATH, found ${JSON.stringify(action)}`);
    }
    const { root, revision } = await client.requireSet(path, minutes);
    output.line(
      minutes === 0
        ? `${root}: older revisions are served again`
        : `${root}: only revision ${revision} and newer for ${minutes} minutes`,
    );
    return 0;
  },
});

function linesOf(set: SetListJson["sets"][number]): string[] {
  const { root, present, since, floor, floorAge, aside, required, mirrors } = set;
  const names = (state: string): string[] =>
    mirrors.filter((one) => one.state === state)
      .map(({ name, age }) => age > 0 ? `${name} (${formatSpan(age)} older)` : name);
  const older = floorAge > 0 ? `, ${formatSpan(floorAge)} older` : "";
  const line = (head: string, all: readonly string[]): string[] =>
    all.length === 0 ? [] : [`  ${head}: ${all.join(", ")}`];
  return [
    root,
    `  present revision: ${present}, since ${since}`,
    `  floor: ${floor === 0 ? "none yet" : `revision ${floor}${older}`}`,
    ...(aside ? ["  the source changes all the time: mirrors that do, too, serve last"] : []),
    ...(required === null ? [] : [`  only the present one until ${required}`]),
    ...line("serve", names("whole")),
    ...line("behind", names("behind")),
    ...line("in the middle of a sync, or not known", names("syncing")),
    ...line("unsteady", names("unsteady")),
  ];
}
