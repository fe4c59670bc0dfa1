import type { HttpConfig } from "../request/config.ts";

/**
 * What a directory is answered with.
 *
 * @param config Directories decides; without it, whether there are fallbacks
 */
export function directoryAnswer(
  { directories, fallbacks }: Pick<HttpConfig, "directories" | "fallbacks">,
): "list" | "fallback" | "off" {
  return directories ?? (fallbacks.length > 0 ? "fallback" : "list");
}
