/** A mirror as the operator configured it. */
export interface Mirror {
  /** Positive and never used again; fallbacks have 0 and below. */
  readonly id: number;
  /** Unique; no white space. */
  readonly name: string;
  /** Base URL with a trailing slash; without a scheme both HTTP and HTTPS are offered. */
  readonly httpUrl: string;
  /** `rsync://` or `rsyncs://` URL with a trailing slash, perhaps with user and password; empty: none. */
  readonly rsyncUrl: string;
  /** `ftp://` or `ftps://` URL with a trailing slash, perhaps with user and password; empty: none. */
  readonly ftpUrl: string;
  /** Who pays for the mirror; empty: nobody is named. */
  readonly sponsorName: string;
  /** Where the name of the sponsor leads. */
  readonly sponsorUrl: string;
  /** URL of the sponsor's logo. */
  readonly sponsorLogoUrl: string;
  /** Who runs the mirror; never public. */
  readonly adminName: string;
  /** Address of who runs the mirror; never public. */
  readonly adminEmail: string;
  /** Opaque text that goes out with the JSON answers. */
  readonly customData: string;
  /** Serve clients of the mirror's continent only. */
  readonly continentOnly: boolean;
  /** Serve clients of the mirror's countries only. */
  readonly countryOnly: boolean;
  /** Serve clients of the mirror's AS only. */
  readonly asOnly: boolean;
  /** Percentage that raises or lowers the mirror's share. */
  readonly score: number;
  /** Degrees, north positive, -90 to 90. */
  readonly latitude: number;
  /** Degrees, east positive, -180 to 180. */
  readonly longitude: number;
  /** Upper-case code (`EU`); empty when unknown. */
  readonly continentCode: string;
  /** Upper-case ISO 3166-1 codes; the first is where the mirror stands. */
  readonly countryCodes: readonly string[];
  /** Upper-case ISO 3166-1 codes of countries that this mirror does not serve. */
  readonly excludedCountryCodes: readonly string[];
  /** Autonomous system number; 0 when unknown. */
  readonly asNumber: number;
  /** Free text of the operator; never public. */
  readonly comment: string;
  /** Whether health checks may be redirected; `null`: as the configuration says. */
  readonly allowRedirects: boolean | null;
  /** Further autonomous system numbers whose clients are the mirror's own. */
  readonly asNumbers: readonly number[];
  /** Milliseconds by which its times may differ either way; `null`: as the configuration says. */
  readonly tolerance: number | null;
  /** What of a copy is compared with the source: its size alone, or its time, too; `null`: both. */
  readonly compare: "time" | "size" | null;
  /** Whether scans follow links: those that lead out of the tree by rsync, all by FTP. */
  readonly followLinks: boolean;
  /** Networks in CIDR notation whose clients are the mirror's own: they are sent here first. */
  readonly networks: readonly string[];
  /** Serve nobody but clients of {@linkcode networks}, and show the mirror to nobody else. */
  readonly networksOnly: boolean;
  /** Clients of {@linkcode networks} are told of no other mirror while this one may serve them. */
  readonly monopoly: boolean;
  /** Neither checked nor scanned from here: it counts as up, with what was found before; networksOnly only. */
  readonly unchecked: boolean;
  /** Never scanned: it is asked for files one by one; with unchecked, all that are a day old count as there. */
  readonly wholeTree: boolean;
  /** Bits per second; 0: as the others. */
  readonly bandwidth: number;
  /** Percent of a draw that the mirror gets at most, 1 to 100; 0: no limit. */
  readonly maxShare: number;
  /** Bytes that are redirected there on a day (UTC) at most; 0: no limit. */
  readonly maxDay: number;
  /** Bytes that are redirected there in a month at most; 0: no limit. */
  readonly maxMonth: number;
  /** Day on which that month begins, 1 to 31; in a shorter month its last day. */
  readonly monthStarts: number;
  /** Words by which rules mean it; never public. */
  readonly tags: readonly string[];
  /** Prefixes of paths that it carries, with a `!` those that it does not; empty: everything. */
  readonly paths: readonly string[];
  /** A mirror without a place, such as a CDN: as near as the closest other. */
  readonly global: boolean;
  /** Minutes that its listing may be old; 0: any number; `null`: as the configuration says. */
  readonly maxScanAge: number | null;
  /** What the operator decided; a disabled mirror serves nobody. */
  readonly enabled: boolean;
}
