import * as v from "valibot";
import type { MirrorState } from "../../catalog/mirror_state.ts";
import { SCAN_COUNTS, STATE_FIELDS } from "../../catalog/mirror_state_fields.ts";
import type { ScanCounts } from "../../catalog/scan_numbers.ts";
import type { StateShape } from "../../catalog/state_shape.ts";
import { TIME } from "./parts.ts";

/** What JSON makes of a value of the state: times are ISO 8601 in UTC. */
type JsonState<K extends string, T> = T extends number ? K extends TimeName ? string : T
  : T extends object ? { readonly [P in keyof T]: JsonState<P & string, T[P]> }
  : T;

/** Parts of the state that are times. */
type TimeName =
  | "since"
  | "from"
  | "until"
  | "time"
  | "ends"
  | "behindSince"
  | "scan"
  | "stateSince"
  | "busySince"
  | "lastSync"
  | "lastSuccessfulSync"
  | "lastModTime";

/** The schema of each part of a mirror's state, in their order. */
export const STATE_ENTRIES = Object.fromEntries(
  STATE_FIELDS.map(({ property, shape }) => [property, schemaOf(shape)]),
) as unknown as {
  readonly [P in keyof MirrorState]: v.GenericSchema<unknown, JsonState<P, MirrorState[P]>>;
};

/** What the event of a scan tells of its counts, some of the numbers of the state. */
export const SCAN_COUNTS_ENTRY = schemaOf(SCAN_COUNTS) as v.GenericSchema<unknown, ScanCounts>;

function schemaOf(shape: StateShape): v.GenericSchema {
  const schema = plainSchema(shape);
  return shape.nullable ? v.nullable(schema) : schema;
}

function plainSchema(shape: StateShape): v.GenericSchema {
  switch (shape.type) {
    case "flag":
      return v.boolean();
    case "text":
      return v.string();
    case "integer": {
      const { unit, least } = shape;
      const whole = least === undefined
        ? v.pipe(v.number(), v.integer())
        : v.pipe(v.number(), v.integer(), v.minValue(least));
      return unit === undefined ? whole : v.pipe(whole, v.description(unit));
    }
    case "time":
      return TIME;
    case "choice":
      return v.picklist(shape.words);
    case "record":
      return v.object(
        Object.fromEntries(
          Object.entries(shape.entries).map(([name, entry]) => [name, schemaOf(entry)]),
        ),
      );
  }
}
