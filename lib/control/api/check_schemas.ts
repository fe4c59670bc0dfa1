import * as v from "valibot";
import { FLAG, type Json, TEXT } from "./parts.ts";

/** A server that may become a mirror. */
export const CHECK_REQUEST = v.looseObject({
  url: v.pipe(TEXT, v.description("Where it has the files, by HTTP or HTTPS")),
});

/** What was found out about it. */
export const CHECKED = v.object({
  url: v.pipe(TEXT, v.description("As a mirror would have it")),
  suitable: v.pipe(FLAG, v.description("Whether nothing has to be mended before it can serve")),
  findings: v.array(v.object({
    weight: v.picklist(["mend", "advice", "good"]),
    text: v.pipe(TEXT, v.description("For its operator")),
  })),
});

/** What was found out about a server that may become a mirror. */
export type CheckedJson = Json<typeof CHECKED>;
