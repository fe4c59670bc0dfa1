import { ControlError } from "../lib/control/api/control_error.ts";
import type { MirrorJson } from "../lib/control/api/mirror_schemas.ts";
import { applySettings } from "../lib/control/mirror_rules.ts";
import {
  DEFAULT_SETTINGS,
  type MirrorSettings,
  settingsOf,
} from "../lib/catalog/settings/mirror_settings.ts";
import { DocumentError } from "./document_error.ts";
import { differences, type SettingChanges } from "./mirror_document.ts";
import type { ListedMirror } from "./mirror_list.ts";

/** What makes the mirrors those of a list. */
export interface ImportPlan {
  /** New mirrors, with the settings that were said. */
  readonly added: readonly Partial<MirrorSettings>[];
  readonly changed: readonly { readonly mirror: MirrorJson; readonly changes: SettingChanges }[];
  /** Mirrors that the list does not have. */
  readonly removed: readonly MirrorJson[];
  /** Mirrors that are already as the list has them. */
  readonly unchanged: number;
}

/**
 * Finds out what to do so that the mirrors are those of a list. They are told apart by their names.
 * Every mirror of the list is judged by the rules first, so that a mistake changes nothing.
 *
 * @param listed the list
 * @param mirrors the mirrors now
 * @param prune whether mirrors that the list does not have are to go
 * @throws {DocumentError} with everything that is wrong, a line each
 */
export function planImport(
  listed: readonly ListedMirror[],
  mirrors: readonly MirrorJson[],
  prune: boolean,
): ImportPlan {
  if (prune && listed.length === 0) {
    throw new DocumentError("The list is empty: with -prune every mirror would be removed");
  }
  const present = new Map(mirrors.map((mirror) => [mirror.name, mirror]));
  const seen = new Set<string>();
  const problems: string[] = [];
  const plan = { added: [], changed: [], removed: [], unchanged: 0 } as {
    -readonly [Part in keyof ImportPlan]: ImportPlan[Part] extends readonly (infer Item)[] ? Item[]
      : number;
  };
  for (const { line, settings } of listed) {
    try {
      const name = String(settings["name"] ?? "").trim();
      if (seen.has(name)) throw new DocumentError(`The name ${JSON.stringify(name)} comes twice`);
      if (name !== "") seen.add(name);
      const mirror = present.get(name);
      const after = applySettings(mirror ? settingsOf(mirror) : DEFAULT_SETTINGS, settings);
      const changes = mirror ? differences(mirror, after) : {};
      if (!mirror) plan.added.push(said(after, settings));
      else if (Object.keys(changes).length > 0) plan.changed.push({ mirror, changes });
      else plan.unchanged++;
    } catch (error) {
      if (!(error instanceof ControlError || error instanceof DocumentError)) throw error;
      problems.push(`Mirror at line ${line}: ${error.message}`);
    }
  }
  if (problems.length > 0) throw new DocumentError(problems.join("\n"));
  const absent = mirrors.filter(({ name }) => !seen.has(name));
  if (prune) plan.removed.push(...absent);
  return plan;
}

/** Only the settings that somebody wrote, in their final form. */
function said(settings: MirrorSettings, written: SettingChanges): Partial<MirrorSettings> {
  return Object.fromEntries(
    Object.entries(settings).filter(([property]) => Object.hasOwn(written, property)),
  );
}
