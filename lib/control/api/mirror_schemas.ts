import * as v from "valibot";
import { COUNT, ID, type Json, MILLISECONDS, TEXT, TEXTS, TIME_OR_NEVER } from "./parts.ts";
import { SETTING_ENTRIES, SOME_SETTINGS } from "./setting_entries.ts";
import { STATE_ENTRIES } from "./state_entries.ts";

/** A mirror's state in a word; for one that offers both schemes HTTP stands before HTTPS. */
export const MIRROR_STATUS = v.picklist(["disabled", "up", "down", "up/down", "down/up"]);

/** A mirror. */
export const MIRROR = v.object({
  id: ID,
  ...SETTING_ENTRIES,
  status: MIRROR_STATUS,
  ...STATE_ENTRIES,
});

/** Answer of `GET /mirrors`. */
export const MIRROR_LIST = v.object({
  mirrors: v.array(MIRROR),
  asOf: v.pipe(
    TIME_OR_NEVER,
    v.description("When the mirrors were like that: the store is away; null: they are so now"),
  ),
  staleAfter: v.pipe(MILLISECONDS, v.description("Milliseconds of lag above which one is stale")),
  scanOverdue: v.pipe(
    MILLISECONDS,
    v.description("Milliseconds after which one should have been scanned again"),
  ),
});

/** Where a mirror stands, as the GeoIP databases know it. */
export const LOCATION = v.object({
  latitude: v.pipe(v.number(), v.description("Degrees, north positive")),
  longitude: v.pipe(v.number(), v.description("Degrees, east positive")),
  continentCode: TEXT,
  countryCode: TEXT,
  country: v.pipe(TEXT, v.description("English name")),
  asNumber: v.pipe(COUNT, v.description("0: unknown")),
  asName: TEXT,
});

/** Answer of `POST /mirrors`; a location that is `null` is unknown, or was not looked up. */
export const ADDED_MIRROR = v.object({
  mirror: MIRROR,
  location: v.nullable(LOCATION),
  warnings: TEXTS,
});

/** Answer of `GET /mirrors/{id}/location`: what is known now, and the settings that follow. */
export const FOUND_LOCATION = v.object({
  location: v.nullable(LOCATION),
  warnings: TEXTS,
  settings: SOME_SETTINGS,
});

/** A mirror's state in a word. */
export type MirrorStatus = Json<typeof MIRROR_STATUS>;
/** A mirror as the control API shows it. */
export type MirrorJson = Json<typeof MIRROR>;
/** Answer of `GET /mirrors`. */
export type MirrorListJson = Json<typeof MIRROR_LIST>;
/** Where a mirror stands, as the GeoIP databases know it. */
export type MirrorLocation = Json<typeof LOCATION>;
/** Answer of `POST /mirrors`. */
export type AddMirrorJson = Json<typeof ADDED_MIRROR>;
/** Answer of `GET /mirrors/{id}/location`. */
export type LocationJson = Json<typeof FOUND_LOCATION>;
