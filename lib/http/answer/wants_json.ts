import type { HttpConfig } from "../request/config.ts";
import type { Wishes } from "../request/wishes.ts";

/**
 * Whether the standard answer to a request is JSON.
 *
 * @param config OutputMode decides, `auto` by what the client accepts
 * @param wishes what the client asked for
 */
export function wantsJson(
  { outputMode }: Pick<HttpConfig, "outputMode">,
  wishes: Pick<Wishes, "accepts">,
): boolean {
  return outputMode === "auto" ? wishes.accepts.json : outputMode === "json";
}
