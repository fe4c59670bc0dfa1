import type { NoteKind } from "../note_store.ts";
import type { CountedPeriods, Hour, Period } from "../download_counts.ts";
import type { LockTarget } from "../store_lock.ts";

/** The version of the schema that is read and written here. */
export const SCHEMA_VERSION = 2;

/**
 * Keys of the schema, version 2, which is shared with the original Mirrorbits: none may be renamed, and
 * none added but those that begin with `MIRRORBITS_`, which the original takes no notice of. What only
 * scripts use is named there.
 */
export const KEYS = {
  /** String: the version of the schema. */
  version: "MIRRORBITS_DB_VERSION",
  /** Hash: mirror ID → name. */
  mirrors: "MIRRORS",
  /** Set: paths of the source. */
  files: "FILES",
  /** Hash: ID of a message that waits → the message as JSON. */
  messages: "MIRRORBITS_MESSAGES",
  /** Hash: what was told. */
  told: "MIRRORBITS_TOLD",
  /** Hash, our own: path → size, time and kinds of the hashes of its pieces. */
  pieces: "MIRRORBITS_PIECES",
  /** String, our own: the random bytes that all nodes draw by, in hexadecimal. */
  salt: "MIRRORBITS_SALT",
} as const;

/** Hash: a mirror with its state. */
export function mirrorKey(id: number): string {
  return `MIRROR_${id}`;
}

/** Hash: a file of the source. */
export function fileKey(path: string): string {
  return `FILE_${path}`;
}

/** Hash, our own: the hashes of the pieces of a path. */
export function pieceKey(path: string): string {
  return `MIRRORBITS_PIECE_${path}`;
}

/** Hash, our own: what zsync needs of a path; its sums in fields called 0, 1, 2 …. */
export function zsyncKey(path: string): string {
  return `MIRRORBITS_ZSYNC_${path}`;
}

/** Hash, our own: what zsync needs of a path, while it is written. It expires. */
export function unfinishedKey(id: string): string {
  return `MIRRORBITS_UNFINISHED_${id}`;
}

/** List, our own: former versions of a path as JSON, newest first. */
export function revisionsKey(path: string): string {
  return `MIRRORBITS_REVISIONS_${path}`;
}

/** Hash, our own: the notes of a kind, by their names. */
export function noteKey(kind: NoteKind): string {
  return `MIRRORBITS_${kind.toUpperCase()}`;
}

/** Set, our own: what stands for the copies of a mirror that were asked for. */
export function verifiedKey(id: number): string {
  return `MIRRORBITS_VERIFIED_${id}`;
}

/** Set: IDs of the mirrors that carry a path. */
export function fileMirrorsKey(path: string): string {
  return `FILEMIRRORS_${path}`;
}

/** Hash: the copy of a path on a mirror. */
export function fileInfoKey(id: number | string, path: string): string {
  return `FILEINFO_${id}_${path}`;
}

/** Set: paths on a mirror. */
export function mirrorFilesKey(id: number): string {
  return `MIRRORFILES_${id}`;
}

/** Set: paths that both the source and a mirror have. */
export function handledFilesKey(id: number): string {
  return `HANDLEDFILES_${id}`;
}

/** List: a mirror's events as JSON, oldest first. */
export function mirrorLogsKey(id: number): string {
  return `MIRRORLOGS_${id}`;
}

/** String: held while a mirror, or the source, is scanned, or a message is sent. */
export function lockKey(target: LockTarget): string {
  if (target === "pieces") return "MIRRORBITS_PIECES_LOCK";
  if (target === "stats") return "MIRRORBITS_STATS_LOCK";
  if (target === "source") return "SOURCE_REPO_SYNC";
  return "messageId" in target
    ? `MIRRORBITS_SENDING_${target.messageId}`
    : `SCANNING_${target.mirrorId}`;
}

/** String: a client that downloads a path in ranges. */
export function downloadedKey(clientHash: string, path: string): string {
  return `DOWNLOADED_${clientHash}_${path}`;
}

/** String: a batch of downloads that was written, for as long as its writer may not know that. */
export function batchKey(id: string): string {
  return `MIRRORBITS_BATCH_${id}`;
}

/** String: held while the schema of the database is brought up to date. */
export const UPGRADE_LOCK = "LOCK_upgrade";

/**
 * What the key of a counter ends in: nothing for the total, else `_2026`, `_2026_11`, `_2026_11_22`, and
 * `_2026_11_22_15` for an hour.
 */
export function periodSuffix(period: Hour | Period): string {
  return period === "" ? "" : `_${period.replaceAll(/[-T]/g, "_")}`;
}

/** Hash, our own: what was counted by name in an hour or on a day. */
export function seriesKey(time: Hour | Period): string {
  return `MIRRORBITS_STATS${periodSuffix(time)}`;
}

/** What a key tells of: counters of files or mirrors, or what is counted by name, and of when. */
export type CounterKey = readonly [kind: keyof CountedPeriods, period: Hour | Period];

/** Reads the key of a counter; `null`: it is none. */
export function readCounterKey(key: string): CounterKey | null {
  const counter = /^STATS_(?:FILE|MIRROR|MIRROR_BYTES)((?:_\d{2,4}){0,3})$/.exec(key);
  if (counter) return ["counters", counter[1]!.slice(1).replaceAll("_", "-")];
  const [, day, hour] = /^MIRRORBITS_STATS_(\d{4}_\d{2}_\d{2})(?:_(\d{2}))?$/.exec(key) ?? [];
  if (day === undefined) return null;
  const text = day.replaceAll("_", "-");
  return ["series", hour === undefined ? text : `${text}T${hour}`];
}

/** Hash: path → downloads. */
export function fileCounterKey(period: Period): string {
  return `STATS_FILE${periodSuffix(period)}`;
}

/** Hash: mirror ID → downloads. */
export function mirrorCounterKey(period: Period): string {
  return `STATS_MIRROR${periodSuffix(period)}`;
}

/** Hash: mirror ID → bytes. */
export function mirrorBytesKey(period: Period): string {
  return `STATS_MIRROR_BYTES${periodSuffix(period)}`;
}
