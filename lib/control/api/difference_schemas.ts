import * as v from "valibot";
import { FILE_DIFFERENCES } from "../../catalog/file_difference.ts";
import { COUNT, FLAG, type Json, TEXT, TIME_OR_NEVER } from "./parts.ts";

/** Files of one page, at most. */
const MOST_DIFFERENT_FILES = 10_000;

const LIMIT = `a whole number from 1 to ${MOST_DIFFERENT_FILES}`;

const VERSION = v.nullable(v.object({ size: COUNT, modTime: TIME_OR_NEVER }));

/** Which files of a mirror are asked for. */
export const DIFFERENCE_QUERY = v.object({
  kind: v.pipe(
    v.picklist(FILE_DIFFERENCES, FILE_DIFFERENCES.join(", ")),
    v.description("How they differ from the source's"),
  ),
  after: v.pipe(
    v.optional(TEXT, ""),
    v.description("The last path of the page before; default: the first page"),
  ),
  limit: v.pipe(
    v.optional(
      v.pipe(
        v.number(LIMIT),
        v.integer(LIMIT),
        v.minValue(1, LIMIT),
        v.maxValue(MOST_DIFFERENT_FILES, LIMIT),
      ),
      1000,
    ),
    v.description("At most so many; default: 1000"),
  ),
});

/** Files of a mirror that differ from the source's, by path. */
export const DIFFERENCES = v.object({
  files: v.array(
    v.object({
      path: TEXT,
      source: v.pipe(VERSION, v.description("null: the source has no such file")),
      mirror: v.pipe(VERSION, v.description("null: the mirror has no such file")),
    }),
  ),
  more: v.pipe(FLAG, v.description("Whether there are further ones")),
});

/** Files of a mirror that differ from the source's, by path. */
export type DifferencesJson = Json<typeof DIFFERENCES>;
