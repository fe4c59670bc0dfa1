import { ControlClientError } from "../../lib/control/control_client_error.ts";
import type { TaggedMirror } from "../../lib/control/client.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { confirm } from "../confirm.ts";
import { DocumentError } from "../document_error.ts";
import { EditorError } from "../terminal/editor.ts";
import { listFlag, UsageError } from "../flags.ts";
import { showMeanwhile } from "../meanwhile.ts";
import { ASSIGNMENT_WORDS } from "../setting_flags.ts";
import type { SettingChanges } from "../mirror_document.ts";

/** `edit`: changes the configuration of a mirror. */
export default defineCommand({
  name: "edit",
  group: "client",
  usage: "[IDENTIFIER]",
  summary: "Edit a mirror",
  details: "Opens the settings in $EDITOR (else editor, vi, emacs or nano), then shows what\n" +
    "changed. When somebody else changes the mirror meanwhile, nothing is overwritten.",
  examples: [
    ["mirrorbits edit example", "in the editor"],
    ["mirrorbits edit example -set Score=20 -set CountryCodes='FR DE'", "in a script"],
    ["mirrorbits edit example -set AllowRedirects=null", "back to what the configuration says"],
  ],
  flags: {
    set: listFlag(
      "Change one setting without an editor; may be repeated",
      "Key=Value",
      ASSIGNMENT_WORDS,
    ),
  },
  operands: [1, 1],
  completes: ["mirror"],
  run: async ({ flags, operands: [name = ""] }, context) => {
    // What is no key is said also where there is no daemon.
    await checkAssignments(flags.set);
    const found = await context.client.match(name);
    if (flags.set.length > 0) return await assign(flags.set, found, context);
    if (!context.inputIsTerminal && !context.variable("EDITOR")) {
      const hint = "Without a terminal use: mirrorbits edit NAME -set Key=Value";
      throw new EditorError("There is no terminal for an editor", hint);
    }
    return await editInteractively(found, context);
  },
});

async function checkAssignments(assignments: readonly string[]): Promise<void> {
  const { readAssignments } = await import("../mirror_document.ts");
  try {
    readAssignments(assignments);
  } catch (error) {
    if (error instanceof DocumentError) throw new UsageError(error.message);
    throw error;
  }
}

async function assign(
  assignments: readonly string[],
  found: TaggedMirror,
  context: CommandContext,
): Promise<number> {
  const { parseAssignments } = await import("../mirror_document.ts");
  try {
    return await save(found, parseAssignments(assignments, found.mirror), context);
  } catch (error) {
    if (error instanceof DocumentError) throw new UsageError(error.message);
    const hint = "Nothing was changed; the same command again goes by the mirror as it is now";
    if (await showMeanwhile(error, found.mirror, hint, context)) return 1;
    throw error;
  }
}

async function editInteractively(found: TaggedMirror, context: CommandContext): Promise<number> {
  const { client, output } = context;
  const { formatForEditor, parseEdited } = await import("../mirror_document.ts");
  let base = found;
  let text = formatForEditor(base.mirror);
  while (true) {
    text = await context.edit(text);
    let changes: SettingChanges = {};
    try {
      changes = parseEdited(text, base.mirror);
      return await save(base, changes, context);
    } catch (error) {
      if (await showMeanwhile(error, base.mirror, null, context)) {
        // Their changes are kept, and ours are put on top of them.
        base = await client.get(base.mirror.id);
        text = formatForEditor({ ...base.mirror, ...changes }, base.mirror);
      } else if (error instanceof DocumentError) {
        output.error(error.message);
      } else if (error instanceof ControlClientError) {
        output.error(error.message, error.hint);
      } else throw error;
    }
    if (!await confirm("Retry? [Y/n]", true, context)) {
      output.line("Aborted");
      return 1;
    }
  }
}

async function save(
  { mirror, tag }: TaggedMirror,
  changes: SettingChanges,
  { client, output }: CommandContext,
): Promise<number> {
  if (Object.keys(changes).length === 0) {
    output.line("Aborted - settings are unmodified, so there is nothing to change.");
    return 0;
  }
  const saved = await client.edit(mirror.id, changes, tag);
  const { formatDifference } = await import("../mirror_document.ts");
  output.write(formatDifference(mirror, changes));
  output.line(`\nMirror '${saved.mirror.name}' edited successfully`);
  return 0;
}
