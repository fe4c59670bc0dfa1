/** Where a client or a mirror is, as a GeoIP database knows it. */
export interface GeoRecord {
  /** Upper-case ISO 3166-1 code; empty when unknown. */
  readonly countryCode: string;
  /** English name; empty when unknown. */
  readonly country: string;
  /** Upper-case two-letter code (`EU`); empty when unknown. */
  readonly continentCode: string;
  /** English name; empty when unknown. */
  readonly city: string;
  /** Degrees, north positive; 0 when {@linkcode located} is false. */
  readonly latitude: number;
  /** Degrees, east positive; 0 when {@linkcode located} is false. */
  readonly longitude: number;
  /** Whether the place (at least the country) is known: an AS alone does not locate a client. */
  readonly located: boolean;
  /** Autonomous system number; 0 when unknown. */
  readonly asNumber: number;
  /** Name of the organisation that runs the AS; empty when unknown. */
  readonly asName: string;
}

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
