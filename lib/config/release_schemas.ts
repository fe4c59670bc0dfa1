import * as v from "valibot";
import { parseDuration } from "../catalog/duration.ts";
import type { EmbargoRule } from "../catalog/embargo.ts";
import { areLatestNames, type LatestRule } from "../catalog/latest_rule.ts";
import { isPathPattern } from "../catalog/path_patterns.ts";
import { integer, map, scalar, type ValueSchema } from "./value_schemas.ts";

const path = scalar(
  "a path with a leading slash such as /releases/",
  (written) => /^\/[^*?]*$/.test(written) && isPathPattern(`${written}x`) ? written : undefined,
);

/** Versions that wait for mirrors. */
export const embargoRules: ValueSchema<readonly EmbargoRule[]> = v.array(
  v.pipe(
    map("{Prefix, Mirrors, For}", {
      Prefix: path,
      Mirrors: v.optional(integer(1, 10_000), "3"),
      For: v.optional(
        scalar(
          "a duration such as 90m or 24h",
          (written) => parseDuration(written, "min") || undefined,
        ),
        "24h",
      ),
    }),
    v.transform(({ Prefix, Mirrors, For }) => ({ prefix: Prefix, mirrors: Mirrors, minutes: For })),
  ),
  "a list of {Prefix, Mirrors, For}",
);

/** Paths that stand for the newest version. */
export const latestRules: ValueSchema<readonly LatestRule[]> = v.array(
  v.pipe(
    map("{Path, Pattern, Mirrors}", {
      Path: path,
      Pattern: path,
      Mirrors: v.optional(integer(1, 10_000), "2"),
    }),
    v.check(
      ({ Path, Pattern }) => areLatestNames(Path, Pattern),
      "a Pattern with {version}, and all other names in braces in both Path and Pattern",
    ),
    v.transform(({ Path, Pattern, Mirrors }) => ({
      path: Path,
      pattern: Pattern,
      mirrors: Mirrors,
    })),
  ),
  "a list of {Path, Pattern, Mirrors}",
);
