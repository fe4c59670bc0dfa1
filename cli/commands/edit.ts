import { ControlClientError } from "../../lib/control/client.ts";
import type { TaggedMirror } from "../../lib/control/client.ts";
import type { CommandContext } from "../command.ts";
import { defineCommand } from "../command.ts";
import { confirm } from "../confirm.ts";
import { EditorError } from "../editor.ts";
import { listFlag, UsageError } from "../flags.ts";
import type { SettingChanges } from "../mirror_document.ts";

type Documents = typeof import("../mirror_document.ts");

/** `edit`: changes the configuration of a mirror. */
export default defineCommand({
  name: "edit",
  group: "client",
  usage: "[IDENTIFIER]",
  summary: "Edit a mirror",
  flags: { set: listFlag("Change one setting without an editor; may be repeated", "Key=Value") },
  operands: [1, 1],
  run: async ({ flags, operands: [name = ""] }, context) => {
    const documents = await import("../mirror_document.ts");
    const found = await context.client.match(name);
    if (flags.set.length > 0) return await assign(flags.set, found, documents, context);
    if (!context.inputIsTerminal && !context.variable("EDITOR")) {
      const hint = "Without a terminal use: mirrorbits edit NAME -set Key=Value";
      throw new EditorError("There is no terminal for an editor", hint);
    }
    return await editInteractively(found, documents, context);
  },
});

async function assign(
  assignments: readonly string[],
  found: TaggedMirror,
  documents: Documents,
  context: CommandContext,
): Promise<number> {
  let changes: SettingChanges;
  try {
    changes = documents.parseAssignments(assignments, found.mirror);
  } catch (error) {
    if (error instanceof documents.DocumentError) throw new UsageError(error.message);
    throw error;
  }
  return await save(found, changes, documents, context);
}

async function editInteractively(
  found: TaggedMirror,
  documents: Documents,
  context: CommandContext,
): Promise<number> {
  const { output } = context;
  let base = found;
  let text = documents.formatForEditor(base.mirror);
  while (true) {
    text = await context.edit(text);
    let changes: SettingChanges = {};
    try {
      changes = documents.parseEdited(text, base.mirror);
      return await save(base, changes, documents, context);
    } catch (error) {
      const mistake = error instanceof documents.DocumentError ||
        error instanceof ControlClientError;
      if (!mistake) throw error;
      output.error(error.message, error instanceof ControlClientError ? error.hint : null);
      const now = await changedMeanwhile(error, base, context);
      if (now) {
        // Their changes are kept, and ours are put on top of them.
        output.errorWrite(documents.formatDifference(
          base.mirror,
          documents.differences(
            base.mirror,
            now.mirror,
          ),
        ));
        base = now;
        text = documents.formatForEditor({ ...now.mirror, ...changes });
      }
    }
    if (!await confirm("Retry? [Y/n]", true, context)) {
      output.line("Aborted");
      return 1;
    }
  }
}

/** The mirror as it is now, when somebody else changed it since it was read. */
async function changedMeanwhile(
  error: unknown,
  base: TaggedMirror,
  { client }: CommandContext,
): Promise<TaggedMirror | null> {
  const changed = error instanceof ControlClientError && error.code === "changed";
  return changed ? await client.get(base.mirror.id) : null;
}

async function save(
  { mirror, tag }: TaggedMirror,
  changes: SettingChanges,
  documents: Documents,
  { client, output }: CommandContext,
): Promise<number> {
  if (Object.keys(changes).length === 0) {
    output.line("Aborted - settings are unmodified, so there is nothing to change.");
    return 0;
  }
  const saved = await client.edit(mirror.id, changes, tag);
  output.write(documents.formatDifference(mirror, changes));
  output.line(`\nMirror '${saved.mirror.name}' edited successfully`);
  return 0;
}
