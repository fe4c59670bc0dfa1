import type { Mirror } from "../mirror.ts";
import type { SettingKind } from "./setting_kind.ts";
import { FLAG, OPTIONAL_FLAG } from "./flag.ts";
import { decimalKind, durationKind, integerKind, quantityKind } from "./number.ts";
import { choiceKind } from "./choice.ts";
import { AS_NUMBERS } from "./as_numbers.ts";
import { CONTINENT, FREE_TEXT, IDENTIFIER, LINE, urlKind } from "./text.ts";
import { COUNTRY_CODES, NETWORKS, PATHS, TAGS } from "./words.ts";

/** Everything that an operator configures about a mirror. */
export type MirrorSettings = Omit<Mirror, "id">;

/** A setting of a mirror, as operators, the control API and the stores know it. */
export interface Setting<P extends keyof MirrorSettings = keyof MirrorSettings> {
  readonly property: P;
  /** The key in the document that `show` prints and `edit` opens, and in `-set Key=Value`. */
  readonly key: string;
  /** The option of `add`, without dashes; empty: it has none. */
  readonly option: string;
  /** What the option does, for the usage text. */
  readonly usage: string;
  readonly kind: SettingKind<MirrorSettings[P]>;
  /** What a mirror has about which nothing was said. */
  readonly byDefault: MirrorSettings[P];
  /**
   * The original does not know it: in Redis it is a further field of `MIRROR_id`, named as the
   * property, which is missing while the setting has its default.
   */
  readonly newer?: boolean;
}

/**
 * The settings in the order of the document; the comment stands below it.
 *
 * This is the one place where a setting is declared. A property of {@linkcode Mirror} and a row here,
 * which the compiler asks for, and the setting is in the document of `show` and `edit`, in `-set`, an
 * option of `add`, in `import` and `export`, in shell completion, in the control API with its OpenAPI
 * document and its JSON, in both stores (no migration: a store that lacks it has the default) and in
 * `store copy`. `kind` says how it is written and judged; take one of this folder: flags, texts, URLs,
 * numbers, words, quantities (`25TB`, `1Gbit`), durations (`9h`), choices. What is new also gets
 * `newer: true`.
 */
const TABLE: { readonly [P in keyof MirrorSettings]: Omit<Setting<P>, "property"> } = {
  name: { key: "Name", option: "", usage: "", kind: IDENTIFIER, byDefault: "" },
  httpUrl: {
    key: "HttpURL",
    option: "http",
    usage: "HTTP base URL; without http:// or https:// both are offered",
    kind: urlKind("HTTP"),
    byDefault: "",
  },
  rsyncUrl: {
    key: "RsyncURL",
    option: "rsync",
    usage: "RSYNC base URL (for scanning only)",
    kind: urlKind("rsync"),
    byDefault: "",
  },
  ftpUrl: {
    key: "FtpURL",
    option: "ftp",
    usage: "FTP base URL (for scanning only)",
    kind: urlKind("FTP"),
    byDefault: "",
  },
  sponsorName: {
    key: "SponsorName",
    option: "sponsor-name",
    usage: "Name of the sponsor",
    kind: LINE,
    byDefault: "",
  },
  sponsorUrl: {
    key: "SponsorURL",
    option: "sponsor-url",
    usage: "URL of the sponsor",
    kind: LINE,
    byDefault: "",
  },
  sponsorLogoUrl: {
    key: "SponsorLogoURL",
    option: "sponsor-logo",
    usage: "URL of a logo to display for this mirror",
    kind: LINE,
    byDefault: "",
  },
  adminName: {
    key: "AdminName",
    option: "admin-name",
    usage: "Admin's name",
    kind: LINE,
    byDefault: "",
  },
  adminEmail: {
    key: "AdminEmail",
    option: "admin-email",
    usage: "Admin's email",
    kind: LINE,
    byDefault: "",
  },
  customData: {
    key: "CustomData",
    option: "custom-data",
    usage: "Associated data to return when the mirror is selected (i.e. json document)",
    kind: FREE_TEXT,
    byDefault: "",
  },
  continentOnly: {
    key: "ContinentOnly",
    option: "continent-only",
    usage: "The mirror should only handle its continent",
    kind: FLAG,
    byDefault: false,
  },
  countryOnly: {
    key: "CountryOnly",
    option: "country-only",
    usage: "The mirror should only handle its country",
    kind: FLAG,
    byDefault: false,
  },
  asOnly: {
    key: "ASOnly",
    option: "as-only",
    usage: "The mirror should only handle clients in the same AS number",
    kind: FLAG,
    byDefault: false,
  },
  score: {
    key: "Score",
    option: "score",
    usage: "Weight to give to the mirror during selection",
    kind: integerKind(-(2 ** 31), 2 ** 31 - 1),
    byDefault: 0,
  },
  latitude: {
    key: "Latitude",
    option: "latitude",
    usage: "Degrees north; without it the place is looked up by the host",
    kind: decimalKind(-90, 90),
    byDefault: 0,
  },
  longitude: {
    key: "Longitude",
    option: "longitude",
    usage: "Degrees east; without it the place is looked up by the host",
    kind: decimalKind(-180, 180),
    byDefault: 0,
  },
  continentCode: {
    key: "ContinentCode",
    option: "continent-code",
    usage: "Continent, such as EU; without it it is looked up",
    kind: CONTINENT,
    byDefault: "",
  },
  countryCodes: {
    key: "CountryCodes",
    option: "country-codes",
    usage: "Countries, the mirror's own first; without it they are looked up",
    kind: COUNTRY_CODES,
    byDefault: [],
  },
  excludedCountryCodes: {
    key: "ExcludedCountryCodes",
    option: "excluded-country-codes",
    usage: "Countries that the mirror does not serve",
    kind: COUNTRY_CODES,
    byDefault: [],
  },
  asNumber: {
    key: "ASNum",
    option: "as-number",
    usage: "AS number; without it it is looked up",
    kind: integerKind(0, 2 ** 32 - 1),
    byDefault: 0,
  },
  enabled: {
    key: "Enabled",
    option: "enabled",
    usage: "Let the mirror serve at once",
    kind: FLAG,
    byDefault: false,
  },
  allowRedirects: {
    key: "AllowRedirects",
    option: "allow-redirects",
    usage: "Whether health checks may be redirected; else as configured",
    kind: OPTIONAL_FLAG,
    byDefault: null,
  },
  asNumbers: {
    key: "ASNumbers",
    option: "as-numbers",
    usage: "Further AS numbers whose clients are the mirror's own",
    kind: AS_NUMBERS,
    byDefault: [],
    newer: true,
  },
  tolerance: {
    key: "Tolerance",
    option: "tolerance",
    usage: "How far times may be off, such as 2s; else as configured",
    kind: durationKind("ms"),
    byDefault: null,
    newer: true,
  },
  compare: {
    key: "Compare",
    option: "compare",
    usage: "size: a copy of the right size will do, whatever its time; time: both have to be right",
    kind: choiceKind("time", "size"),
    byDefault: null,
    newer: true,
  },
  followLinks: {
    key: "FollowLinks",
    option: "follow-links",
    usage: "Whether scans look behind links on the mirror",
    kind: FLAG,
    byDefault: false,
    newer: true,
  },
  networks: {
    key: "Networks",
    option: "networks",
    usage: "Networks whose clients are the mirror's own, such as 192.0.2.0/24 2001:db8::/32",
    kind: NETWORKS,
    byDefault: [],
    newer: true,
  },
  networksOnly: {
    key: "NetworksOnly",
    option: "networks-only",
    usage: "The mirror should only handle clients of its networks, and be shown to nobody else",
    kind: FLAG,
    byDefault: false,
    newer: true,
  },
  monopoly: {
    key: "Monopoly",
    option: "monopoly",
    usage: "Send clients of its networks nowhere else while it may serve them",
    kind: FLAG,
    byDefault: false,
    newer: true,
  },
  unchecked: {
    key: "Unchecked",
    option: "unchecked",
    usage: "With -networks-only: neither check nor scan it from here, it counts as up",
    kind: FLAG,
    byDefault: false,
    newer: true,
  },
  wholeTree: {
    key: "WholeTree",
    option: "whole-tree",
    usage: "Never scan it: ask it for each file that is wanted (a CDN in front of everything)",
    kind: FLAG,
    byDefault: false,
    newer: true,
  },
  bandwidth: {
    key: "Bandwidth",
    option: "bandwidth",
    usage: "Bits per second, such as 1Gbit: its weight among mirrors that have one",
    kind: quantityKind("bits"),
    byDefault: 0,
    newer: true,
  },
  maxShare: {
    key: "MaxShare",
    option: "max-share",
    usage: "Percent of the clients that it gets at most where others may serve; 0: no limit",
    kind: integerKind(0, 100),
    byDefault: 0,
    newer: true,
  },
  maxDay: {
    key: "MaxDay",
    option: "max-day",
    usage: "Bytes that are redirected to it on a day at most, such as 2TB",
    kind: quantityKind("bytes"),
    byDefault: 0,
    newer: true,
  },
  maxMonth: {
    key: "MaxMonth",
    option: "max-month",
    usage: "Bytes that are redirected to it in a month at most, such as 25TB",
    kind: quantityKind("bytes"),
    byDefault: 0,
    newer: true,
  },
  monthStarts: {
    key: "MonthStarts",
    option: "month-starts",
    usage: "Day on which its month begins, 1 to 31",
    kind: integerKind(1, 31),
    byDefault: 1,
    newer: true,
  },
  tags: {
    key: "Tags",
    option: "tags",
    usage: "Words by which rules of the configuration mean the mirror (tag:x)",
    kind: TAGS,
    byDefault: [],
    newer: true,
  },
  paths: {
    key: "Paths",
    option: "paths",
    usage: "What it carries on purpose, such as /iso/ and !/iso/nightly/; without it: everything",
    kind: PATHS,
    byDefault: [],
    newer: true,
  },
  global: {
    key: "Global",
    option: "global",
    usage: "The mirror has no place (a CDN): it is as near as the closest other",
    kind: FLAG,
    byDefault: false,
    newer: true,
  },
  maxScanAge: {
    key: "MaxScanAge",
    option: "max-scan-age",
    usage: "How old its listing may be, such as 24h, else it serves nobody; 0: any age",
    kind: durationKind("min"),
    byDefault: null,
    newer: true,
  },
  comment: { key: "Comment", option: "comment", usage: "Comment", kind: FREE_TEXT, byDefault: "" },
};

/** Every setting, in a fixed order. */
export const ALL_SETTINGS: readonly Setting[] = Object.entries(TABLE).map(
  ([property, row]) => ({ property: property as keyof MirrorSettings, ...row }),
);

/** The comment, which is no key of the document. */
export const COMMENT_SETTING: Setting = { property: "comment", ...TABLE.comment };

/** The settings of the document, in its order. */
export const SETTINGS: readonly Setting[] = ALL_SETTINGS.filter(
  ({ property }) => property !== "comment",
);

/** The settings of a mirror about which nothing was said. */
export const DEFAULT_SETTINGS: MirrorSettings = Object.fromEntries(
  ALL_SETTINGS.map(({ property, byDefault }) => [property, byDefault]),
) as unknown as MirrorSettings;

/** Only the settings of a mirror, in a fixed order. */
export function settingsOf(mirror: MirrorSettings): MirrorSettings {
  const all = ALL_SETTINGS.map(({ property }) => [property, mirror[property]]);
  return Object.fromEntries(all) as MirrorSettings;
}
