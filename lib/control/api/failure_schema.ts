import * as v from "valibot";
import { type ControlErrorCode, STATUS_OF } from "./control_error.ts";
import { MIRROR } from "./mirror_schemas.ts";
import { TEXT, TEXTS } from "./parts.ts";

/** What went wrong. */
export const FAILURE = v.object({
  code: v.picklist(Object.keys(STATUS_OF) as ControlErrorCode[]),
  message: v.pipe(TEXT, v.description("A sentence for the operator")),
  matches: v.pipe(v.exactOptional(TEXTS), v.description("Names of the mirrors that match")),
  mirror: v.pipe(v.exactOptional(MIRROR), v.description("As it is now")),
});

/** Every answer that is none. */
export const ERROR = v.object({ error: FAILURE });
