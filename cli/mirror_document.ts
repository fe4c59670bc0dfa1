import { isMap } from "yaml";
import {
  ALL_SETTINGS,
  COMMENT_SETTING,
  type MirrorSettings,
  type Setting,
  SETTINGS,
} from "../lib/catalog/settings/mirror_settings.ts";
import { DocumentError } from "./document_error.ts";
import { formatSetting, settingOf } from "./setting_text.ts";
import { parseYamlDocument, readSettings } from "./setting_nodes.ts";

/** What was read from a document that somebody edited; values as they were written. */
export type SettingChanges = Readonly<Record<string, unknown>>;

const SEPARATOR = "##### Comments go below this line #####";

const HEADER = `# You can now edit this mirror configuration.
# Save the file and leave the editor when you are done.
# A file that was not changed changes nothing.
`;

/** What the original does not have: its documents, and what reads them, stay as they are. */
const FURTHER = `
# Further settings, as they are by default: without the # they can be changed.
`;

/**
 * Writes settings as a YAML document, without the comment.
 *
 * @param settings values as the control API gives them, or as somebody wrote them
 */
export function formatSettings(settings: MirrorSettings | SettingChanges): string {
  const values = settings as SettingChanges;
  return SETTINGS.map((setting) => formatSetting(setting, values[setting.property])).join("");
}

/**
 * Writes settings as the document to edit, with the comment below it. Those that the original does not
 * know are comments while a mirror has their defaults.
 *
 * @param settings what to write
 * @param base what the mirror has; default: the same
 */
export function formatForEditor(
  settings: MirrorSettings | SettingChanges,
  base: MirrorSettings | SettingChanges = settings,
): string {
  const [values, had] = [settings as SettingChanges, base as SettingChanges];
  const isAside = (setting: Setting): boolean =>
    setting.newer === true &&
    [values, had].every((of) => !differ(setting, of[setting.property], setting.byDefault));
  const write = (setting: Setting): string => formatSetting(setting, values[setting.property]);
  const plain = SETTINGS.filter((one) => !isAside(one)).map(write).join("");
  const aside = SETTINGS.filter(isAside).map(write).join("").replace(/^(?=[^])/gm, "# ");
  const comment = String(values["comment"] ?? "");
  return `${HEADER}\n${plain}${aside && FURTHER}${aside}\n${SEPARATOR}\n\n${comment}\n`;
}

/**
 * Reads a document that was edited. Keys that are missing stay as they were.
 *
 * @returns the properties that differ from `base`
 * @throws {DocumentError}
 */
export function parseEdited(text: string, base: MirrorSettings): SettingChanges {
  const [yaml = "", ...below] = text.split(SEPARATOR);
  const values = parseYaml(yaml);
  const comment = below.join(SEPARATOR).trim();
  // Without the line nobody can tell whether the comment was meant to go.
  if (below.length > 0 && comment !== base.comment.trim()) values.set(COMMENT_SETTING, comment);
  return changedValues(values, base);
}

/**
 * Reads assignments of the form `Key=Value`; the case of keys does not matter.
 *
 * @returns the properties that differ from `base`
 * @throws {DocumentError}
 */
export function parseAssignments(
  assignments: readonly string[],
  base: MirrorSettings,
): SettingChanges {
  return changedValues(readAssignments(assignments), base);
}

/**
 * Reads assignments of the form `Key=Value`; the case of keys does not matter.
 *
 * @returns what is assigned, also where it is nothing new
 * @throws {DocumentError}
 */
export function readAssignments(assignments: readonly string[]): Map<Setting, unknown> {
  const values = new Map<Setting, unknown>();
  for (const assignment of assignments) {
    const [, key, text = ""] = /^([^=]*)=([^]*)$/.exec(assignment) ?? [];
    if (key === undefined) {
      throw new DocumentError(`Expected Key=Value, found ${JSON.stringify(assignment)}`);
    }
    const setting = settingOf(key.trim(), ALL_SETTINGS);
    values.set(setting, setting.kind.verbatim ? text : setting.kind.parse(text.trim()));
  }
  return values;
}

/** Shows what changes would change: lines with `-` and `+`; empty when nothing. */
export function formatDifference(base: MirrorSettings, changes: SettingChanges): string {
  return ALL_SETTINGS
    .filter(({ property }) => Object.hasOwn(changes, property))
    .map((setting) =>
      mark("-", setting, base[setting.property]) + mark("+", setting, changes[setting.property])
    ).join("");
}

/** Shows the settings of a mirror that is new: lines with `+`. */
export function formatAdded(settings: MirrorSettings | SettingChanges): string {
  const values = settings as SettingChanges;
  return ALL_SETTINGS
    .filter(({ property }) => Object.hasOwn(values, property))
    .map((setting) => mark("+", setting, values[setting.property])).join("");
}

/** Only the properties that a mirror now has otherwise than before. */
export function differences(before: MirrorSettings, after: MirrorSettings): SettingChanges {
  const values = ALL_SETTINGS.map((one) => [one, after[one.property]] as const);
  return changedValues(new Map(values), before);
}

function mark(sign: string, setting: Setting, value: unknown): string {
  return formatSetting(setting, value).replace(/^(?=[^])/gm, `${sign} `);
}

function parseYaml(text: string): Map<Setting, unknown> {
  const document = parseYamlDocument(text);
  if (!isMap(document.contents)) {
    throw new DocumentError('Expected lines of the form "Key: value"');
  }
  return readSettings(document, document.contents, SETTINGS);
}

function changedValues(
  values: ReadonlyMap<Setting, unknown>,
  base: MirrorSettings,
): SettingChanges {
  const changed = [...values].filter(([setting, value]) =>
    differ(setting, value, base[setting.property])
  );
  return Object.fromEntries(changed.map(([{ property }, value]) => [property, value]));
}

function differ(setting: Setting, one: unknown, other: unknown): boolean {
  return formatSetting(setting, one) !== formatSetting(setting, other);
}
