import * as v from "valibot";
import { COUNT, FLAG, type Json, TEXT, TEXTS } from "./parts.ts";

/** Answer of `GET /rules`. */
export const RULES_TESTED = v.object({
  client: v.object({
    address: TEXT,
    countryCode: TEXT,
    continentCode: TEXT,
    asNumber: COUNT,
  }),
  refused: v.pipe(
    v.nullable(v.object({ number: COUNT, status: COUNT })),
    v.description("The entry of Refuse that holds; null: none"),
  ),
  rules: v.array(v.object({
    number: COUNT,
    use: TEXT,
    client: v.pipe(FLAG, v.description("Whether it is about this client")),
    mirrors: v.pipe(TEXTS, v.description("Mirrors and fallbacks that it names")),
    decides: v.pipe(TEXTS, v.description("Those for which it is the first that holds")),
  })),
  warnings: v.pipe(TEXTS, v.description("Names and tags that nobody has")),
});

/** What each rule does for a client. */
export type RulesJson = Json<typeof RULES_TESTED>;
