import * as v from "valibot";
import type { FallbackConfig, PublisherConfig } from "./config.ts";
import { hasPlainUser } from "./has_plain_user.ts";
import { hasControlCharacter, map, scalar, type ValueSchema } from "./value_schemas.ts";

const twoLetters = scalar(
  "a code of two letters",
  (written) => /^([a-z]{2})?$/i.test(written) ? written.toUpperCase() : undefined,
);

/** Servers for when no mirror can serve. */
export const fallbacks: ValueSchema<readonly FallbackConfig[]> = v.array(
  v.pipe(
    map("{URL, CountryCode, ContinentCode}", {
      URL: scalar("an HTTP or HTTPS URL without query, or one without its scheme", baseUrl),
      CountryCode: v.optional(twoLetters, ""),
      ContinentCode: v.optional(twoLetters, ""),
    }),
    v.transform(({ URL: url, CountryCode, ContinentCode }) => ({
      url,
      countryCode: CountryCode,
      continentCode: ContinentCode,
    })),
  ),
  "a list of {URL, CountryCode, ContinentCode}",
);

/** A base URL, with a trailing slash added; what was written stays as it is otherwise. */
function baseUrl(written: string): string | undefined {
  if (hasControlCharacter(written) || /[\s?#\\]/.test(written)) return undefined;
  const scheme = /^https?:\/\//i.exec(written)?.[0] ?? "";
  const rest = written.slice(scheme.length);
  if (rest.startsWith("/") || rest.includes("://")) return undefined;
  if (!URL.canParse(`${scheme || "http://"}${rest}`)) return undefined;
  return written.endsWith("/") ? written : `${written}/`;
}

/** A URL that a client can open. */
function webUrl(written: string): string | undefined {
  if (hasControlCharacter(written) || !/^https?:\/\/[^/?#\s\\@]+([/?#]\S*)?$/i.test(written)) {
    return undefined;
  }
  return URL.canParse(written) ? written : undefined;
}

/** Where clients reach this server, with a trailing slash added. */
export const publicUrl: ValueSchema<string> = scalar(
  "an HTTP or HTTPS URL without user, query and fragment",
  (written) => /[?#]/.test(written) || webUrl(written) === undefined ? undefined : baseUrl(written),
);

const tracker = scalar(
  "an http, https, udp, ws or wss URL of a tracker",
  (written) =>
    /^(https?|udp|wss?):\/\/[!-~]+$/i.test(written) && URL.canParse(written) ? written : undefined,
);

/** Trackers: a list of URLs, each a tier, or of lists of URLs. */
export const trackers: ValueSchema<readonly (readonly string[])[]> = v.array(
  v.lazy((written): ValueSchema<readonly string[]> =>
    Array.isArray(written)
      ? v.pipe(v.array(tracker), v.minLength(1, "a list of URLs"))
      : v.pipe(tracker, v.transform((url) => [url]))
  ),
  "a list of URLs, or of lists of URLs",
);

/** Who publishes the files. */
export const publisher: ValueSchema<PublisherConfig> = v.pipe(
  map("{Name, URL}", {
    Name: scalar(
      "text in one line",
      (written) => written === "" || hasControlCharacter(written) ? undefined : written,
    ),
    URL: v.optional(
      scalar("an HTTP or HTTPS URL", (written) => written === "" ? written : webUrl(written)),
      "",
    ),
  }),
  v.transform(({ Name, URL: url }) => ({ name: Name, url })),
);

/** Where GeoIP databases are fetched from: a word, or a URL in which some parts stand for others. */
export const databaseSource: ValueSchema<string> = scalar(
  "off, dbip, maxmind or an HTTP or HTTPS URL (with {edition} and {month}, where it needs them)",
  (written) => {
    if (["off", "dbip", "maxmind"].includes(written)) return written;
    const filled = written.replaceAll(/\{(edition|Edition|month)\}/g, "x");
    const plain = /^https?:\/\/[^/?#{}\s]+\/[^\s{}]*$/i.test(filled) &&
      !/^https?:\/\/[^/?#]*[{}]/i.test(written) && !hasControlCharacter(written);
    return plain && URL.canParse(filled) && hasPlainUser(filled) ? written : undefined;
  },
);
