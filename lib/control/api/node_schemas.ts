import * as v from "valibot";
import { FLAG, type Json, TEXT, TEXTS } from "./parts.ts";

/** Answer of `GET /nodes`. */
export const NODES = v.object({
  cluster: v.pipe(FLAG, v.description("Whether nodes share this store and hear each other")),
  nodes: v.array(v.object({
    name: TEXT,
    self: v.pipe(FLAG, v.description("Whether it is the one that answers")),
    mirrors: v.pipe(TEXTS, v.description("Names of the mirrors that it scans and checks")),
  })),
});

/** Who works on the store. */
export type NodesJson = Json<typeof NODES>;
