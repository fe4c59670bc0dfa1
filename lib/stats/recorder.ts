import type { LargeRedirect } from "../catalog/large_redirect.ts";
import type { Candidate } from "../selection/selection.ts";
import type { DownloadBatch } from "../store/download_counts.ts";
import type { HourCounts } from "./hour_tally.ts";
import type { TalliedRequests } from "./tallied_requests.ts";

/** What the counters and the download log need to know of one standard answer. */
export interface AnswerFacts {
  /** When it was asked, in milliseconds since the epoch. */
  readonly time: number;
  /** `REFUSED`: a rule of the configuration refuses the client; `LOCAL`: this server sends the file itself. */
  readonly type: "REDIRECT" | "JSON" | "METALINK" | "REFUSED" | "LOCAL";
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
  /** Country of the client, by its code; empty: unknown. */
  readonly country: string;
  /** Only looked at for a download; `null`: parts of downloads are not told from downloads. */
  readonly userAgent: string | null;
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
  /** Who asked: SHA-256 of `address/user agent`, in lower-case hexadecimal. */
  readonly clientHash: string;
  /** Who asked for what, see `downloadHash()`. */
  readonly hash: number;
  /** Country of the client, by its code; empty: unknown. */
  readonly country: string;
}

/** Answers that refused something, where the log has only a sample of them. */
export interface RefusedAnswers {
  /** Lines of the download log, in order. */
  readonly lines: readonly string[];
  /** How many there were besides. */
  readonly more: number;
}

/** What was recorded since the last time, ready to be sent to the control thread. */
export interface RecordedAnswers {
  /** At most one for each day. */
  readonly batches: readonly DownloadBatch[];
  /** Who downloaded what as a whole, see `downloadHash()`: ranges of it are the same download. */
  readonly opened: Float64Array;
  readonly ranged: readonly RangedDownload[];
  /** Blocks of lines of the download log in order, without a line end after the last of each. */
  readonly lines: readonly string[];
  readonly refused: RefusedAnswers;
  /** Downloads that were answered, and those among them that a fallback is to serve. */
  readonly answers: { readonly all: number; readonly fallback: number };
  /** Where redirects of large files led, as far as somebody wants to know. Default: nowhere. */
  readonly large?: readonly LargeRedirect[];
  /** What there was no room for, since too much was on its way. */
  readonly dropped: DroppedRecords;
  /** What was counted by name in which hours. Default: nothing. */
  readonly hours?: readonly HourCounts[];
  /** What was counted for the metrics. Default: nothing. */
  readonly tallied?: TalliedRequests;
}

/** What could not be recorded. */
export interface DroppedRecords {
  /** Parts of downloads in ranges. */
  readonly parts: number;
  /** Lines of the download log. */
  readonly lines: number;
  /** Whole downloads, which count for their mirrors only. Default: 0. */
  readonly files?: number;
}

/** Port: keeps what happened, for the counters and the download log. Never waits, never throws. */
export interface Recorder {
  /** Records one standard answer. */
  record(facts: AnswerFacts): void;
}
