import { NEW_MIRROR } from "../../lib/catalog/settings/new_mirror.ts";
import type { FileCopy, IndexedFile, ListedFile, SourceFile } from "../../lib/catalog/file.ts";
import type { Mirror } from "../../lib/catalog/mirror.ts";
import type { MirrorEvent } from "../../lib/catalog/mirror_event.ts";
import type { FileRevision } from "../../lib/catalog/file_revision.ts";
import type { PieceStamp } from "../../lib/catalog/piece_hashes.ts";
import type { PieceRecord } from "../../lib/catalog/zsync_sums.ts";
import type { MirrorRecord, MirrorState } from "../../lib/catalog/mirror_state.ts";
import { INITIAL_STATE } from "../../lib/catalog/mirror_state_fields.ts";
import {
  NoSuchMirrorError,
  type Store,
  type StoreChange,
  StoreUnavailableError,
} from "../../lib/store/store.ts";
import type { CopyDifference, SourceDifference } from "../../lib/store/difference.ts";
import type { LockTarget, StoreLock } from "../../lib/store/store_lock.ts";
import type { VerificationStore } from "../../lib/store/verification_store.ts";
import { MemoryMessages } from "./memory_messages.ts";
import { MemoryNotes } from "./memory_notes.ts";

/** A mirror with nothing but a name and a URL; `values` replace what they name. */
export function fakeMirror(values: Partial<MirrorRecord> = {}): MirrorRecord {
  const id = values.id ?? 1;
  return {
    ...NEW_MIRROR,
    ...INITIAL_STATE,
    id,
    name: `m${id}`,
    httpUrl: "http://127.0.0.1:1/",
    enabled: true,
    ...values,
  };
}

/** A source file without hashes; `values` replace what they name. */
export function fakeFile(path: string, values: Partial<SourceFile> = {}): SourceFile {
  return { path, size: 1, modTime: 0, sha1: "", sha256: "", md5: "", ...values };
}

type Used = Pick<
  Store,
  | "addEvent"
  | "available"
  | "copiesOf"
  | "countFiles"
  | "enableMirror"
  | "lock"
  | "lookup"
  | "messages"
  | "mirror"
  | "mirrors"
  | "addRevision"
  | "forgetRevisions"
  | "notes"
  | "pieceStamps"
  | "revisions"
  | "putPieces"
  | "removePieces"
  | "sharedFile"
  | "sharedFiles"
  | "sourceFiles"
  | "sourceFilesAt"
  | "updateCopies"
  | "updateMirrorState"
  | "updateSource"
  | "verifications"
  | "watch"
>;

/** The part of a store that scans and the monitor use, in memory and open to the test. */
export class FakeStore implements Used {
  readonly messages = new MemoryMessages();
  readonly notes = new MemoryNotes((kind, names) => this.publish({ type: "notes", kind, names }));
  /** Copies that were asked for. */
  readonly claimed = new Set<string>();
  readonly verifications: VerificationStore = {
    claim: (id, version) => {
      const isNew = !this.claimed.has(`${id} ${version}`);
      this.claimed.add(`${id} ${version}`);
      return Promise.resolve(isNew);
    },
    release: (id, version) => Promise.resolve(void this.claimed.delete(`${id} ${version}`)),
  };
  readonly source = new Map<string, SourceFile>();
  readonly pieces = new Map<string, PieceRecord>();
  readonly former = new Map<string, readonly FileRevision[]>();
  readonly copies = new Map<number, Map<string, ListedFile>>();
  readonly records = new Map<number, MirrorRecord>();
  readonly log: MirrorEvent[] = [];
  /** Names of the locks that are held. */
  readonly held = new Map<string, AbortController>();
  /** Every difference written, in order. */
  readonly written: (SourceDifference | CopyDifference)[] = [];
  /** How often all mirrors were read. */
  reads = 0;
  #available = true;
  readonly #listeners = new Set<(change: StoreChange) => void>();

  constructor(...mirrors: MirrorRecord[]) {
    for (const mirror of mirrors) this.records.set(mirror.id, mirror);
  }

  /** Puts files into the source index. */
  addFiles(...files: SourceFile[]): void {
    for (const file of files) this.source.set(file.path, file);
  }

  /** Puts copies on a mirror. */
  addCopies(mirrorId: number, ...files: ListedFile[]): void {
    const copies = this.copies.get(mirrorId) ?? new Map();
    for (const file of files) copies.set(file.path, file);
    this.copies.set(mirrorId, copies);
  }

  /** Replaces parts of a mirror, or adds it, and tells so. */
  change(id: number, values: Partial<MirrorRecord>): void {
    this.records.set(id, { ...(this.records.get(id) ?? fakeMirror({ id })), ...values });
    this.publish({ type: "mirror", id });
  }

  publish(change: StoreChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  get available(): boolean {
    return this.#available;
  }

  set available(available: boolean) {
    this.#available = available;
    this.publish({ type: "availability", available });
  }

  #check(): void {
    if (!this.#available) throw new StoreUnavailableError("The store is away");
  }

  // deno-lint-ignore require-await -- a port's promise
  async mirrors(): Promise<MirrorRecord[]> {
    this.reads++;
    this.#check();
    return [...this.records.values()];
  }

  // deno-lint-ignore require-await -- a port's promise
  async mirror(id: number): Promise<MirrorRecord | null> {
    this.#check();
    return this.records.get(id) ?? null;
  }

  // deno-lint-ignore require-await -- a port's promise
  async updateMirrorState(id: number, state: Partial<MirrorState>): Promise<void> {
    this.#check();
    if (this.records.has(id)) this.change(id, state);
  }

  // deno-lint-ignore require-await -- a port's promise
  async enableMirror(id: number, enabled: boolean): Promise<void> {
    if (!this.records.has(id)) throw new NoSuchMirrorError(id);
    this.change(id, { enabled } satisfies Partial<Mirror>);
  }

  putPieces(pieces: PieceRecord): Promise<void> {
    this.pieces.set(pieces.path, pieces);
    return Promise.resolve();
  }

  removePieces(paths: readonly string[], only?: "zsync"): Promise<void> {
    for (const path of paths) {
      const record = this.pieces.get(path);
      this.pieces.delete(path);
      if (only === "zsync" && record) this.pieces.set(path, { ...record, zsync: null });
    }
    return Promise.resolve();
  }

  revisions(path: string): readonly FileRevision[] {
    return this.former.get(path) ?? [];
  }

  addRevision(path: string, revision: FileRevision): Promise<void> {
    this.former.set(path, [revision, ...this.revisions(path)]);
    return Promise.resolve();
  }

  forgetRevisions(path: string): Promise<number> {
    const { length } = this.revisions(path);
    this.former.delete(path);
    return Promise.resolve(length);
  }

  async *pieceStamps(): AsyncGenerator<readonly PieceStamp[]> {
    yield await Promise.resolve([...this.pieces.values()].map((pieces) => ({
      path: pieces.path,
      size: pieces.size,
      modTime: pieces.modTime,
      hybrid: pieces.root !== null,
      zsync: pieces.zsync !== null,
    })));
  }

  // deno-lint-ignore require-await -- a port's promise
  async countFiles(): Promise<number> {
    this.#check();
    return this.source.size;
  }

  async *sourceFiles(): AsyncIterable<readonly SourceFile[]> {
    yield [...this.source.values()];
  }

  async *sourceFilesAt(paths: readonly string[]): AsyncIterable<readonly SourceFile[]> {
    yield paths.flatMap((path) => this.source.get(path) ?? []);
  }

  // deno-lint-ignore require-await -- a port's promise
  async updateSource(difference: SourceDifference, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.written.push(difference);
    for (const file of difference.changed) this.source.set(file.path, file);
    for (const path of difference.removed) this.source.delete(path);
  }

  async *copiesOf(mirrorId: number): AsyncIterable<readonly ListedFile[]> {
    yield [...this.copies.get(mirrorId)?.values() ?? []];
  }

  // deno-lint-ignore require-await -- a port's promise
  async updateCopies(
    mirrorId: number,
    difference: CopyDifference,
    signal: AbortSignal,
  ): Promise<number> {
    signal.throwIfAborted();
    if (!this.records.has(mirrorId)) throw new NoSuchMirrorError(mirrorId);
    this.written.push(difference);
    const copies = this.copies.get(mirrorId) ?? new Map<string, ListedFile>();
    this.copies.set(mirrorId, copies);
    for (const file of difference.changed) copies.set(file.path, file);
    for (const path of difference.removed) copies.delete(path);
    return [...copies.keys()].filter((path) => this.source.has(path)).length;
  }

  // deno-lint-ignore require-await -- a port's promise
  async lookup(path: string): Promise<IndexedFile | null> {
    this.#check();
    const file = this.source.get(path);
    const copies = [...this.copies].flatMap(([mirrorId, files]): FileCopy[] => {
      const copy = files.get(path);
      return copy ? [{ mirrorId, size: copy.size, modTime: copy.modTime }] : [];
    });
    return file ? { file, copies } : null;
  }

  async sharedFile(mirrorId: number, random: () => number): Promise<IndexedFile | null> {
    const shared = await this.sharedFiles(mirrorId, Infinity, random);
    return shared[Math.floor(random() * shared.length)] ?? null;
  }

  // deno-lint-ignore require-await -- a port's promise
  async sharedFiles(
    mirrorId: number,
    count: number,
    _random: () => number,
  ): Promise<IndexedFile[]> {
    this.#check();
    const shared: IndexedFile[] = [];
    for (const { path, size, modTime } of this.copies.get(mirrorId)?.values() ?? []) {
      const file = this.source.get(path);
      const copy: FileCopy = { mirrorId, size, modTime };
      if (file && shared.length < count) shared.push({ file, copies: [copy] });
    }
    return shared;
  }

  // deno-lint-ignore require-await -- a port's promise
  async addEvent(event: MirrorEvent): Promise<void> {
    this.log.push(event);
  }

  // deno-lint-ignore require-await -- a port's promise
  async events(mirrorId: number, limit: number): Promise<MirrorEvent[]> {
    this.#check();
    return this.log.filter((event) => event.mirrorId === mirrorId).slice(-limit);
  }

  // deno-lint-ignore require-await -- a port's promise
  async lock(target: LockTarget): Promise<StoreLock | null> {
    this.#check();
    const name = typeof target === "string"
      ? target
      : "messageId" in target
      ? `message ${target.messageId}`
      : `mirror ${target.mirrorId}`;
    if (this.held.has(name)) return null;
    const lost = new AbortController();
    this.held.set(name, lost);
    return {
      signal: lost.signal,
      // deno-lint-ignore require-await -- a port's promise
      [Symbol.asyncDispose]: async () => void this.held.delete(name),
    };
  }

  watch(listener: (change: StoreChange) => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener));
  }
}
