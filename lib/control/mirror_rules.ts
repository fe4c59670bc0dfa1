import { hasSchemeFor } from "../catalog/mirror_url.ts";
import { byteLength, LIST_LIMITS, TEXT_LIMITS } from "../catalog/text_limits.ts";
import { ControlError } from "./api/control_error.ts";
import { ALL_SETTINGS, type MirrorSettings } from "../catalog/settings/mirror_settings.ts";

const BY_PROPERTY = new Map(ALL_SETTINGS.map((setting) => [setting.property as string, setting]));

/**
 * Applies what an operator wants to a mirror's settings: every rule about settings that stand for
 * themselves is here or in their kinds. Texts are trimmed (but the custom data and the comment), base URLs get their
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
    const setting = BY_PROPERTY.get(property);
    if (!setting) throw invalid(`There is no setting ${JSON.stringify(property)}`);
    if (value === base[setting.property]) continue;
    try {
      const read = setting.kind.read(setting.key, value);
      if (typeof read === "string") {
        refuseLong(setting, read);
        refuseScheme(setting, read);
      } else if (Array.isArray(read)) {
        const given = listText(value);
        if (given !== listText(base[setting.property])) refuseLong(setting, given);
      }
      settings[property] = read;
    } catch (error) {
      if (error instanceof TypeError) throw invalid(error.message);
      throw error;
    }
  }
  const result = settings as unknown as MirrorSettings;
  if (result.name === "") throw invalid("The identifier cannot be empty");
  if (result.httpUrl === "") throw invalid("You *must* pass at least an HTTP URL");
  if (result.unchecked && !result.networksOnly) {
    throw invalid(
      "Unchecked needs NetworksOnly: who is not checked may serve its own networks only",
    );
  }
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

const LIMITS: Readonly<Record<string, number>> = { ...TEXT_LIMITS, ...LIST_LIMITS };

/** @throws TypeError when a text is longer than those of its kind may be */
function refuseLong({ key, property }: { key: string; property: string }, text: string): void {
  const limit = LIMITS[property];
  if (limit === undefined) return;
  const length = byteLength(text);
  if (length <= limit) return;
  throw new TypeError(`${key} must be at most ${limit} bytes long, found ${length}`);
}

/** A list as it was given: a text, or words. */
function listText(value: unknown): string {
  return Array.isArray(value) ? value.join(" ") : String(value);
}

/** @throws TypeError when a URL to scan has a scheme that it cannot be scanned by */
function refuseScheme({ key, property }: { key: string; property: string }, url: string): void {
  const kind = property === "rsyncUrl" ? "rsync" : property === "ftpUrl" ? "FTP" : null;
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(url)?.[0];
  if (kind === null || scheme === undefined || hasSchemeFor(kind, url)) return;
  const known = kind === "rsync" ? "rsync:// or rsyncs://" : "ftp:// or ftps://";
  throw new TypeError(`${key} must start with ${known}, found ${JSON.stringify(scheme)}`);
}

function invalid(message: string): ControlError {
  return new ControlError("invalid", message);
}
