import type { ControlClient } from "../lib/control/client.ts";
import { fingerprint } from "../lib/control/fingerprint.ts";
import { type ImportPlan, planImport } from "./import_plan.ts";
import { formatAdded, formatDifference } from "./mirror_document.ts";
import { parseMirrorList } from "./mirror_list.ts";

/** One mirror of a plan: what happens to it, and how. */
export interface ImportStep {
  readonly verb: "add" | "change" | "remove";
  readonly name: string;
  /** Its settings, or what changes, in lines; perhaps none. */
  readonly difference: string;
  readonly apply: () => Promise<unknown>;
}

/** What makes the mirrors those of a list, in order. */
export interface ImportSteps {
  readonly steps: readonly ImportStep[];
  /** Mirrors that are already as the list has them. */
  readonly unchanged: number;
}

/** What of the daemon is asked. */
type Mirrors = Pick<ControlClient, "add" | "edit" | "list" | "remove">;

/**
 * Finds out what to do so that the mirrors are those of a document; does nothing yet.
 *
 * @param prune whether mirrors that the list does not have are to go
 * @throws {DocumentError} with everything that is wrong, a line each
 * @throws {ControlClientError}
 */
export async function importSteps(
  text: string,
  prune: boolean,
  client: Mirrors,
): Promise<ImportSteps> {
  const plan = planImport(parseMirrorList(text), await client.list(), prune);
  return { steps: stepsOf(plan, client), unchanged: plan.unchanged };
}

function stepsOf({ added, changed, removed }: ImportPlan, client: Mirrors): ImportStep[] {
  return [
    ...added.map((settings): ImportStep => ({
      verb: "add",
      name: settings.name ?? "",
      difference: formatAdded(settings),
      apply: () => client.add(settings),
    })),
    ...changed.map(({ mirror, changes }): ImportStep => ({
      verb: "change",
      name: mirror.name,
      difference: formatDifference(mirror, changes),
      apply: () => client.edit(mirror.id, changes, fingerprint(mirror)),
    })),
    ...removed.map((mirror): ImportStep => ({
      verb: "remove",
      name: mirror.name,
      difference: "",
      apply: () => client.remove(mirror.id, fingerprint(mirror)),
    })),
  ];
}
