import type { DownCause } from "./down_cause.ts";
import type { ScanCounts } from "./scan_numbers.ts";
import type { ScanProtocol } from "./mirror_state.ts";

/** What happened to a mirror. Wording belongs to whoever prints it. */
export type MirrorEventDetail =
  | { readonly type: "error"; readonly message: string }
  | { readonly type: "added" }
  | { readonly type: "edited" }
  | { readonly type: "enabled" }
  | { readonly type: "disabled" }
  | {
    readonly type: "state";
    readonly protocol: "http" | "https";
    readonly up: boolean;
    readonly reason: string;
    /** What lies behind the reason, where that is known. */
    readonly cause?: Pick<DownCause, "kind" | "text" | "address" | "milliseconds">;
  }
  | NewerEventDetail
  | { readonly type: "scan_started"; readonly protocol: ScanProtocol }
  | {
    readonly type: "scan_completed";
    readonly indexed: number;
    readonly known: number;
    readonly removed: number;
    /** How the mirror compares with the source, where that was counted. */
    readonly numbers?: ScanCounts;
    /** Milliseconds. */
    readonly timeZoneOffset: number;
  };

/** What happens that the original does not know of, and skips. */
export type NewerEventDetail =
  /** A file is not there, or another one: it is not looked for there before the next scan. */
  | { readonly type: "copy_forgotten"; readonly path: string; readonly why: "missing" | "size" }
  /** So many percent, 80 or 100, of what it may serve in its day or month were redirected to it. */
  | {
    readonly type: "quota";
    readonly of: "day" | "month";
    readonly percent: number;
    /** Bytes. */
    readonly limit: number;
  }
  /** The certificate ends soon. `ends` in milliseconds since the epoch, `days` that are left. */
  | { readonly type: "certificate"; readonly ends: number; readonly days: number }
  /**
   * A time in which the mirror is off by plan: it was planned; it began; the plan was given up; it goes
   * on, since the mirror could not be scanned; it is over. Times in milliseconds since the epoch.
   */
  | {
    readonly type: "downtime";
    readonly step: "planned" | "began" | "cancelled" | "prolonged" | "ended";
    readonly from: number;
    readonly until: number | null;
    readonly reason: string;
  }
  /** Whatever an operator wanted to have in the log. */
  | { readonly type: "note"; readonly text: string };

/** One entry of a mirror's event log. */
export type MirrorEvent = MirrorEventDetail & {
  readonly mirrorId: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Who did it: a name, else an address; absent: nobody knows, or nobody did. */
  readonly by?: string;
};
