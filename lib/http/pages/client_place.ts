import type { Result } from "../request/result.ts";
import type { Words } from "./words/words.ts";

/**
 * Says where the client is, as closely as it is known.
 *
 * @param words of the language
 * @param result for whom it was decided
 * @returns `London, United Kingdom`; the address when the place is not known
 */
export function clientPlace(words: Words, { address, client }: Result): string {
  const country = client?.countryCode ? words.country(client.countryCode) : client?.country ?? "";
  const place = words.joined([client?.city ?? "", country].filter((name) => name !== ""));
  return place || address || words.text("unknown");
}
