import * as v from "valibot";
import { COUNT, FLAG, type Json, TEXT, TEXTS, TIME_OR_NEVER } from "./parts.ts";

const NUMBER_OR_UNKNOWN = v.nullable(v.number());
const TEXT_OR_NONE = v.nullable(TEXT);

/** Who is asked about, and where that is. */
const CLIENT = v.object({
  address: TEXT_OR_NONE,
  family: v.pipe(v.nullable(v.picklist([4, 6])), v.description("Where that counts")),
  network: v.pipe(
    TEXT_OR_NONE,
    v.description("The narrowest network of mirrors or rules that it lies in"),
  ),
  countryCode: TEXT,
  country: TEXT,
  continentCode: TEXT,
  city: TEXT,
  latitude: v.pipe(NUMBER_OR_UNKNOWN, v.description("Degrees; null: not known")),
  longitude: NUMBER_OR_UNKNOWN,
  asNumber: v.pipe(COUNT, v.description("0: unknown")),
  asName: TEXT,
  databases: v.pipe(TEXTS, v.description("What tells where that is")),
  refused: v.pipe(
    v.nullable(COUNT),
    v.description("Status that it is refused with; null: it is not"),
  ),
});

/** What decided about one mirror. */
const EXPLAINED_MIRROR = v.object({
  id: COUNT,
  name: TEXT,
  url: TEXT,
  rank: v.pipe(v.nullable(COUNT), v.description("1: the best; null: it may not serve")),
  group: v.nullable(v.picklist(["own", "first", "usual", "last", "behind"])),
  distance: v.pipe(NUMBER_OR_UNKNOWN, v.description("Kilometres; null: not known")),
  network: v.pipe(TEXT_OR_NONE, v.description("Its own network that the client is in")),
  family: v.pipe(
    v.nullable(v.picklist(["good", "behind", "never"])),
    v.description("What it is good for over the client's family of addresses"),
  ),
  rule: v.nullable(v.object({ number: COUNT, use: TEXT })),
  score: v.number(),
  weight: v.pipe(NUMBER_OR_UNKNOWN, v.description("What chance goes by; null: not in the draw")),
  share: v.pipe(NUMBER_OR_UNKNOWN, v.description("Percent of clients like this one")),
  quota: v.pipe(v.number(), v.description("Percent of its weight that its quotas leave")),
  copy: v.object({
    size: v.number(),
    modTime: TIME_OR_NEVER,
    listed: v.pipe(TIME_OR_NEVER, v.description("When the listing was made that says so")),
  }),
  reason: v.pipe(TEXT_OR_NONE, v.description("Why it may not serve; null: it may")),
});

/** Answer of `GET /explain`. */
export const EXPLANATION = v.object({
  path: TEXT,
  size: v.number(),
  modTime: TIME_OR_NEVER,
  client: CLIENT,
  seed: COUNT,
  stable: v.pipe(
    FLAG,
    v.description("Whether the address draws (StableDraw, MetadataSets), whatever the seed"),
  ),
  mirrors: v.pipe(
    v.array(EXPLAINED_MIRROR),
    v.description("Those that may serve, best first, and those that may not"),
  ),
  lacking: v.pipe(TEXTS, v.description("Enabled mirrors that do not have the file")),
  asked: v.pipe(
    v.array(
      v.object({
        name: TEXT,
        state: v.picklist(["unasked", "wanted", "found", "not_found"]),
        time: v.pipe(TIME_OR_NEVER, v.description("Since when")),
        why: v.pipe(TEXT, v.description("Why it counts as not there")),
      }),
    ),
    v.description("What is known of those that are never scanned (WholeTree)"),
  ),
  drawn: v.pipe(
    v.array(v.object({ name: TEXT, url: TEXT })),
    v.description("Who is chosen with that seed, and the alternatives"),
  ),
  fallback: v.pipe(FLAG, v.description("Whether those are fallbacks")),
});

/** Why a request is answered as it is. */
export type ExplanationJson = Json<typeof EXPLANATION>;

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
