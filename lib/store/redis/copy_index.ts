import type { ListedFile } from "../../catalog/file.ts";
import { NoSuchMirrorError } from "../store.ts";
import type { CopyDifference } from "../difference.ts";
import { type Audience, writeAndTell } from "./audience.ts";
import type { RedisConnection } from "./connection.ts";
import { copyArguments, listedFile, missingReason } from "./file_hash.ts";
import { fileInfoKey, handledFilesKey, mirrorFilesKey } from "./keys.ts";
import type { LeftOut } from "./left_out.ts";
import { readPages } from "./read_pages.ts";
import { numberReply, numbersReply, pageReply, textReply } from "./reply.ts";
import type { Script } from "./script.ts";
import {
  CHANGE_COPIES,
  COUNT_SHARED,
  READ_COPIES,
  REMOVE_COPIES,
  SETTLE_SHARED,
} from "./copy_scripts.ts";
import { writeBatches } from "./write_batches.ts";

/** So many copies are read at once: about 1 ms of Redis' time. */
const PAGE = 250;

/** What the mirrors carry: `MIRRORFILES_id`, `FILEMIRRORS_path`, `FILEINFO_id_path`, `HANDLEDFILES_id`. */
export class CopyIndex {
  readonly #connection: RedisConnection;
  readonly #audience: Audience;
  readonly #leftOut: LeftOut;

  /** @param leftOut told of keys that cannot be used */
  constructor(connection: RedisConnection, audience: Audience, leftOut: LeftOut) {
    this.#connection = connection;
    this.#audience = audience;
    this.#leftOut = leftOut;
  }

  /** Every copy on a mirror once, in batches. */
  copiesOf(mirrorId: number): AsyncIterable<readonly ListedFile[]> {
    return readPages(
      async (cursor, count) =>
        textReply(await this.#connection.script(READ_COPIES, mirrorId, cursor, count)),
      PAGE,
      3,
      (path, fields, at) => {
        const reason = missingReason(fields, at);
        if (reason !== null) this.#leftOut.add(fileInfoKey(mirrorId, path), reason);
        return listedFile(path, fields, at);
      },
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
    await writeBatches(changed, copyArguments, signal, async (batch, files) => {
      await this.#write(CHANGE_COPIES, mirrorId, batch, () => files.map(({ path }) => path));
      return files.length;
    });
    await this.#remove(mirrorId, removed, signal);
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
      await this.#remove(mirrorId, paths, never);
    }
  }

  async #remove(mirrorId: number, removed: readonly string[], signal: AbortSignal): Promise<void> {
    await writeBatches(removed, (path) => [path], signal, async (batch, paths) => {
      await this.#write(REMOVE_COPIES, mirrorId, batch, () => paths);
      return paths.length;
    });
  }

  async #write(
    script: Script,
    mirrorId: number,
    batch: string,
    paths: () => readonly string[],
  ): Promise<void> {
    const audience = this.#audience;
    const connection = this.#connection;
    const answer = await writeAndTell(
      audience,
      () => ({ type: "copies", mirrorId, paths: paths() }),
      async () =>
        numberReply(await connection.script(script, mirrorId, audience.ownChannel, batch)),
    );
    if (answer === 0) throw new NoSuchMirrorError(mirrorId);
  }

  async #countShared(mirrorId: number): Promise<readonly [known: number, suspect: boolean]> {
    const answer = numbersReply(await this.#connection.script(COUNT_SHARED, mirrorId));
    const [known, suspect] = answer;
    if (known === undefined) throw new NoSuchMirrorError(mirrorId);
    // The original's own note; who serves what does not depend on it.
    if (known < 0) {
      this.#leftOut.add(handledFilesKey(mirrorId), "WRONGTYPE");
      return [0, false];
    }
    return [known, suspect === 1];
  }

  async #settle(mirrorId: number, key: string, signal: AbortSignal): Promise<void> {
    for await (const paths of this.#paths(key)) {
      await writeBatches(paths, (path) => [path], signal, async (batch, { length }) => {
        const there = await this.#connection.script(SETTLE_SHARED, mirrorId, batch);
        if (there === 0) throw new NoSuchMirrorError(mirrorId);
        return length;
      });
    }
  }

  async *#paths(key: string): AsyncGenerator<readonly string[]> {
    let cursor = "0";
    do {
      const [next, paths] = await this.#connection.run(async (redis) =>
        pageReply(await redis.sscan(key, cursor, "COUNT", 500), cursor)
      );
      cursor = next;
      if (paths.length > 0) yield paths;
    } while (cursor !== "0");
  }
}
