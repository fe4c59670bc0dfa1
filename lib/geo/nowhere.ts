import type { GeoRecord } from "./geo_record.ts";

/** What is known of an address that no database knows. */
export const NOWHERE: GeoRecord = {
  countryCode: "",
  country: "",
  continentCode: "",
  city: "",
  latitude: 0,
  longitude: 0,
  located: false,
  asNumber: 0,
  asName: "",
};
