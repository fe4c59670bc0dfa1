import type { ListedFile } from "../../catalog/file.ts";
import { type CopyDifference, NoSuchMirrorError } from "../store.ts";
import type { RedisConnection } from "./connection.ts";
import { copyArguments, listedFile } from "./file_hash.ts";
import { handledFilesKey, mirrorFilesKey } from "./keys.ts";
import { readPages } from "./read_pages.ts";
import {
  CHANGE_COPIES,
  COUNT_SHARED,
  READ_COPIES,
  REMOVE_COPIES,
  type Script,
  SETTLE_SHARED,
} from "./scripts.ts";
import { writeBatches } from "./write_batches.ts";

/** What the mirrors carry: `MIRRORFILES_id`, `FILEMIRRORS_path`, `FILEINFO_id_path`, `HANDLEDFILES_id`. */
export class CopyIndex {
  constructor(private readonly connection: RedisConnection) {}

  /** Every copy on a mirror once, in batches. */
  copiesOf(mirrorId: number): AsyncIterable<readonly ListedFile[]> {
    return readPages(
      async (cursor, count) =>
        await this.connection.script(READ_COPIES, mirrorId, cursor, count) as string,
      3,
      listedFile,
    );
  }

  /**
   * Writes a difference.
   *
   * @returns how many of the mirror's files the source has too
   * @throws NoSuchMirrorError
   */
  async update(mirrorId: number, difference: CopyDifference, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    const { changed, removed } = difference;
    await this.#write(CHANGE_COPIES, mirrorId, changed, copyArguments, signal);
    await this.#write(REMOVE_COPIES, mirrorId, removed, (path) => [path], signal);
    const [known, suspect] = await this.#countShared(mirrorId);
    if (!suspect) return known;
    for (const key of [mirrorFilesKey(mirrorId), handledFilesKey(mirrorId)]) {
      await this.#settle(mirrorId, key, signal);
    }
    return (await this.#countShared(mirrorId))[0];
  }

  /**
   * Removes every copy on a mirror, in batches.
   *
   * @throws NoSuchMirrorError
   */
  async removeAll(mirrorId: number): Promise<void> {
    const never = new AbortController().signal;
    for await (const paths of this.#paths(mirrorFilesKey(mirrorId))) {
      await this.#write(REMOVE_COPIES, mirrorId, paths, (path) => [path], never);
    }
  }

  async #write<T>(
    script: Script,
    mirrorId: number,
    list: readonly T[],
    toArguments: (item: T) => readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    await writeBatches(list, toArguments, signal, async (batch) => {
      const there = await this.connection.script(script, mirrorId, batch);
      if (there === 0) throw new NoSuchMirrorError(mirrorId);
    });
  }

  async #countShared(mirrorId: number): Promise<readonly [known: number, suspect: boolean]> {
    const answer = await this.connection.script(COUNT_SHARED, mirrorId) as number[];
    const [known, suspect] = answer;
    if (known === undefined) throw new NoSuchMirrorError(mirrorId);
    return [known, suspect === 1];
  }

  async #settle(mirrorId: number, key: string, signal: AbortSignal): Promise<void> {
    for await (const paths of this.#paths(key)) {
      await this.#write(SETTLE_SHARED, mirrorId, paths, (path) => [path], signal);
    }
  }

  async *#paths(key: string): AsyncGenerator<readonly string[]> {
    let cursor = "0";
    do {
      const [next, paths] = await this.connection.run((redis) =>
        redis.sscan(key, cursor, "COUNT", 500)
      );
      cursor = next;
      if (paths.length > 0) yield paths;
    } while (cursor !== "0");
  }
}
