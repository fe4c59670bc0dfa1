import * as v from "valibot";
import { FAILURE } from "./failure_schema.ts";
import { SCAN_PROGRESS } from "./scan_schemas.ts";

/** A line of a streamed answer: progress any number of times, then one result or one error. */
export function streamLine<const S extends v.GenericSchema>(
  result: S,
): v.GenericSchema<
  unknown,
  {
    readonly type: "progress";
    readonly progress: v.InferOutput<typeof SCAN_PROGRESS>;
  } | {
    readonly type: "result";
    readonly result: v.InferOutput<S>;
  } | {
    readonly type: "error";
    readonly error: v.InferOutput<typeof FAILURE>;
  }
> {
  return v.variant("type", [
    v.object({ type: v.literal("progress"), progress: SCAN_PROGRESS }),
    v.object({ type: v.literal("result"), result }),
    v.object({ type: v.literal("error"), error: FAILURE }),
  ]) as never;
}
