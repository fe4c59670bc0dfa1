import * as v from "valibot";
import { hasSchemeFor, normaliseMirrorUrl } from "../catalog/mirror_url.ts";
import { SETTING_ENTRIES } from "./api/setting_entries.ts";
import { ControlError } from "./api/control_error.ts";
import {
  COMMENT_SETTING,
  type MirrorSettings,
  type SettingDescription,
  SETTINGS,
} from "./api/mirror_settings.ts";

const DESCRIPTIONS = new Map(
  [...SETTINGS, COMMENT_SETTING].map((setting) => [setting.property as string, setting]),
);

/** A country as ISO 3166-1 and the GeoIP databases write it (`A1`: anonymous proxy). */
const COUNTRY_CODE = /^[A-Z][A-Z0-9]$/;
const CONTINENT_CODE = /^[A-Z]{2}$/;

/**
 * Applies what an operator wants to a mirror's settings: every rule about settings that stand for
 * themselves is here. Texts are trimmed (but the custom data and the comment), base URLs get their
 * final form, country codes become upper-case words. Values that stay as they are are not judged, so
 * that a mirror from elsewhere can be edited.
 *
 * @param base the settings now
 * @param changes properties of {@linkcode MirrorSettings} with their new values; lists of country codes
 *   may be given as one text
 * @returns the new settings
 * @throws {ControlError} `invalid`, saying what was found and what is allowed
 */
export function applySettings(
  base: MirrorSettings,
  changes: Readonly<Record<string, unknown>>,
): MirrorSettings {
  const settings: Record<string, unknown> = { ...base };
  for (const [property, value] of Object.entries(changes)) {
    const setting = DESCRIPTIONS.get(property);
    if (!setting) throw invalid(`There is no setting ${JSON.stringify(property)}`);
    if (value === base[setting.property]) continue;
    settings[property] = readValue(setting, value);
  }
  const result = settings as unknown as MirrorSettings;
  if (result.name === "") throw invalid("The identifier cannot be empty");
  if (result.httpUrl === "") throw invalid("You *must* pass at least an HTTP URL");
  return result;
}

/** What is worth a warning about settings that are allowed. */
export function settingWarnings(settings: MirrorSettings): string[] {
  const warnings: string[] = [];
  if (settings.rsyncUrl !== "" && !hasSchemeFor("rsync", settings.rsyncUrl)) {
    warnings.push("the RSYNC URL does not start with rsync:// or rsyncs://");
  }
  if (settings.ftpUrl !== "" && !hasSchemeFor("FTP", settings.ftpUrl)) {
    warnings.push("the FTP URL does not start with ftp:// or ftps://");
  }
  return warnings;
}

function readValue(setting: SettingDescription, value: unknown): unknown {
  const { property, type } = setting;
  // Codes may also be written as one text, as they stand in the document that operators edit.
  const written = type === "codes" && typeof value === "string" ? [value] : value;
  const { success, output, issues } = v.safeParse(SETTING_ENTRIES[property], written);
  if (!success) throw wrong(setting, issues[0].message, value);
  if (type === "codes") return readCountryCodes(setting, output as readonly string[]);
  return type === "text" ? readText(setting, output as string) : output;
}

function readCountryCodes(setting: SettingDescription, value: readonly string[]): string[] {
  const codes = value.join(" ").toUpperCase().split(/[\s,;]+/).filter((code) => code !== "");
  const bad = codes.find((code) => !COUNTRY_CODE.test(code));
  if (bad !== undefined) throw wrong(setting, 'two-letter codes such as "FR DE"', bad);
  return [...new Set(codes)];
}

function readText(setting: SettingDescription, value: string): string {
  const { property } = setting;
  if (property === "comment" || property === "customData") return value;
  const text = value.trim();
  if (property === "httpUrl") return readUrl("HTTP", text);
  if (property === "rsyncUrl") return readUrl("rsync", text);
  if (property === "ftpUrl") return readUrl("FTP", text);
  if (property === "continentCode") {
    const code = text.toUpperCase();
    if (code === "" || CONTINENT_CODE.test(code)) return code;
    throw wrong(setting, 'a two-letter code such as "EU"', value);
  }
  if (property === "name" && /\s/.test(text)) {
    throw invalid("The identifier cannot contain a space");
  }
  // A line break in a name would forge lines of logs and lists.
  if (/\p{Cc}/u.test(text)) throw wrong(setting, "a text without control characters", value);
  return text;
}

function readUrl(kind: "HTTP" | "rsync" | "FTP", text: string): string {
  try {
    return normaliseMirrorUrl(kind, text);
  } catch (error) {
    if (error instanceof TypeError) throw invalid(error.message);
    throw error;
  }
}

function wrong(setting: SettingDescription, allowed: string, found: unknown): ControlError {
  return invalid(`${setting.key} must be ${allowed}, found ${JSON.stringify(found)}`);
}

function invalid(message: string): ControlError {
  return new ControlError("invalid", message);
}
