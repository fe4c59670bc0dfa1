import { messageOf } from "./message_of.ts";

/** What kept a request from being answered. */
export interface FailureCause {
  /** No address; no connection; no agreement on TLS; nothing that is an answer. */
  readonly kind: "dns" | "connect" | "tls" | "answer";
  /** For people: `connection refused`. */
  readonly text: string;
  /** The address that was asked; empty where the error does not tell it. */
  readonly address: string;
}

const DAY = 86_400;

/** What a text of the libraries below `fetch()` means; the first that matches counts. */
const MEANINGS: readonly (readonly [RegExp, FailureCause["kind"], string])[] = [
  [/^dns error|\bdns error:/i, "dns", "host not found"],
  [/connection refused/i, "connect", "connection refused"],
  [/network (is )?unreachable/i, "connect", "network unreachable"],
  [/no route to host|host (is )?(unreachable|down)/i, "connect", "host unreachable"],
  [/^Connection timed out|Connect\): .*timed out/i, "connect", "not connected within 20 s"],
  [/port \d+ (is|are) blocked/i, "connect", "port blocked by the runtime"],
  [/unknown ?issuer/i, "tls", "unknown authority"],
  [/CaUsedAsEndEntity|self.signed/i, "tls", "self-signed certificate"],
  [/certificate expired|\bexpired\b/i, "tls", "certificate expired"],
  [/not valid yet|NotValidYet/i, "tls", "certificate not yet valid"],
  [/not valid for name|NotValidForName/i, "tls", "certificate is for another host"],
  [/tls handshake eof/i, "tls", "handshake failed: connection closed"],
  [/too large|too many headers/i, "answer", "headers too large"],
  [
    /invalid http|invalid header|\(parse\)|does not answer in HTTP|invalid .* parsed/i,
    "answer",
    "not HTTP",
  ],
  [
    /closed before message|connection reset|broken pipe|unexpected (eof|end of file)|incomplete/i,
    "answer",
    "connection closed",
  ],
  [/redirects? without end|too many redirects/i, "answer", "too many redirects"],
];

/**
 * Tells what lies behind an error of `fetch()`: a kind and words for people, in place of `fetch failed`.
 *
 * @param error whatever was thrown
 * @returns the cause, such as `connection refused`, `certificate expired 2 days ago`
 */
export function failureCause(error: unknown): FailureCause {
  const message = deepest(error);
  const address = / \(\[?([\d.]+|[\da-f:.]+)\]?:\d+\): /i.exec(message)?.[1] ?? "";
  if (error instanceof Deno.errors.NotCapable) {
    return { kind: "connect", text: `not allowed: ${messageOf(error)}`, address };
  }
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return message.startsWith("Connection")
      ? { kind: "connect", text: "not connected within 20 s", address }
      : { kind: "answer", text: "no answer within 40 s", address };
  }
  const detail = libraryDetail(message);
  const [, kind, text] = MEANINGS.find(([pattern]) => pattern.test(detail)) ?? [];
  if (kind === "connect" || kind === "dns" || kind === "answer") {
    return { kind, text: text!, address };
  }
  if (kind === "tls") return { kind, text: certificateText(text!, detail), address };
  // What else is said while a connection is made comes from TLS.
  return /client error \(Connect\)/.test(message)
    ? { kind: "tls", text: `handshake failed: ${detail}`, address }
    : { kind: "answer", text: detail, address };
}

/** The message that says most: the one of the innermost cause. */
function deepest(error: unknown): string {
  let at = error;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  return at instanceof Error ? at.message : String(at);
}

/** `error sending request … client error (Connect): tcp connect error: X` → `tcp connect error: X`. */
function libraryDetail(message: string): string {
  return message.replace(/^error sending request .*?: client error \([A-Za-z]+\): /, "")
    .replaceAll(/[\r\n]+/g, " ").slice(0, 200);
}

function certificateText(text: string, detail: string): string {
  if (text === "certificate expired") {
    const seconds = Number(/\((\d+) seconds ago\)/.exec(detail)?.[1] ?? Number.NaN);
    if (Number.isNaN(seconds)) return text;
    const days = Math.floor(seconds / DAY);
    return days === 0 ? `${text} today` : `${text} ${days} ${days === 1 ? "day" : "days"} ago`;
  }
  if (text === "certificate is for another host") {
    const names = [...detail.matchAll(/(?:DnsName|IpAddress)\("?([^")]+)"?\)/g)].map(([, one]) =>
      one
    );
    return names.length === 0 ? text : `certificate is for ${names.slice(0, 3).join(", ")}`;
  }
  return text;
}
