import * as v from "valibot";
import { isPathPattern, PATH_PATTERNS } from "../catalog/path_patterns.ts";
import { parseQuantity } from "../catalog/quantity.ts";
import type { Config, OutdatedFilesRule } from "./config.ts";
import {
  boolean,
  hasControlCharacter,
  integer,
  map,
  scalar,
  type ValueSchema,
} from "./value_schemas.ts";

/** A path below the mirrors' base URLs; leading slashes are dropped. */
export const repositoryPath: ValueSchema<string> = scalar(
  'a path in the repository, without ".."',
  (written) => {
    const path = written.replace(/^\/+/, "");
    return hasControlCharacter(path) || path.split("/").includes("..") ? undefined : path;
  },
);

/** Which hashes to compute; those that are not given keep their default. */
export const hashes: ValueSchema<{ sha256: boolean; sha1: boolean; md5: boolean }> = v.pipe(
  map("a map of SHA256, SHA1, MD5 to true or false", {
    SHA256: v.optional(boolean, "true"),
    SHA1: v.optional(boolean, "false"),
    MD5: v.optional(boolean, "false"),
  }),
  v.transform(({ SHA256, SHA1, MD5 }) => ({ sha256: SHA256, sha1: SHA1, md5: MD5 })),
);

/** Rules for copies that are behind. */
export const outdatedFiles: ValueSchema<readonly OutdatedFilesRule[]> = v.array(
  v.pipe(
    map("{Prefix: /path, Minutes: number}", {
      Prefix: scalar(
        'a path that begins with "/"',
        (written) => written.startsWith("/") ? written : undefined,
      ),
      Minutes: integer(0),
    }),
    v.transform(({ Prefix, Minutes }) => ({ prefix: Prefix, minutes: Minutes })),
  ),
  "a list of {Prefix: /path, Minutes: number}",
);

/** From which size on copies are verified. */
export const verification: ValueSchema<Config["verify"]> = v.pipe(
  map("{From}", {
    From: scalar(
      "a number of bytes of at least 1, such as 50MB",
      (written) => parseQuantity(written, "bytes") || undefined,
    ),
  }),
  v.transform(({ From }) => ({ from: From })),
);

/** Patterns of paths. */
export const pathPatterns: ValueSchema<readonly string[]> = v.array(
  scalar(
    'a pattern of paths such as /archive/** or "*.tmp"',
    (written) => isPathPattern(written) ? written : undefined,
  ),
  PATH_PATTERNS,
);

/** Beginnings of paths. */
export const pathPrefixes: ValueSchema<readonly string[]> = v.array(
  scalar(
    "a path with a leading slash such as /pool/",
    (written) => /^\/[^*?]*$/.test(written) && isPathPattern(`${written}x`) ? written : undefined,
  ),
  "a list of paths such as [/pool/]",
);
