import { stringify } from "yaml";
import { nearest } from "../lib/config/nearest.ts";
import type { Setting } from "../lib/catalog/settings/mirror_settings.ts";
import { DocumentError } from "./document_error.ts";

/** Writes a setting as a line of YAML, or as several. */
export function formatSetting({ key, kind }: Setting, value: unknown): string {
  return stringify({ [key]: kind.show(value) }, { lineWidth: 0 });
}

/** Finds a setting by its key, in any case. @throws {DocumentError} */
export function settingOf(
  key: string,
  settings: readonly Setting[],
): Setting {
  const wanted = key.toLowerCase();
  const setting = settings.find((one) => one.key.toLowerCase() === wanted);
  if (setting) return setting;
  const meant = nearest(key, settings.map((one) => one.key));
  const advice = meant === null
    ? `: there are ${settings.map((one) => one.key).join(", ")}`
    : `, did you mean "${meant}"?`;
  throw new DocumentError(`Unknown key ${JSON.stringify(key)}${advice}`);
}
