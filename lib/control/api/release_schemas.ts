import * as v from "valibot";
import { parseAddressRange } from "../../net/address_range.ts";
import { FLAG, type Json, TEXT, TIME } from "./parts.ts";

const PATH = v.pipe(TEXT, v.description("Path in the repository, with a leading slash"));

const NETWORK = v.pipe(
  TEXT,
  v.check(
    (text) => parseAddressRange(text) !== null,
    "must be an address or a network such as 192.0.2.0/24",
  ),
  v.description("An address, or a network in CIDR notation"),
);

/** A path that is as if it were not there, with all that is below it. */
export const HOLD = v.object({
  path: PATH,
  networks: v.pipe(v.array(NETWORK), v.description("Whose clients get it all the same")),
  since: TIME,
});

/** See {@linkcode HOLD}. */
export type HoldJson = Json<typeof HOLD>;

/** What is held. */
export const HOLDS = v.object({ holds: v.array(HOLD) });

/** Names what is to be held. */
export const HOLD_REQUEST = v.object({
  path: PATH,
  networks: v.pipe(
    v.optional(v.array(NETWORK), []),
    v.description("Whose clients get it all the same; default: nobody's"),
  ),
});

/** What came of a release. */
export const RELEASED = v.object({
  released: v.pipe(FLAG, v.description("Whether it was held")),
});
