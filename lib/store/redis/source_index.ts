import type { SourceFile } from "../../catalog/file.ts";
import type { SourceDifference } from "../difference.ts";
import { type Audience, writeAndTell } from "./audience.ts";
import type { RedisConnection } from "./connection.ts";
import { firstSeen, missingReason, sourceFile, sourceFileArguments } from "./file_hash.ts";
import { fileKey, KEYS } from "./keys.ts";
import type { LeftOut } from "./left_out.ts";
import { readPages } from "./read_pages.ts";
import { countReply, numbersReply, OddReplyError, textReply } from "./reply.ts";
import type { Script } from "./script.ts";
import { CHANGE_SOURCE, READ_SOURCE, READ_SOURCE_AT, REMOVE_SOURCE } from "./source_scripts.ts";
import { writeBatches } from "./write_batches.ts";

/** So many files are read at once: about 1 ms of Redis' time. */
const PAGE = 150;

/** The files of the source: `FILES`, `FILE_path`. */
export class SourceIndex {
  readonly #connection: RedisConnection;
  readonly #audience: Audience;
  readonly #leftOut: LeftOut;

  /** @param leftOut told of keys that cannot be used */
  constructor(connection: RedisConnection, audience: Audience, leftOut: LeftOut) {
    this.#connection = connection;
    this.#audience = audience;
    this.#leftOut = leftOut;
  }

  /** Number of files. */
  count(): Promise<number> {
    return this.#connection.run(async (redis) => countReply(await redis.scard(KEYS.files)));
  }

  /** Every file once, in batches. */
  files(): AsyncIterable<readonly SourceFile[]> {
    return this.#pages((cursor, count) => this.#connection.script(READ_SOURCE, cursor, count));
  }

  /** Those of some paths that are there, each once, in batches. */
  filesAt(paths: readonly string[]): AsyncIterable<readonly SourceFile[]> {
    return this.#pages((cursor, count) => {
      const [from, to] = [Number(cursor), Number(cursor) + count];
      const some = JSON.stringify(paths.slice(from, to).map((path) => path.toWellFormed()));
      return this.#connection.script(READ_SOURCE_AT, to < paths.length ? to : 0, some);
    });
  }

  /** Writes a difference. */
  async update({ changed, removed }: SourceDifference, signal: AbortSignal): Promise<void> {
    await writeBatches(changed, sourceFileArguments, signal, (batch, files) => {
      return this.#write(CHANGE_SOURCE, batch, files.map(({ path }) => path), files);
    });
    await writeBatches(removed, (path) => [path], signal, (batch, paths) => {
      return this.#write(REMOVE_SOURCE, batch, paths, []);
    });
  }

  #pages(
    read: (cursor: string, count: number) => Promise<unknown>,
  ): AsyncIterable<readonly SourceFile[]> {
    return readPages(
      async (cursor, count) => textReply(await read(cursor, count)),
      PAGE,
      7,
      (path, fields, at) => {
        const reason = missingReason(fields, at);
        if (reason !== null) this.#leftOut.add(fileKey(path), reason);
        const file = sourceFile(path, fields, at);
        const seen = firstSeen(fields, at);
        return seen === null ? file : { ...file, firstSeen: seen };
      },
    );
  }

  /**
   * @param now what the files are once they are written
   * @returns how many were written: fewer than all where many mirrors carry them
   */
  async #write(
    script: Script,
    batch: string,
    paths: readonly string[],
    now: readonly SourceFile[],
  ): Promise<number> {
    const audience = this.#audience;
    const connection = this.#connection;
    let written = paths.length;
    let known = false;
    await writeAndTell(
      audience,
      () => ({
        type: "files",
        paths: paths.slice(0, written),
        ...(known ? { now: now.slice(0, written) } : {}),
      }),
      async () => {
        const answer = await connection.script(script, audience.ownChannel, batch);
        const [announced, count = 0, refused] = numbersReply(answer);
        // None at all would be asked for again without end.
        if (announced === undefined || count < 1) throw new OddReplyError("a count", answer);
        written = count;
        known = refused === 0;
        return announced;
      },
    );
    return written;
  }
}
