import * as v from "valibot";
import { COUNT, FLAG, type Json, TEXT, TEXTS, TIME, TIME_OR_NEVER } from "./parts.ts";

const ROLE = v.pipe(
  v.picklist(["place", "network"]),
  v.description("What it tells: where an address is, or the AS of its network"),
);

/** Query of `GET /geoip`. */
export const GEOIP_QUERY = v.object({
  address: v.pipe(v.optional(TEXT), v.description("An address to look up; default: none")),
});

/** Answer of `GET /geoip` and `POST /geoip/update`. */
export const GEOIP = v.object({
  databases: v.array(v.object({
    role: ROLE,
    name: v.pipe(TEXT, v.description("Path of the file, or that it is the embedded one")),
    type: v.pipe(TEXT, v.description("As its maker names it")),
    built: v.pipe(TIME, v.description("When its maker built it")),
    answers: v.pipe(FLAG, v.description("Whether it is in use")),
    reason: v.pipe(TEXT, v.description("Why it is not in use; empty: it is")),
  })),
  old: v.pipe(TEXTS, v.description("What is older than 60 days, in words")),
  update: v.object({
    source: v.pipe(
      v.nullable(TEXT),
      v.description("From where newer ones are fetched, without secrets; null: nowhere"),
    ),
    checked: v.pipe(TIME_OR_NEVER, v.description("When that was last tried")),
    next: v.pipe(TIME_OR_NEVER, v.description("When it is tried next")),
    failure: v.pipe(v.nullable(TEXT), v.description("Why it failed; null: it did not")),
  }),
  lookup: v.pipe(
    v.nullable(v.object({
      address: TEXT,
      place: v.pipe(
        v.nullable(v.object({
          countryCode: TEXT,
          country: TEXT,
          continentCode: TEXT,
          city: TEXT,
          latitude: v.number(),
          longitude: v.number(),
          located: v.pipe(FLAG, v.description("Whether latitude and longitude are known")),
          asNumber: COUNT,
          asName: TEXT,
        })),
        v.description("null: nobody knows"),
      ),
      sources: v.pipe(TEXTS, v.description("What tells that")),
    })),
    v.description("What is known of the address; null: none was asked for"),
  ),
});

/** Answer of `GET /geoip` and `POST /geoip/update`. */
export type GeoipJson = Json<typeof GEOIP>;
