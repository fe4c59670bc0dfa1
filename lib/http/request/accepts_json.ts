/**
 * Whether a client asks for JSON, as tools do: by naming it in Accept.
 *
 * @param headers headers of the request
 */
export function acceptsJson(headers: Headers): boolean {
  // By its name in lower case, the runtime would put the names of all headers in lower case once more.
  return headers.get("Accept")?.includes("application/json") ?? false;
}
