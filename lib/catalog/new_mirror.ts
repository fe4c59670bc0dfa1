import type { Mirror } from "./mirror.ts";

/** What a mirror has before the operator says anything else: it is nowhere, and serves nobody yet. */
export const NEW_MIRROR: Omit<Mirror, "id" | "name" | "httpUrl"> = {
  rsyncUrl: "",
  ftpUrl: "",
  sponsorName: "",
  sponsorUrl: "",
  sponsorLogoUrl: "",
  adminName: "",
  adminEmail: "",
  customData: "",
  continentOnly: false,
  countryOnly: false,
  asOnly: false,
  score: 0,
  latitude: 0,
  longitude: 0,
  continentCode: "",
  countryCodes: [],
  excludedCountryCodes: [],
  asNumber: 0,
  comment: "",
  allowRedirects: null,
  enabled: false,
};
