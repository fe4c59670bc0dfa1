import { isMap, isNode, isScalar, LineCounter, parseDocument, stringify } from "yaml";
import type { Document } from "yaml";
import { nearest } from "../lib/config/nearest.ts";
import { COMMENT_SETTING, SETTINGS } from "../lib/control/mirror_settings.ts";
import type { MirrorSettings, SettingDescription } from "../lib/control/mirror_settings.ts";

/** What was read from a document that somebody edited; values as they were written. */
export type SettingChanges = Readonly<Record<string, unknown>>;

/** A document that cannot be understood, in a sentence for the operator. */
export class DocumentError extends Error {
  override readonly name = "DocumentError";
}

const SEPARATOR = "##### Comments go below this line #####";

const HEADER = `# You can now edit this mirror configuration.
# Save the file and leave the editor when you are done. A file that was not changed changes nothing.

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

/** Writes settings as the document to edit, with the comment below it. */
export function formatForEditor(settings: MirrorSettings | SettingChanges): string {
  const comment = String((settings as SettingChanges)["comment"] ?? "");
  return `${HEADER}${formatSettings(settings)}\n${SEPARATOR}\n\n${comment}\n`;
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
  const values = new Map<SettingDescription, unknown>();
  for (const assignment of assignments) {
    const [, key, text = ""] = /^([^=]*)=([^]*)$/.exec(assignment) ?? [];
    if (key === undefined) {
      throw new DocumentError(`Expected Key=Value, found ${JSON.stringify(assignment)}`);
    }
    const setting = settingOf(key.trim(), [...SETTINGS, COMMENT_SETTING]);
    values.set(setting, setting.type === "text" ? text : typedValue(setting, text.trim()));
  }
  return changedValues(values, base);
}

/** Shows what changes would change: lines with `-` and `+`; empty when nothing. */
export function formatDifference(base: MirrorSettings, changes: SettingChanges): string {
  const mark = (sign: string, setting: SettingDescription, value: unknown): string =>
    formatSetting(setting, value).replace(/^(?=[^])/gm, `${sign} `);
  return [...SETTINGS, COMMENT_SETTING]
    .filter(({ property }) => Object.hasOwn(changes, property))
    .map((setting) =>
      mark("-", setting, base[setting.property]) + mark("+", setting, changes[setting.property])
    ).join("");
}

/** Only the properties that a mirror now has otherwise than before. */
export function differences(before: MirrorSettings, after: MirrorSettings): SettingChanges {
  const values = [...SETTINGS, COMMENT_SETTING].map((one) => [one, after[one.property]] as const);
  return changedValues(new Map(values), before);
}

function formatSetting({ key }: SettingDescription, value: unknown): string {
  const plain = Array.isArray(value) ? value.join(" ") : value ?? null;
  return stringify({ [key]: plain }, { lineWidth: 0 });
}

function parseYaml(text: string): Map<SettingDescription, unknown> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const [error] = document.errors;
  if (error) throw new DocumentError(`Line ${lineAt(error.pos[0])}: ${error.message}`);
  if (!isMap(document.contents)) {
    throw new DocumentError('Expected lines of the form "Key: value"');
  }
  const values = new Map<SettingDescription, unknown>();
  for (const { key, value } of document.contents.items) {
    const setting = settingOf(isScalar(key) ? String(key.value) : String(key), SETTINGS);
    values.set(setting, readNode(document, setting, value));
  }
  return values;
}

function readNode(document: Document, setting: SettingDescription, node: unknown): unknown {
  if (!isScalar(node)) return isNode(node) ? node.toJS(document) : "";
  const { type, source, value } = node;
  // A text may look like a number, a country like a truth value: the setting decides.
  if (type === "PLAIN") return typedValue(setting, source ?? "");
  return setting.type === "text" ? value : typedValue(setting, String(value).trim());
}

/** What a word stands for in a setting; whatever does not fit stays a text, for the daemon to judge. */
function typedValue({ type }: SettingDescription, text: string): unknown {
  if (type === "text" || type === "codes") return /^(~|null)?$/.test(text) ? "" : text;
  if (type === "optional_flag" && /^(~|null)?$/i.test(text)) return null;
  if (type === "flag" || type === "optional_flag") {
    if (/^(true|yes|on)$/i.test(text)) return true;
    return /^(false|no|off)$/i.test(text) ? false : text;
  }
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}

function settingOf(key: string, settings: readonly SettingDescription[]): SettingDescription {
  const wanted = key.toLowerCase();
  const setting = settings.find((one) => one.key.toLowerCase() === wanted);
  if (setting) return setting;
  const meant = nearest(key, settings.map((one) => one.key));
  const advice = meant === null ? "" : `, did you mean "${meant}"?`;
  throw new DocumentError(`Unknown key ${JSON.stringify(key)}${advice}`);
}

function changedValues(
  values: ReadonlyMap<SettingDescription, unknown>,
  base: MirrorSettings,
): SettingChanges {
  const changed = [...values].filter(([setting, value]) =>
    formatSetting(setting, value) !== formatSetting(setting, base[setting.property])
  );
  return Object.fromEntries(changed.map(([{ property }, value]) => [property, value]));
}
