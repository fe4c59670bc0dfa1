/**
 * Whether a client asks for JSON, as tools do: by naming it in Accept.
 *
 * @param headers headers of the request
 */
export function acceptsJson(headers: Headers): boolean {
  return headers.get("accept")?.includes("application/json") ?? false;
}
