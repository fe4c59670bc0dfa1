import * as v from "valibot";
import { ALL_SETTINGS, type MirrorSettings } from "../../catalog/settings/mirror_settings.ts";
import type { ValueShape } from "../../catalog/settings/setting_kind.ts";

/** The schema of each setting of a mirror, in their order. */
export const SETTING_ENTRIES = Object.fromEntries(
  ALL_SETTINGS.map(({ property, kind }) => [property, schemaOf(kind.shape)]),
) as unknown as {
  readonly [P in keyof MirrorSettings]: v.GenericSchema<unknown, MirrorSettings[P]>;
};

/** Some settings of a mirror. */
export const SOME_SETTINGS: v.GenericSchema<unknown, Partial<MirrorSettings>> = v.object(
  Object.fromEntries(
    Object.entries(SETTING_ENTRIES).map((
      [property, schema],
    ) => [property, v.exactOptional(schema)]),
  ),
);

function schemaOf(shape: ValueShape): v.GenericSchema {
  const schema = plainSchema(shape);
  return shape.nullable ? v.nullable(schema) : schema;
}

function plainSchema(shape: ValueShape): v.GenericSchema {
  switch (shape.type) {
    case "text":
      return v.string();
    case "flag":
      return v.boolean();
    case "choice":
      return v.picklist(shape.words);
    case "list":
      return v.array(schemaOf(shape.items));
    case "integer":
      return v.pipe(
        v.number(),
        v.integer(),
        v.minValue(shape.minimum),
        v.maxValue(shape.maximum),
      );
    case "number":
      return v.pipe(v.number(), v.minValue(shape.minimum), v.maxValue(shape.maximum));
  }
}
