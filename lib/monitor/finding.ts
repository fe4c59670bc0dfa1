import type { AddressFamily, FamilyState } from "../catalog/families.ts";
import type { DownCause } from "../catalog/down_cause.ts";
import { normaliseAddress } from "../net/ip_address.ts";
import type { ProbeResult } from "./probe.ts";

/** What lies behind a failure, before it is known of what state it tells. */
export type CheckCause = Pick<DownCause, "kind" | "text" | "address" | "milliseconds">;

/** What a check found over one family of addresses; without a time: nothing that counts. */
export interface FamilyFinding {
  readonly family: AddressFamily;
  /** `null`: what is known stays. */
  readonly state: Omit<FamilyState, "time"> | null;
}

/** What a check of one scheme found. */
export interface Finding {
  readonly protocol: "http" | "https";
  readonly up: boolean;
  /** Why it is down; empty when it is up. */
  readonly reason: string;
  /** What lies behind that; `null` when it is up. */
  readonly cause: CheckCause | null;
  /** Whether the server said that the file does not exist. */
  readonly missing: boolean;
  /** What was found over each family of addresses, where they were asked separately. */
  readonly families?: readonly FamilyFinding[];
  /** For how long the server asks to be left alone since it is busy, in milliseconds; `null`: it is not. */
  readonly busy: number | null;
}

/** Why an answer means that the mirror is down; empty when it is up. */
export function downReason(result: ProbeResult, path: string): string {
  switch (result.type) {
    case "found":
      return "";
    case "redirect":
      return result.reason;
    case "unreachable":
      return "Unreachable";
    case "status":
      return result.status === 404
        ? `File not found ${path} (error 404)`
        : `Got status code ${result.status}`;
  }
}

/** What lies behind a failure, with the address that was asked as far as anybody knows it. */
export async function causeOf(
  result: ProbeResult,
  reason: string,
  url: string,
  milliseconds: number,
  { resolve, isSelfSigned, signal }: {
    readonly resolve: (host: string) => Promise<readonly string[]>;
    /** Tells what a library does not; default: nobody does. */
    readonly isSelfSigned?: (url: string, signal: AbortSignal) => Promise<boolean>;
    readonly signal: AbortSignal;
  },
): Promise<CheckCause> {
  const { kind, text: said, address } = failureOf(result, reason);
  const text = said === "unknown authority" && await isSelfSigned?.(url, signal)
    ? "self-signed certificate"
    : said;
  if (kind === "dns" || address !== "") return { kind, text, address, milliseconds };
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
  // One that has several is asked in their order.
  const [first = ""] = normaliseAddress(host) !== null
    ? [host]
    : await orAborted(resolve(host).catch(() => []), signal);
  return { kind, text, address: first, milliseconds };
}

function failureOf(
  result: ProbeResult,
  reason: string,
): Pick<DownCause, "kind" | "text" | "address"> {
  switch (result.type) {
    case "unreachable":
      return result.cause;
    case "redirect":
      return { kind: "answer", text: `redirected to ${result.target}`, address: "" };
    default:
      return { kind: "status", text: reason, address: "" };
  }
}

/** What is waited for, unless the check ends first. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener("abort", stop));
}
