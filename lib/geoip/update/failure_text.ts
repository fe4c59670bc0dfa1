import { failureCause } from "../../log/failure_cause.ts";
import { GeoDatabaseError } from "../geo_database_error.ts";
import { shownUrl } from "./shown_url.ts";

/**
 * Says for people why something could not be fetched, without secrets.
 *
 * @param error whatever was thrown; it may name what was asked for, in its own spelling, or cut off
 */
export function failureText(error: unknown): string {
  if (error instanceof GeoDatabaseError) return error.message;
  // We say ourselves how long we waited.
  if (error instanceof DOMException && error.name === "TimeoutError") return error.message;
  return failureCause(error).text.replaceAll(/[a-z]+:\/\/[^\s"')]+/gi, shownUrl);
}
