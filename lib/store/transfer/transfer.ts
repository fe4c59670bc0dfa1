import type { ListedFile, SourceFile } from "../../catalog/file.ts";
import type { FileRevision } from "../../catalog/file_revision.ts";
import type { MirrorEvent } from "../../catalog/mirror_event.ts";
import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import type { PieceRecord } from "../../catalog/zsync_sums.ts";
import type { StoredMessage } from "../message_store.ts";
import type { NoteKind } from "../note_store.ts";
import type { Hour, Period } from "../download_counts.ts";

/** A download in ranges that is remembered. */
export interface RememberedDownload {
  /** SHA-256 of `address/user agent`, hexadecimal. */
  readonly clientHash: string;
  readonly path: string;
  /** Until when, in milliseconds since the epoch. */
  readonly expires: number;
}

/** A piece of a store's content, as it moves from one store to another. */
export type TransferPart =
  | {
    readonly type: "mirrors";
    /** The last ID that was given to a mirror. */
    readonly lastId: number;
    /** All of them. */
    readonly mirrors: readonly MirrorRecord[];
  }
  | { readonly type: "source"; readonly files: readonly SourceFile[] }
  | { readonly type: "pieces"; readonly records: readonly PieceRecord[] }
  | {
    readonly type: "revisions";
    readonly path: string;
    /** Newest first. */
    readonly revisions: readonly FileRevision[];
  }
  | {
    readonly type: "notes";
    readonly kind: NoteKind;
    readonly notes: ReadonlyMap<string, string>;
  }
  | { readonly type: "salt"; readonly salt: string }
  | {
    readonly type: "copies";
    readonly mirrorId: number;
    readonly files: readonly ListedFile[];
  }
  | {
    readonly type: "events";
    readonly mirrorId: number;
    /** All that are kept, oldest first. */
    readonly events: readonly MirrorEvent[];
  }
  | {
    readonly type: "file_downloads";
    readonly period: Period;
    readonly counts: ReadonlyMap<string, number>;
  }
  | {
    readonly type: "mirror_downloads";
    readonly period: Period;
    readonly counts: ReadonlyMap<number, { readonly downloads: number; readonly bytes: number }>;
  }
  | {
    /** What was counted by name in an hour or on a day. */
    readonly type: "series";
    readonly time: Hour | Period;
    readonly counts: ReadonlyMap<string, number>;
  }
  /** All downloads ever, also of files that had no room in the counters. */
  | { readonly type: "total"; readonly downloads: number }
  | {
    readonly type: "messages";
    /** All that wait, the oldest first. */
    readonly waiting: readonly StoredMessage[];
    /** What is known to be told. */
    readonly told: ReadonlyMap<string, string>;
  }
  | { readonly type: "remembered"; readonly downloads: readonly RememberedDownload[] };

/**
 * Port: a store that is filled or emptied as a whole, while no daemon uses it. Every method may throw
 * `StoreUnavailableError`.
 */
export interface StoreTransfer extends AsyncDisposable {
  /** For people; no password. */
  readonly description: string;
  /** Whether nothing is in it. */
  isEmpty(): Promise<boolean>;
  /** Everything in it, in pieces of any size: first the mirrors. Locks are left out. */
  export(): AsyncIterable<TransferPart>;
  /** Writes a piece, in the order in which {@linkcode export} gave it, into a store that was empty. */
  import(part: TransferPart): Promise<void>;
}
