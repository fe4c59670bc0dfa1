import type { NotifyEvent } from "../config/notify_receiver.ts";

/** What can be wrong for a while; `up` and `disabled` are turns that follow from others. */
export type ConcernEvent = Exclude<NotifyEvent, "up" | "disabled">;

/** Something that is wrong now. */
export interface Concern {
  readonly event: ConcernEvent;
  /** ID of the mirror, or name of the machine whose node is concerned. */
  readonly subject: number | string;
  /** What is wrong, for people: `Unreachable`. */
  readonly reason: string;
  /** What lies behind it: `connection refused (192.0.2.7, 12 ms)`; empty: no more is known. */
  readonly cause: string;
  /** Since when, in milliseconds since the epoch. */
  readonly since: number;
  /** Another level is told anew: the last days of a certificate, the rest of a quota. Empty: one only. */
  readonly level: string;
  /**
   * It was so before this process was there, or may have been, and was not looked at again yet: it is not
   * told, and what was told of it is not over.
   */
  readonly held?: boolean;
}

/** Port: finds what is wrong with a mirror, or with this node, as it is known now. */
export type ConcernFinder<Subject = void> = (subject: Subject, now: number) => readonly Concern[];
