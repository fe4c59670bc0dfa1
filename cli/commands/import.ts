import { ControlClientError } from "../../lib/control/control_client_error.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { DocumentError } from "../document_error.ts";
import { booleanFlag } from "../flags.ts";
import type { ImportStep, ImportSteps } from "../import_steps.ts";

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
    const { importSteps } = await import("../import_steps.ts");
    let plan: ImportSteps;
    try {
      plan = await importSteps(text, flags.prune, client);
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      output.error(error.message, "Nothing was changed");
      return 1;
    }
    const { steps, unchanged } = plan;
    const failed = flags["dry-run"] ? [] : await apply(steps, flags.json, context);
    const done = steps.filter(({ name }) => !failed.includes(name));
    if (flags.json) {
      const names = (verb: ImportStep["verb"]): string[] =>
        done.filter((step) => step.verb === verb).map(({ name }) => name);
      const added = names("add");
      output.json({ added, changed: names("change"), removed: names("remove"), unchanged, failed });
    } else {
      if (flags["dry-run"]) { for (const step of steps) showStep(step, "Would ", context); }
      output.line(summary(done, unchanged, flags["dry-run"]));
    }
    return failed.length === 0 ? 0 : 1;
  },
});

/** Does what is to be done, and goes on after an error that is one mirror's. @returns whose failed */
async function apply(
  steps: readonly ImportStep[],
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

function showStep(
  { verb, name, difference }: ImportStep,
  would: string,
  context: CommandContext,
): void {
  const { output } = context;
  output.line(would === "" ? `Mirror '${name}' ${DONE[verb]}` : `${would}${verb} '${name}'`);
  if (difference !== "") output.write(difference.replace(/^(?=.)/gm, "  "));
}

function summary(steps: readonly ImportStep[], unchanged: number, dryRun: boolean): string {
  const count = (verb: ImportStep["verb"]): number =>
    steps.filter((step) => step.verb === verb).length;
  const [added, changed, removed] = [count("add"), count("change"), count("remove")];
  return dryRun
    ? `Would add ${added}, change ${changed} and remove ${removed}; ${unchanged} unchanged`
    : `${added} added, ${changed} changed, ${removed} removed, ${unchanged} unchanged`;
}
