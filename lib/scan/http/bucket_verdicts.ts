import type { SourceVersion } from "../../catalog/source_tree.ts";
import type { BucketObject } from "./bucket_page.ts";
import type { FileFinding } from "./file_finding.ts";
import { copyOf, type Version } from "./verdict.ts";

/** Milliseconds by which an upload may come before the time of its file: clocks differ. */
const EARLY = 3_600_000;

/** Objects whose tags are compared before anything is made of it that they all differ. */
const COMPARED = 20;

/**
 * Whether a copy in an object store may be the file by when it was uploaded: what was stored before the
 * file came to be is another one.
 *
 * @param uploaded milliseconds since the epoch; `null`: unknown
 */
export function mayBeUpload(uploaded: number | null, { modTime }: Version): boolean {
  return uploaded === null || modTime === null || uploaded >= modTime - EARLY;
}

/**
 * Judges the objects of a store. Their time is that of the upload; their tag is the MD5 of what they
 * hold, unless they came in parts or the store encrypts them with keys of its own.
 */
export class BucketVerdicts {
  /** Objects whose tag differs, as long as it is not known whether tags tell anything. */
  #waiting: {
    readonly path: string;
    readonly object: BucketObject;
    readonly file: SourceVersion;
  }[] = [];
  /** Whether tags are those of the contents; `null`: nobody knows yet. */
  #tagsTell: boolean | null = null;

  /** Judges an object. @returns what is known by now, of it or of earlier ones */
  add(path: string, object: BucketObject, file: SourceVersion): FileFinding[] {
    if (object.archived) return [gone(path)];
    const { md5 = "" } = file;
    const comparable = this.#tagsTell !== false && object.size === file.size && md5 !== "" &&
      /^[0-9a-f]{32}$/.test(object.etag);
    if (!comparable) return [byTime(path, object, file)];
    if (object.etag === md5) {
      this.#tagsTell = true;
      return [...this.end(), same(path, file)];
    }
    if (this.#tagsTell) return [gone(path)];
    this.#waiting.push({ path, object, file });
    if (this.#waiting.length < COMPARED) return [];
    this.#tagsTell = false;
    return this.#waiting.splice(0).map(({ path, object, file }) => byTime(path, object, file));
  }

  /** Judges what is still open: its tag differs, and no other told that tags mean nothing. */
  end(): FileFinding[] {
    return this.#waiting.splice(0).map(({ path }) => gone(path));
  }
}

function byTime(path: string, { size, uploaded }: BucketObject, file: SourceVersion): FileFinding {
  if (size === file.size && mayBeUpload(uploaded, file)) return same(path, file);
  const version = file.former?.find((version) =>
    version.size === size && version.size !== file.size && mayBeUpload(uploaded, version)
  );
  if (version !== undefined) {
    const { modTime } = copyOf(version);
    return { type: "copy", file: { path, size, modTime }, same: false, sure: false };
  }
  return { type: "copy", file: { path, size, modTime: uploaded }, same: false, sure: false };
}

function same(path: string, { size }: SourceVersion): FileFinding {
  return { type: "copy", file: { path, size, modTime: null }, same: true, sure: false };
}

/** Size and time of another content would pass for the file's: it is not recorded at all. */
function gone(path: string): FileFinding {
  return { type: "gone", path, sure: true };
}
