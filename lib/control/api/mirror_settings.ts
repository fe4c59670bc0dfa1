import { NEW_MIRROR } from "../../catalog/new_mirror.ts";
import type { Mirror } from "../../catalog/mirror.ts";

/** Everything that an operator configures about a mirror. */
export type MirrorSettings = Omit<Mirror, "id">;

/** What a setting holds. */
export type SettingType = "text" | "flag" | "optional_flag" | "integer" | "number" | "codes";

/** A setting as operators know it. */
export interface SettingDescription {
  /** The key in the document that `show` prints and `edit` opens. */
  readonly key: string;
  readonly property: keyof MirrorSettings;
  readonly type: SettingType;
  /** Smallest value of a number. */
  readonly minimum?: number;
  /** Largest value of a number. */
  readonly maximum?: number;
}

/** The settings in the order of the document; the comment stands below it. */
export const SETTINGS: readonly SettingDescription[] = [
  { key: "Name", property: "name", type: "text" },
  { key: "HttpURL", property: "httpUrl", type: "text" },
  { key: "RsyncURL", property: "rsyncUrl", type: "text" },
  { key: "FtpURL", property: "ftpUrl", type: "text" },
  { key: "SponsorName", property: "sponsorName", type: "text" },
  { key: "SponsorURL", property: "sponsorUrl", type: "text" },
  { key: "SponsorLogoURL", property: "sponsorLogoUrl", type: "text" },
  { key: "AdminName", property: "adminName", type: "text" },
  { key: "AdminEmail", property: "adminEmail", type: "text" },
  { key: "CustomData", property: "customData", type: "text" },
  { key: "ContinentOnly", property: "continentOnly", type: "flag" },
  { key: "CountryOnly", property: "countryOnly", type: "flag" },
  { key: "ASOnly", property: "asOnly", type: "flag" },
  { key: "Score", property: "score", type: "integer", minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  { key: "Latitude", property: "latitude", type: "number", minimum: -90, maximum: 90 },
  { key: "Longitude", property: "longitude", type: "number", minimum: -180, maximum: 180 },
  { key: "ContinentCode", property: "continentCode", type: "text" },
  { key: "CountryCodes", property: "countryCodes", type: "codes" },
  { key: "ExcludedCountryCodes", property: "excludedCountryCodes", type: "codes" },
  { key: "ASNum", property: "asNumber", type: "integer", minimum: 0, maximum: 2 ** 32 - 1 },
  { key: "Enabled", property: "enabled", type: "flag" },
  { key: "AllowRedirects", property: "allowRedirects", type: "optional_flag" },
];

/** The comment, which is no key of the document. */
export const COMMENT_SETTING: SettingDescription = {
  key: "Comment",
  property: "comment",
  type: "text",
};

/** The settings of a mirror about which nothing was said. */
export const DEFAULT_SETTINGS: MirrorSettings = { ...NEW_MIRROR, name: "", httpUrl: "" };

/** Only the settings of a mirror, in a fixed order. */
export function settingsOf(mirror: MirrorSettings): MirrorSettings {
  const all = [...SETTINGS, COMMENT_SETTING].map(({ property }) => [property, mirror[property]]);
  return Object.fromEntries(all) as MirrorSettings;
}
