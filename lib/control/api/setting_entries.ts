import * as v from "valibot";
import {
  COMMENT_SETTING,
  type MirrorSettings,
  type SettingDescription,
  SETTINGS,
} from "./mirror_settings.ts";
import { FLAG, TEXT } from "./parts.ts";

/** The schema of each setting of a mirror, in the order of {@linkcode SETTINGS}. */
export const SETTING_ENTRIES = Object.fromEntries(
  [...SETTINGS, COMMENT_SETTING].map((setting) => [setting.property, schemaOf(setting)]),
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

function schemaOf(setting: SettingDescription): v.GenericSchema {
  switch (setting.type) {
    case "flag":
      return FLAG;
    case "optional_flag":
      return v.nullable(v.boolean("true, false or null"));
    case "codes":
      return v.array(TEXT, "a list of country codes");
    case "integer":
    case "number":
      return numberSchema(setting);
    case "text":
      return TEXT;
  }
}

function numberSchema({ type, minimum, maximum }: SettingDescription): v.GenericSchema {
  const kind = type === "integer" ? "a whole number" : "a number";
  const allowed = `${kind} from ${minimum ?? -Infinity} to ${maximum ?? Infinity}`;
  const any: v.GenericSchema<unknown, number> = v.number(allowed);
  const whole = type === "integer" ? v.pipe(any, v.integer(allowed)) : any;
  const bounded = minimum === undefined ? whole : v.pipe(whole, v.minValue(minimum, allowed));
  return maximum === undefined ? bounded : v.pipe(bounded, v.maxValue(maximum, allowed));
}
