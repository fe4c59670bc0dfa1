import type { RawAnswer } from "../support/raw_request.ts";
import { CLIENTS } from "./places.ts";
import type { Case } from "./requests.ts";

/** What both programs answered to one request. */
export interface Pair {
  readonly request: Case;
  readonly theirs: RawAnswer;
  readonly ours: RawAnswer;
}

/** A difference that is meant: what the README says, or what the original does wrong. */
interface Meant {
  readonly why: string;
  /** Whether it is this that differs. */
  readonly applies: (pair: Pair) => boolean;
}

const path = ({ request }: Pair): string => request.target.split("?")[0]!;
const asks = ({ request }: Pair, query: RegExp): boolean =>
  query.test(request.target.split("?")[1] ?? "");

/** Every difference that there may be. */
export const MEANT: readonly Meant[] = [
  {
    why: "only GET and HEAD are allowed",
    applies: ({ request, ours }) =>
      !["GET", "HEAD"].includes(request.method ?? "GET") && ours.status === 405,
  },
  {
    why: "favicon.ico and robots.txt are there without being in the repository",
    applies: (pair) =>
      ["/favicon.ico", "/robots.txt"].includes(path(pair)) && pair.ours.status === 200,
  },
  {
    why: "directories are listed where no fallback answers for them",
    applies: ({ theirs, ours }) => theirs.status === 503 && [200, 301].includes(ours.status),
  },
  {
    why: "a period of the statistics has digits between the dashes",
    applies: (pair) => asks(pair, /^stats=2020-$/) && pair.ours.status === 400,
  },
  {
    why: "fallbacks elsewhere are ranked by the distance of their countries",
    applies: ({ request, theirs, ours }) =>
      request.headers?.["X-Forwarded-For"] === CLIENTS.se.address &&
      [theirs, ours].every((answer) => JSON.stringify(answer).includes("fallback-se.invalid")),
  },
  {
    why:
      "the client is read from the right of X-Forwarded-For, which others may write from the left",
    applies: ({ request }) => request.headers?.["X-Forwarded-For"]?.includes(",") ?? false,
  },
  {
    why: "JSON that is wanted less than something else is not wanted",
    applies: ({ request, ours }) =>
      request.headers?.Accept === "text/html,application/json;q=0.9" && ours.status === 302,
  },
  {
    why: "fallbacks obey the scheme that is asked for, as mirrors do",
    applies: (pair) =>
      (/^https$/i.test(pair.request.headers?.["X-Forwarded-Proto"] ?? "") ||
        asks(pair, /\bhttps=/)) &&
      JSON.stringify(pair.theirs).includes("fallback-"),
  },
  {
    why: "junk in X-Forwarded-For is no address, and a port after one no part of it",
    applies: ({ request }) =>
      /^(junk|999\.1\.1\.1|203\.0\.113\.9:1234|\[2001:218::1\]:80)$/
        .test(request.headers?.["X-Forwarded-For"] ?? ""),
  },
];

/** Headers that say something about the program or the connection, and not about the answer. */
const OWN_HEADERS = new Set([
  ...["date", "server", "connection", "content-length", "transfer-encoding", "vary", "etag"],
  // What the original leaves out: it does no harm.
  ...["retry-after", "x-content-type-options", "content-security-policy", "allow"],
]);

/** Properties of a mirror that the public does not get to see. */
const PRIVATE = new Set(["AdminName", "AdminEmail", "Comment"]);

/**
 * Compares two answers by what a client can do with them: status, headers, facts. Where the order of
 * the mirrors is drawn by lot, only JSON tells which they are.
 *
 * @returns a line for each difference; empty when the answers are alike
 */
export function differences({ request, theirs, ours }: Pair): string[] {
  const [a, b] = [theirs, ours].map((answer) => facts(answer, request));
  return compare(a, b, "");
}

function facts(answer: RawAnswer, { drawn, target }: Case): Record<string, unknown> {
  const headers = answer.headers.filter(([name]) => !OWN_HEADERS.has(name));
  const all = (name: string): string[] =>
    headers.filter(([each]) => each === name).map(([, value]) => value);
  const links = all("link").join(", ");
  const targets = [...all("location"), ...[...links.matchAll(/<([^>]*)>/g)].map(([, url]) => url)];
  const plain = headers.filter(([name]) => !["location", "link", "cache-control"].includes(name));
  // What the original does not say of moves, checksums and counts, so that proxies keep them.
  const kept = answer.status === 304 ? /^(private, )?no-cache$/ : /^no-cache$/;
  const cached = all("cache-control").filter((value) => !kept.test(value));
  // A page, or the text of an error, may be worded otherwise.
  const worded = answer.status >= 400 || (answer.status < 300 && /mirror(list|stats)/.test(target));
  return {
    status: answer.status,
    headers: Object.fromEntries(worded ? [] : [...plain, ["cache-control", cached]]),
    order: drawn ? "" : `${all("location")} ${links}`,
    shape: links.replace(/<[^>]*>/g, "").replace(/geo=\w*/g, ""),
    targets: drawn ? targets.length : targets.sort(),
    body: worded ? "" : body(answer, drawn),
  };
}

function body({ headers, body }: RawAnswer, drawn: boolean): unknown {
  const isJson = headers.some(([name, value]) =>
    name === "content-type" && value.startsWith("application/json")
  );
  if (!isJson) return body;
  const json = JSON.parse(body);
  if (drawn) json.MirrorList = byName(json.MirrorList);
  // They are in no order.
  if (json.ExcludedList) json.ExcludedList = byName(json.ExcludedList);
  return json;
}

function byName(mirrors: readonly { readonly Name: string }[] | null): unknown {
  return Object.fromEntries((mirrors ?? []).map((mirror) => [mirror.Name, mirror]));
}

function compare(a: unknown, b: unknown, at: string): string[] {
  if (typeof a === "number" && typeof b === "number") {
    // The original computes distances in 32-bit floats.
    return Math.abs(a - b) <= Math.max(Math.abs(a) * 1e-6, at.endsWith("Score") ? 1 : 0)
      ? []
      : [`${at}: ${a} ≠ ${b}`];
  }
  if (typeof a === "object" && typeof b === "object" && a !== null && b !== null) {
    const [left, right] = [a, b] as Record<string, unknown>[];
    return [...new Set([...Object.keys(a), ...Object.keys(b)])]
      .filter((key) => !PRIVATE.has(key))
      .flatMap((key) => compare(left![key], right![key], `${at}.${key}`));
  }
  return a === b ? [] : [`${at}: ${JSON.stringify(a)} ≠ ${JSON.stringify(b)}`];
}
