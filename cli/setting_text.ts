import { stringify } from "yaml";
import { nearest } from "../lib/config/nearest.ts";
import type { SettingDescription } from "../lib/control/api/mirror_settings.ts";
import { DocumentError } from "./document_error.ts";

/** Writes a setting as a line of YAML, or as several. */
export function formatSetting({ key }: SettingDescription, value: unknown): string {
  const plain = Array.isArray(value) ? value.join(" ") : value ?? null;
  return stringify({ [key]: plain }, { lineWidth: 0 });
}

/** What a word stands for in a setting; whatever does not fit stays a text, for the daemon to judge. */
export function typedValue({ type }: SettingDescription, text: string): unknown {
  if (type === "text" || type === "codes") return /^(~|null)?$/.test(text) ? "" : text;
  if (type === "optional_flag" && /^(~|null)?$/i.test(text)) return null;
  if (type === "flag" || type === "optional_flag") {
    if (/^(true|yes|on)$/i.test(text)) return true;
    return /^(false|no|off)$/i.test(text) ? false : text;
  }
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}

/** Finds a setting by its key, in any case. @throws {DocumentError} */
export function settingOf(
  key: string,
  settings: readonly SettingDescription[],
): SettingDescription {
  const wanted = key.toLowerCase();
  const setting = settings.find((one) => one.key.toLowerCase() === wanted);
  if (setting) return setting;
  const meant = nearest(key, settings.map((one) => one.key));
  const advice = meant === null ? "" : `, did you mean "${meant}"?`;
  throw new DocumentError(`Unknown key ${JSON.stringify(key)}${advice}`);
}
