import type { Predecessor } from "../http/threads/service.ts";
import type { RecordedJson } from "../stats/recorded_json.ts";

/** Says to a program that it was started to take over, and speaks with who did on standard streams. */
export const TAKEOVER_VARIABLE = "MIRRORBITS_TAKEOVER";

/** The kind of conversation: a program that does not know it starts as if nobody were there. */
export const TAKEOVER_PROTOCOL = "1";

/** What the process that is replaced tells the new one. */
export type ToSuccessor =
  /** Store, control API, PID file and log are free; `predecessor`: where requests are answered. */
  | { readonly type: "yours"; readonly predecessor: Predecessor | null }
  /** What it recorded, to be counted by the new one. */
  | { readonly type: "recorded"; readonly recorded: RecordedJson }
  /** Nobody asks it any more, and it is about to close its sockets. */
  | { readonly type: "quiet" }
  /** Its sockets are closed, and everything was told. */
  | { readonly type: "done" };

/** What the new process tells the one that it replaces, in this order. */
export type ToPredecessor =
  /** The configuration is good and everything is loaded that can be loaded now. */
  | { readonly type: "prepared"; readonly version: string }
  /** It answers requests. */
  | { readonly type: "serving"; readonly pid: number }
  /** It is ready for the sockets of the old one to be closed. */
  | { readonly type: "settled" }
  /** It has everything that was recorded. */
  | { readonly type: "received" }
  /** It was told to stop: the old one shall not wait for quiet. */
  | { readonly type: "stopping" }
  /** It cannot take over. */
  | { readonly type: "failed"; readonly message: string };
