import type { NotifyEvent } from "../config/notify_receiver.ts";

/** One thing that is told. */
export interface Notice {
  readonly event: NotifyEvent;
  /** Name of the mirror; empty where it is about no mirror. */
  readonly mirror: string;
  /** What is wrong, or was. */
  readonly reason: string;
  /** What lies behind it; empty: no more is known. */
  readonly cause: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Name of the node that tells it. */
  readonly node: string;
  /** The newest lines of the mirror's log, oldest first. */
  readonly logs: readonly string[];
}

/** How a program gets it. */
export interface NoticeJson {
  readonly Event: NotifyEvent;
  readonly Mirror: string;
  readonly Reason: string;
  readonly Cause: string;
  /** ISO 8601, in UTC. */
  readonly Since: string;
  readonly Node: string;
  readonly Logs: readonly string[];
}

/** Writes it for programs. */
export function noticeJson(notice: Notice): NoticeJson {
  return {
    Event: notice.event,
    Mirror: notice.mirror,
    Reason: notice.reason,
    Cause: notice.cause,
    Since: new Date(notice.since).toISOString(),
    Node: notice.node,
    Logs: notice.logs,
  };
}
