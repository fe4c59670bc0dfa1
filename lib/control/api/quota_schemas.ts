import * as v from "valibot";
import { COUNT, DAY, ID, type Json, TEXT } from "./parts.ts";

/** Answer of `GET /mirrors/quotas`. */
export const QUOTAS = v.object({
  mirrors: v.array(v.object({
    id: ID,
    name: TEXT,
    day: v.pipe(
      v.nullable(v.object({ used: COUNT, limit: COUNT })),
      v.description("Bytes redirected today, and the limit; null: there is none"),
    ),
    month: v.pipe(
      v.nullable(v.object({
        used: COUNT,
        limit: COUNT,
        since: DAY,
        full: v.pipe(
          v.nullable(DAY),
          v.description("Full at the pace of the last 7 days; null: not in this month"),
        ),
      })),
      v.description("The same since the day on which its month began"),
    ),
  })),
});

/** What mirrors have used of their quotas. */
export type QuotasJson = Json<typeof QUOTAS>;
