/** All downloads, also those that fallbacks serve. */
export const DOWNLOADS = "downloads";

/** Bytes that mirrors were to send for these downloads. */
export const BYTES = "bytes";

/** Answers to programs that count apart. */
export const BOTS = "bots";

/** Where in a name what it is about begins. */
const COUNTRY = "country:";
const ANSWER = "answer:";

/** Downloads by clients of a country. @param code empty: unknown */
export function countryName(code: string): string {
  return COUNTRY + code;
}

/** Requests that came to something of a kind. */
export function answerName(kind: string): string {
  return ANSWER + kind;
}

/** @returns the code of the country that a name is about; `null`: it is about something else */
export function countryOf(name: string): string | null {
  return name.startsWith(COUNTRY) ? name.slice(COUNTRY.length) : null;
}

/** @returns the kind of answer that a name is about; `null`: it is about something else */
export function answerOf(name: string): string | null {
  return name.startsWith(ANSWER) ? name.slice(ANSWER.length) : null;
}
