/** Header of a request that names who asks, percent-encoded. */
export const USER_HEADER = "mirrorbits-user";

/** Characters that a name may have. */
const LONGEST = 100;

/**
 * Tells who asks: the name that a request brings, else the address that it comes from.
 *
 * @param headers of the request
 * @param address of the other end; empty: nobody knows
 */
export function userOf(headers: Headers, address: string): string {
  let name = headers.get(USER_HEADER) ?? "";
  try {
    name = decodeURIComponent(name);
  } catch {
    // It stays as it was written.
  }
  // One event is one line.
  // deno-lint-ignore no-control-regex
  const plain = name.replaceAll(/[\x00-\x1f\x7f-\x9f]+/g, " ").trim().slice(0, LONGEST);
  return plain === "" ? address : plain;
}
