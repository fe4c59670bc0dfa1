import { type GoneFile, parseGone } from "../../catalog/gone_file.ts";
import type { IndexedFile } from "../../catalog/file.ts";
import { type RedisConnection, WRONG_TYPE } from "./connection.ts";
import { type FieldValue, fileCopies, sourceFile } from "./file_hash.ts";
import { fileInfoKey, fileKey, fileMirrorsKey, handledFilesKey, noteKey } from "./keys.ts";
import type { LeftOut } from "./left_out.ts";
import { LOOKUP, NO_FILE } from "./lookup_script.ts";
import { countReply, fieldsReply, OddReplyError, textReply, textsReply } from "./reply.ts";

/** So many paths are drawn when the first draw gave some that are not shared any more. */
const SECOND_DRAW = 100;

/** Looks files up with all their copies. */
export class FileLookup {
  readonly #connection: RedisConnection;
  readonly #scripted: () => boolean;
  readonly #leftOut: LeftOut;

  /**
   * @param scripted whether scripts may be run; asked at each look-up
   * @param leftOut told of keys that cannot be used
   */
  constructor(connection: RedisConnection, scripted: () => boolean, leftOut: LeftOut) {
    this.#connection = connection;
    this.#scripted = scripted;
    this.#leftOut = leftOut;
  }

  /** One round trip, or two where scripts may not be run. @returns `null`: not in the source */
  async one(path: string): Promise<IndexedFile | null> {
    const answer = this.#scripted()
      ? await this.#connection.script(LOOKUP, path)
      : await this.#withoutScript(path);
    if (answer === NO_FILE) return null;
    const fields = fieldsReply(answer);
    if (fields.length === 1) {
      this.#leftOut.add(fileKey(path), fields[0] || "");
      return null;
    }
    if (fields.length < 5) throw new OddReplyError("a file", fields);
    for (let i = 5; i < fields.length; i += 3) {
      const [id, size, reason] = [fields[i], fields[i + 1], fields[i + 2]];
      if (size !== null || typeof reason !== "string") continue;
      this.#leftOut.add(id ? fileInfoKey(id, path) : fileMirrorsKey(path), reason);
    }
    return { file: sourceFile(path, fields), copies: fileCopies(fields, 5) };
  }

  /** Two round trips. @returns `null`: no note tells of it */
  async gone(path: string): Promise<GoneFile | null> {
    const [note, ids] = await this.#connection.tolerantPipeline([
      ["hget", noteKey("gone"), path],
      ["smembers", fileMirrorsKey(path)],
    ]);
    if (note === WRONG_TYPE || note === null) return null;
    const fields = ids === WRONG_TYPE ? [] : await this.#copiesOn(path, textsReply(ids));
    return parseGone(path, textReply(note), fileCopies(fields, 0));
  }

  /**
   * Different random files that both the source and a mirror have, as many as there are at most. The
   * set that they are drawn from is not trusted: the original lets it grow stale.
   *
   * @param random 0 to 1, exclusive
   */
  async shared(mirrorId: number, count: number, random: () => number): Promise<IndexedFile[]> {
    if (count <= 0) return [];
    const found = new Map<string, IndexedFile>();
    for (const size of [count, Math.max(count, SECOND_DRAW)]) {
      const paths = await this.#draw(mirrorId, size);
      // Redis draws; but where there are no more than asked for it gives them in the same order always.
      const first = Math.floor(random() * paths.length);
      const drawn = [...paths.slice(first), ...paths.slice(0, first)];
      for (const file of await Promise.all(drawn.map((path) => this.one(path)))) {
        if (file?.copies.some((copy) => copy.mirrorId === mirrorId)) {
          if (found.size < count) found.set(file.file.path, file);
        }
      }
      if (found.size === count || paths.length < size) break;
    }
    return [...found.values()];
  }

  async #draw(mirrorId: number, size: number): Promise<string[]> {
    const key = handledFilesKey(mirrorId);
    const [paths, count] = await this.#connection.pipeline([
      ["srandmember", key, size],
      ["scard", key],
    ]);
    countReply(count);
    return textsReply(paths);
  }

  /** As {@linkcode LOOKUP} answers. */
  async #withoutScript(path: string): Promise<FieldValue[] | typeof NO_FILE> {
    const [file, ids] = await this.#connection.tolerantPipeline([
      ["hmget", fileKey(path), "size", "modTime", "sha1", "sha256", "md5"],
      ["smembers", fileMirrorsKey(path)],
    ]);
    if (file === WRONG_TYPE) return ["WRONGTYPE"];
    const fields = fieldsReply(file);
    if (fields.length !== 5) throw new OddReplyError("the fields of a file", fields);
    if ((fields[0] ?? fields[1]) === null) return NO_FILE;
    if (ids === WRONG_TYPE) return [...fields, "", null, "WRONGTYPE"];
    return [...fields, ...await this.#copiesOn(path, textsReply(ids))];
  }

  async #copiesOn(path: string, ids: readonly string[]): Promise<FieldValue[]> {
    const copies = await this.#connection.tolerantPipeline(
      ids.map((id) => ["hmget", fileInfoKey(id, path), "size", "modTime"]),
    );
    return ids.flatMap((id, i) => {
      const copy = copies[i];
      if (copy === WRONG_TYPE) return [id, null, "WRONGTYPE"];
      const [size = null, modTime = null] = fieldsReply(copy);
      return [id, size, size === null ? null : modTime];
    });
  }
}
