import { NEW_MIRROR } from "../../lib/catalog/settings/new_mirror.ts";
import type { FileCopy, IndexedFile, ListedFile, SourceFile } from "../../lib/catalog/file.ts";
import type { Mirror } from "../../lib/catalog/mirror.ts";
import type { Store } from "../../lib/store/store.ts";

/** 2026-11-22 15:04:05.678 UTC. */
export const TIME = Date.UTC(2026, 10, 22, 15, 4, 5, 678);

/** Paths that break careless quoting, escaping, joining or folding. */
export const ODD_PATHS: readonly string[] = [
  "/a",
  "/with space/and  two",
  "/100%.txt",
  "/%2e%2e/%00",
  "/#hash?query&amp;+plus",
  "/semi;colon:and,comma",
  "/quote'double\"back\\slash`tick",
  "/new\nline\tand tab",
  "/*[a-z]?{x}",
  "/Größe/日本語/🪞.iso",
  "/nfc-\u00e9",
  "/nfc-e\u0301",
  "/Case",
  "/case",
  "/trailing ",
  "/1_/under_score",
  "/-dash",
  "/constructor/__proto__",
  `/${"long-directory/".repeat(250)}end`,
];

/** A mirror that is configured with nothing but defaults. */
export function sampleMirror(name: string, changes: Partial<Mirror> = {}): Omit<Mirror, "id"> {
  return {
    ...NEW_MIRROR,
    name,
    httpUrl: `http://${name}.example/`,
    rsyncUrl: `rsync://${name}.example/module/`,
    ...changes,
  };
}

/** A source file without hashes. */
export function sampleFile(path: string, changes: Partial<SourceFile> = {}): SourceFile {
  return { path, size: 1234, modTime: TIME, sha1: "", sha256: "", md5: "", ...changes };
}

/** What a mirror's listing shows. */
export function listed(path: string, size = 1234, modTime: number | null = TIME): ListedFile {
  return { path, size, modTime };
}

/** A signal that is never aborted. */
export function never(): AbortSignal {
  return new AbortController().signal;
}

/** Writes source files. */
export function addFiles(store: Store, ...files: SourceFile[]): Promise<void> {
  return store.updateSource({ changed: files, removed: [] }, never());
}

/** Removes source files. */
export function removeFiles(store: Store, ...removed: string[]): Promise<void> {
  return store.updateSource({ changed: [], removed }, never());
}

/** Writes copies; gives the number of shared files. */
export function addCopies(store: Store, mirrorId: number, ...files: ListedFile[]): Promise<number> {
  return store.updateCopies(mirrorId, { changed: files, removed: [] }, never());
}

/** Removes copies; gives the number of shared files. */
export function removeCopies(store: Store, id: number, ...removed: string[]): Promise<number> {
  return store.updateCopies(id, { changed: [], removed }, never());
}

/** How many of a mirror's files the source has too. */
export function knownCount(store: Store, mirrorId: number): Promise<number> {
  return addCopies(store, mirrorId);
}

/** What a look-up gives for a file and the mirrors that carry it. */
export function indexed(file: SourceFile, ...copies: FileCopy[]): IndexedFile {
  return { file, copies };
}

/** The whole source index, by path. */
export async function allSourceFiles(store: Store): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for await (const batch of store.sourceFiles()) files.push(...batch);
  return files.sort(byPath);
}

/** Everything on a mirror, by path. */
export async function allCopies(store: Store, mirrorId: number): Promise<ListedFile[]> {
  const files: ListedFile[] = [];
  for await (const batch of store.copiesOf(mirrorId)) files.push(...batch);
  return files.sort(byPath);
}

/** Orders files by the code units of their paths. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
