import * as v from "valibot";
import { isPathPattern } from "../catalog/path_patterns.ts";
import { READY_SETS, type SetRule } from "../catalog/set_rule.ts";
import { integer, map, scalar, type ValueSchema } from "./value_schemas.ts";

const READY = Object.keys(READY_SETS);

const READY_OR_OWN = `${READY.join(", ")}, or a map {Root, Below, Immutable, MaxBehind, Quorum}`;

const pattern = scalar(
  "a pattern of paths with a leading slash such as /dists/*/InRelease",
  (written) => /^\/./.test(written) && isPathPattern(written) ? written : undefined,
);

const ready = v.pipe(
  scalar(
    READY_OR_OWN,
    (written) => Object.hasOwn(READY_SETS, written) ? written : undefined,
  ),
  v.transform((name): readonly SetRule[] => READY_SETS[name]!),
);

const own = v.pipe(
  map(READY_OR_OWN, {
    Root: pattern,
    Below: pattern,
    Immutable: v.optional(
      v.array(
        scalar("a pattern of names such as *.deb", (written) => written),
        "a list of patterns",
      ),
      [],
    ),
    MaxBehind: v.optional(integer(0), "720"),
    Quorum: v.optional(integer(1, 100), "50"),
  }),
  v.check(
    ({ Root, Below }) => wildcards(Below) <= wildcards(Root),
    "Below must have no more wildcards than Root",
  ),
  v.transform(({ Root, Below, Immutable, MaxBehind, Quorum }): readonly SetRule[] => [{
    root: Root,
    below: Below,
    immutable: Immutable,
    maxBehind: MaxBehind,
    quorum: Quorum,
  }]),
);

function wildcards(pattern: string): number {
  return pattern.match(/\*+/g)?.length ?? 0;
}

/** Ready-made and own descriptions of metadata sets. */
export const metadataSets: ValueSchema<readonly SetRule[]> = v.pipe(
  v.array(
    v.lazy((written) => written !== null && typeof written === "object" ? own : ready),
    "a list of sets",
  ),
  v.transform((all) => all.flat()),
);
