import { ControlClientError } from "../../lib/control/control_client_error.ts";
import { fingerprint } from "../../lib/control/fingerprint.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { DocumentError } from "../document_error.ts";
import { booleanFlag } from "../flags.ts";
import { type ImportPlan, planImport } from "../import_plan.ts";
import { formatAdded, formatDifference } from "../mirror_document.ts";
import { parseMirrorList } from "../mirror_list.ts";

/** One mirror of a plan: what happens to it, and how. */
interface Step {
  readonly verb: "add" | "change" | "remove";
  readonly name: string;
  /** Its settings, or what changes, in lines; perhaps none. */
  readonly difference: string;
  readonly apply: () => Promise<unknown>;
}

const DONE = { add: "added", change: "changed", remove: "removed" } as const;

/** `import`: makes the mirrors those of a list. */
export default defineCommand({
  name: "import",
  group: "client",
  usage: "[OPTIONS] FILE",
  summary: "Create or update mirrors from a list",
  description: "Create or update mirrors from a list that export yaml has written",
  details: "Mirrors are told apart by their names. What a mirror of the list leaves out\n" +
    "stays as it is. A mistake in the list changes nothing. FILE - is standard input.",
  examples: [
    ["mirrorbits import -dry-run mirrors.yaml", "what would change"],
    ["mirrorbits import mirrors.yaml", "create and update mirrors"],
    ["mirrorbits import -prune mirrors.yaml", "and remove those that the list does not have"],
    ["mirrorbits export yaml | mirrorbits -h other.example import -", "copy all mirrors"],
  ],
  flags: {
    "dry-run": booleanFlag("Show the difference and change nothing"),
    json: booleanFlag("Print what was done as JSON"),
    prune: booleanFlag("Remove the mirrors that the list does not have"),
  },
  operands: [1, 1],
  completes: ["file"],
  run: async ({ flags, operands: [file = ""] }, context) => {
    const { client, output } = context;
    const text = await context.readText(file);
    let plan: ImportPlan;
    try {
      plan = planImport(parseMirrorList(text), await client.list(), flags.prune);
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      output.error(error.message, "Nothing was changed");
      return 1;
    }
    const steps = stepsOf(plan, context);
    const failed = flags["dry-run"] ? [] : await apply(steps, flags.json, context);
    const done = steps.filter(({ name }) => !failed.includes(name));
    if (flags.json) {
      const names = (verb: Step["verb"]): string[] =>
        done.filter((step) => step.verb === verb).map(({ name }) => name);
      const { unchanged } = plan;
      const added = names("add");
      output.json({ added, changed: names("change"), removed: names("remove"), unchanged, failed });
    } else {
      if (flags["dry-run"]) { for (const step of steps) showStep(step, "Would ", context); }
      output.line(summary(done, plan.unchanged, flags["dry-run"]));
    }
    return failed.length === 0 ? 0 : 1;
  },
});

function stepsOf({ added, changed, removed }: ImportPlan, { client }: CommandContext): Step[] {
  return [
    ...added.map((settings): Step => ({
      verb: "add",
      name: settings.name ?? "",
      difference: formatAdded(settings),
      apply: () => client.add(settings),
    })),
    ...changed.map(({ mirror, changes }): Step => ({
      verb: "change",
      name: mirror.name,
      difference: formatDifference(mirror, changes),
      apply: () => client.edit(mirror.id, changes, fingerprint(mirror)),
    })),
    ...removed.map((mirror): Step => ({
      verb: "remove",
      name: mirror.name,
      difference: "",
      apply: () => client.remove(mirror.id, fingerprint(mirror)),
    })),
  ];
}

/** Does what is to be done, and goes on after an error that is one mirror's. @returns whose failed */
async function apply(
  steps: readonly Step[],
  quiet: boolean,
  context: CommandContext,
): Promise<string[]> {
  const failed: string[] = [];
  for (const step of steps) {
    try {
      await step.apply();
      if (!quiet) showStep(step, "", context);
    } catch (error) {
      const isOwn = error instanceof ControlClientError && error.code !== "connection";
      if (!isOwn) throw error;
      failed.push(step.name);
      context.output.error(`Cannot ${step.verb} '${step.name}': ${error.message}`, error.hint);
    }
  }
  return failed;
}

function showStep({ verb, name, difference }: Step, would: string, context: CommandContext): void {
  const { output } = context;
  output.line(would === "" ? `Mirror '${name}' ${DONE[verb]}` : `${would}${verb} '${name}'`);
  if (difference !== "") output.write(difference.replace(/^(?=.)/gm, "  "));
}

function summary(steps: readonly Step[], unchanged: number, dryRun: boolean): string {
  const count = (verb: Step["verb"]): number => steps.filter((step) => step.verb === verb).length;
  const [added, changed, removed] = [count("add"), count("change"), count("remove")];
  return dryRun
    ? `Would add ${added}, change ${changed} and remove ${removed}; ${unchanged} unchanged`
    : `${added} added, ${changed} changed, ${removed} removed, ${unchanged} unchanged`;
}
