import * as v from "valibot";
import { isPathPattern, PATH_PATTERNS } from "../catalog/path_patterns.ts";
import { parseDuration } from "../catalog/duration.ts";
import { parseQuantity } from "../catalog/quantity.ts";
import { parseAddressRange } from "../net/address_range.ts";
import type {
  Config,
  FallbackConfig,
  ListenAddress,
  OutdatedFilesRule,
  PublisherConfig,
} from "./config.ts";
import { type HostPort, parseHostPort } from "../net/host_port.ts";

/** Reads one key's value from what was written; its messages complete "<key> must be …". */
export type ValueSchema<T> = v.GenericSchema<unknown, T>;

/** Largest whole number that a key takes. */
const LARGEST = 2_147_483_647;

/** A scalar, read by `parse`, which gives `undefined` for what is not allowed. */
export function scalar<T extends NonNullable<unknown> | null>(
  allowed: string,
  parse: (text: string) => T | undefined,
): ValueSchema<T> {
  return v.pipe(
    v.string(allowed),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const value = parse(dataset.value);
      if (value !== undefined) return value;
      addIssue({ message: allowed });
      return NEVER;
    }),
  );
}

/** A map with these keys; one without a value counts as absent. */
export function map<const T extends v.ObjectEntries>(
  allowed: string,
  entries: T,
): v.GenericSchema<unknown, v.InferOutput<v.ObjectSchema<T, undefined>>> {
  return v.pipe(
    v.custom<Record<string, unknown>>(
      (written) => typeof written === "object" && written !== null && !Array.isArray(written),
      allowed,
    ),
    v.transform((written) =>
      Object.fromEntries(Object.entries(written).filter(([, value]) => value !== null))
    ),
    v.object(entries),
  );
}

/** Any text in one line. */
export const text: ValueSchema<string> = scalar(
  "text in one line",
  (written) => hasControlCharacter(written) ? undefined : written,
);

/** A path below the mirrors' base URLs; leading slashes are dropped. */
export const repositoryPath: ValueSchema<string> = scalar(
  'a path in the repository, without ".."',
  (written) => {
    const path = written.replace(/^\/+/, "");
    return hasControlCharacter(path) || path.split("/").includes("..") ? undefined : path;
  },
);

/** What YAML 1.1 takes for a boolean, in any case. */
export const boolean: ValueSchema<boolean> = scalar("true or false", (written) => {
  if (/^(true|yes|on|y)$/i.test(written)) return true;
  return /^(false|no|off|n)$/i.test(written) ? false : undefined;
});

/** Whether a connection is encrypted, or the file of the certificates that are trusted for it. */
export const redisTls: ValueSchema<boolean | string> = scalar(
  "true, false or the file of the certificates to trust",
  (written) => {
    if (/^(true|yes|on|y)$/i.test(written)) return true;
    if (/^(false|no|off|n|)$/i.test(written)) return false;
    return hasControlCharacter(written) ? undefined : written;
  },
);

/** One of several words. */
export function choice<const T extends string>(...words: readonly T[]): ValueSchema<T> {
  return scalar(
    `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`,
    (written) => words.find((word) => word === written),
  );
}

/** A whole number in decimal digits, within bounds; both bounds are allowed. */
export function integer(smallest: number, largest: number = LARGEST): ValueSchema<number> {
  return scalar(
    `a whole number from ${smallest} to ${largest}`,
    (written) => wholeNumber(written, smallest, largest),
  );
}

function wholeNumber(written: string, smallest: number, largest: number): number | undefined {
  const value = /^[-+]?(0|[1-9]\d*)$/.test(written) ? Number(written) : NaN;
  return value >= smallest && value <= largest ? value + 0 : undefined;
}

/** A whole number of which those below 0 mean 0. */
export const integerFromZero: ValueSchema<number> = v.pipe(
  integer(-LARGEST),
  v.transform((value) => Math.max(0, value)),
);

/** A number above 0. */
export const positiveNumber: ValueSchema<number> = scalar("a number above 0", (written) => {
  const value = /^\+?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(written) ? Number(written) : NaN;
  return value > 0 && value < Infinity ? value : undefined;
});

/** Permissions of a file, in octal digits. */
export const fileMode: ValueSchema<number> = scalar(
  "permissions in octal, such as 0640",
  (written) => /^0?o?[0-7]{3}$/.test(written) ? parseInt(written.slice(-3), 8) : undefined,
);

/** A number of threads, or `auto`. */
export const workers: ValueSchema<number | "auto"> = scalar(
  "auto or a whole number from 0 to 256",
  (written) => written === "auto" ? written : wholeNumber(written, 0, 256),
);

/** A server to connect to; without a host, this machine. */
export const serverAddress: ValueSchema<HostPort> = scalar("host:port", (written) => {
  const address = parseHostPort(written);
  return address && address.port > 0
    ? { ...address, hostname: address.hostname || "localhost" }
    : undefined;
});

/** Servers to connect to, each as `{Host: host:port}`. */
export const sentinels: ValueSchema<readonly HostPort[]> = v.array(
  v.pipe(
    map("{Host: host:port}", { Host: serverAddress }),
    v.transform(({ Host }) => Host),
  ),
  "a list of {Host: host:port}",
);

/** No host means every address of the machine, in both families. */
function allAddresses({ hostname, port }: HostPort): HostPort {
  return { hostname: hostname || "::", port };
}

/** A TCP address to listen on; port 0 is any free one. */
export const listenServer: ValueSchema<HostPort> = scalar("[host]:port", (written) => {
  const address = parseHostPort(written);
  return address ? allAddresses(address) : undefined;
});

/** A TCP address or Unix socket to listen on. */
export const listenAddress: ValueSchema<ListenAddress> = scalar(
  "[host]:port or unix:PATH",
  (written): ListenAddress | undefined => {
    if (written.startsWith("unix:")) {
      const path = written.slice("unix:".length);
      return path === "" || hasControlCharacter(path) ? undefined : { transport: "unix", path };
    }
    const address = parseHostPort(written);
    return address ? { transport: "tcp", ...allAddresses(address) } : undefined;
  },
);

/** Which hashes to compute; those that are not given keep their default. */
export const hashes: ValueSchema<{ sha256: boolean; sha1: boolean; md5: boolean }> = v.pipe(
  map("a map of SHA256, SHA1, MD5 to true or false", {
    SHA256: v.optional(boolean, "true"),
    SHA1: v.optional(boolean, "false"),
    MD5: v.optional(boolean, "false"),
  }),
  v.transform(({ SHA256, SHA1, MD5 }) => ({ sha256: SHA256, sha1: SHA1, md5: MD5 })),
);

/** Rules for copies that are behind. */
export const outdatedFiles: ValueSchema<readonly OutdatedFilesRule[]> = v.array(
  v.pipe(
    map("{Prefix: /path, Minutes: number}", {
      Prefix: scalar(
        'a path that begins with "/"',
        (written) => written.startsWith("/") ? written : undefined,
      ),
      Minutes: integer(0),
    }),
    v.transform(({ Prefix, Minutes }) => ({ prefix: Prefix, minutes: Minutes })),
  ),
  "a list of {Prefix: /path, Minutes: number}",
);

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

/** From which size on copies are verified. */
export const verification: ValueSchema<Config["verify"]> = v.pipe(
  map("{From}", {
    From: scalar(
      "a number of bytes of at least 1, such as 50MB",
      (written) => parseQuantity(written, "bytes") || undefined,
    ),
  }),
  v.transform(({ From }) => ({ from: From })),
);

/** Requests a second. */
export const scanRate: ValueSchema<number> = scalar(
  "a number of requests a second from 0.1 to 200",
  (written) => {
    const rate = /^\d+(\.\d+)?$/.test(written) ? Number(written) : NaN;
    return rate >= 0.1 && rate <= 200 ? rate : undefined;
  },
);

/** A duration; a number alone counts milliseconds. */
export const milliseconds: ValueSchema<number> = scalar(
  "a duration such as 500ms or 2s (a number: milliseconds)",
  (written) => parseDuration(written, "ms") ?? undefined,
);

/** A proxy. */
export const proxyUrl: ValueSchema<string> = scalar(
  "an HTTP, HTTPS or SOCKS5 URL of a proxy, such as http://proxy.example:3128",
  (written) =>
    /^(https?|socks5h?):\/\/[^/?#\s]+\/?$/i.test(written) && URL.canParse(written)
      ? written
      : undefined,
);

/** Name of a header, a token (RFC 9110 §5.1). */
export const headerName: ValueSchema<string> = scalar(
  "X-Forwarded-For, Forwarded or the name of another header",
  (written) => /^[\w!#$%&'*+.^`|~-]{1,255}$/.test(written) ? written : undefined,
);

/** Peers whose word is believed: a list, or in one line with commas; `all`: everyone. */
export const trustedProxies: ValueSchema<readonly string[] | "all"> = v.lazy(
  (written): ValueSchema<readonly string[] | "all"> =>
    written === "all" ? v.literal("all") : ranges,
);

const ranges: ValueSchema<readonly string[]> = v.pipe(
  v.unknown(),
  v.transform((written) =>
    typeof written === "string" ? written.split(/[\s,]+/).filter((part) => part !== "") : written
  ),
  v.array(
    scalar(
      "an address or a range such as 10.0.0.0/8",
      (written) => parseAddressRange(written) ? written : undefined,
    ),
    "all or a list of address ranges such as 10.0.0.0/8",
  ),
);

/** Patterns of paths. */
export const pathPatterns: ValueSchema<readonly string[]> = v.array(
  scalar(
    'a pattern of paths such as /archive/** or "*.tmp"',
    (written) => isPathPattern(written) ? written : undefined,
  ),
  PATH_PATTERNS,
);

/** Beginnings of paths. */
export const pathPrefixes: ValueSchema<readonly string[]> = v.array(
  scalar(
    "a path with a leading slash such as /pool/",
    (written) => /^\/[^*?]*$/.test(written) && isPathPattern(`${written}x`) ? written : undefined,
  ),
  "a list of paths such as [/pool/]",
);

/** Whether a text has characters that belong to no line of text. */
export function hasControlCharacter(written: string): boolean {
  // deno-lint-ignore no-control-regex -- these are what is looked for
  return /[\x00-\x1f\x7f]/.test(written);
}
