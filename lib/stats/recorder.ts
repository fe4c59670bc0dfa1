import type { Candidate } from "../selection/selection.ts";
import type { DownloadBatch } from "../store/store.ts";

/** What the counters and the download log need to know of one standard answer. */
export interface AnswerFacts {
  /** When it was asked, in milliseconds since the epoch. */
  readonly time: number;
  readonly type: "REDIRECT" | "JSON";
  readonly status: number;
  readonly method: string;
  /** Decoded path of the file. */
  readonly path: string;
  /** The client's; `null` when unknown. */
  readonly address: string | null;
  /** The client's AS number; 0 when unknown. */
  readonly asNumber: number;
  /** Who was named first; `null` when nobody was. */
  readonly candidate: Pick<Candidate, "mirror" | "distance"> | null;
  readonly fallback: boolean;
  /** What went wrong; empty when nothing did. */
  readonly error: string;
  /** How it counts as a download. */
  readonly download: DownloadKind;
  /** Bytes of the file. */
  readonly size: number;
  /** Only looked at for a ranged download. */
  readonly userAgent: string;
}

/**
 * Whether an answer is a download: not at all, one, or one part of a download in ranges, which
 * together count once.
 */
export type DownloadKind = "none" | "whole" | "ranged";

/** One part of a download in ranges, to be counted unless its client was counted lately. */
export interface RangedDownload {
  /** When it was asked, in milliseconds since the epoch. */
  readonly time: number;
  readonly path: string;
  /** `null` when a fallback serves it. */
  readonly mirrorId: number | null;
  /** Bytes of the file. */
  readonly size: number;
  /** `address/user agent` of the client. */
  readonly client: string;
}

/** What was recorded since the last time, ready to be sent to the control thread. */
export interface RecordedAnswers {
  /** At most one for each day. */
  readonly batches: readonly DownloadBatch[];
  readonly ranged: readonly RangedDownload[];
  /** Blocks of lines of the download log in order, without a line end after the last of each. */
  readonly lines: readonly string[];
}

/** Port: keeps what happened, for the counters and the download log. Never waits, never throws. */
export interface Recorder {
  /** Records one standard answer. */
  record(facts: AnswerFacts): void;
}
