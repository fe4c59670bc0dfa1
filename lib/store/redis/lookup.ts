import type { IndexedFile } from "../../catalog/file.ts";
import type { RedisConnection } from "./connection.ts";
import { type FieldValue, fileCopies, sourceFile } from "./file_hash.ts";
import { fileInfoKey, fileKey, fileMirrorsKey, handledFilesKey } from "./keys.ts";
import { LOOKUP } from "./lookup_script.ts";

/** So many paths are drawn when the first draw gave some that are not shared any more. */
const SECOND_DRAW = 100;

/** Looks files up with all their copies. */
export class FileLookup {
  readonly #connection: RedisConnection;
  readonly #scripted: () => boolean;

  /** @param scripted whether scripts may be run; asked at each look-up */
  constructor(connection: RedisConnection, scripted: () => boolean) {
    this.#connection = connection;
    this.#scripted = scripted;
  }

  /** One round trip, or two where scripts may not be run. @returns `null`: not in the source */
  async one(path: string): Promise<IndexedFile | null> {
    const fields = this.#scripted()
      ? await this.#connection.script(LOOKUP, path) as FieldValue[]
      : await this.#withoutScript(path);
    if (fields.length === 0) return null;
    return { file: sourceFile(path, fields), copies: fileCopies(fields, 5) };
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
      const paths = await this.#connection.run((redis) =>
        redis.srandmember(handledFilesKey(mirrorId), size)
      );
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

  async #withoutScript(path: string): Promise<FieldValue[]> {
    const [file, ids] = await this.#connection.pipeline([
      ["hmget", fileKey(path), "size", "modTime", "sha1", "sha256", "md5"],
      ["smembers", fileMirrorsKey(path)],
    ]) as [FieldValue[], string[]];
    if (file[0] === null && file[1] === null) return [];
    const copies = await this.#connection.pipeline(
      ids.map((id) => ["hmget", fileInfoKey(id, path), "size", "modTime"]),
    ) as FieldValue[][];
    return [...file, ...ids.flatMap((id, i) => [id, ...copies[i]!])];
  }
}
