import * as v from "valibot";
import { FLAG, TEXT } from "./parts.ts";

/** Names a path of the repository. */
export const PATH_REQUEST = v.object({
  path: v.pipe(TEXT, v.description("Path in the repository, with a leading slash")),
});

/** What came of forgetting a file. */
export const FORGOTTEN = v.object({
  forgotten: v.pipe(FLAG, v.description("Whether anything was kept of it")),
});
