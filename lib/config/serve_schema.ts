import * as v from "valibot";
import { parseQuantity } from "../catalog/quantity.ts";
import type { AccelConfig, Config } from "./config.ts";
import { pathPatterns } from "./file_schemas.ts";
import { boolean, integer, map, scalar, type ValueSchema } from "./value_schemas.ts";

const accel: ValueSchema<AccelConfig> = scalar(
  "X-Accel-Redirect and a location such as X-Accel-Redirect /internal/, or X-Sendfile",
  (written) => {
    const [, header, location = ""] = /^(\S+)(?:\s+(\S+))?$/.exec(written) ?? [];
    if (header === "X-Sendfile") return location === "" ? { header, prefix: "" } : undefined;
    if (header !== "X-Accel-Redirect" || !/^\/(?:[!-~]*\/)?$/.test(location)) return undefined;
    // What follows it in the header has to stay a path.
    return /[?#]/.test(location) ? undefined : { header, prefix: location };
  },
);

/** What is sent from the repository itself. */
export const serveLocally: ValueSchema<Config["serveLocally"]> = v.pipe(
  map("a map {Below, Patterns, LastResort, MaxBytesPerSecond, MaxConnections, Accel}", {
    Below: v.optional(bytes("a number of bytes such as 4kB", 0), "0"),
    Patterns: v.optional(pathPatterns, []),
    LastResort: v.optional(boolean, "false"),
    MaxBytesPerSecond: v.optional(bytes("a number of bytes of at least 1kB", 1000), "50MB"),
    MaxConnections: v.optional(integer(1, 100_000), "200"),
    Accel: v.optional(accel),
  }),
  v.check(
    ({ Below, Patterns, LastResort }) => Below > 0 || Patterns.length > 0 || LastResort,
    "given Below, Patterns or LastResort",
  ),
  v.transform(({ Below, Patterns, LastResort, MaxBytesPerSecond, MaxConnections, Accel }) => ({
    below: Below,
    patterns: Patterns,
    lastResort: LastResort,
    maxBytesPerSecond: MaxBytesPerSecond,
    maxConnections: MaxConnections,
    accel: Accel ?? null,
  })),
);

function bytes(allowed: string, smallest: number): ValueSchema<number> {
  return scalar(allowed, (written) => {
    const value = parseQuantity(written, "bytes");
    return value === null || value < smallest ? undefined : value;
  });
}
