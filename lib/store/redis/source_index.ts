import type { SourceFile } from "../../catalog/file.ts";
import type { SourceDifference } from "../store.ts";
import { type Audience, writeAndTell } from "./audience.ts";
import type { RedisConnection } from "./connection.ts";
import { sourceFile, sourceFileArguments } from "./file_hash.ts";
import { KEYS } from "./keys.ts";
import { readPages } from "./read_pages.ts";
import type { Script } from "./script.ts";
import { CHANGE_SOURCE, READ_SOURCE, REMOVE_SOURCE } from "./source_scripts.ts";
import { writeBatches } from "./write_batches.ts";

/** The files of the source: `FILES`, `FILE_path`. */
export class SourceIndex {
  readonly #connection: RedisConnection;
  readonly #audience: Audience;

  constructor(connection: RedisConnection, audience: Audience) {
    this.#connection = connection;
    this.#audience = audience;
  }

  /** Number of files. */
  count(): Promise<number> {
    return this.#connection.run((redis) => redis.scard(KEYS.files));
  }

  /** Every file once, in batches. */
  files(): AsyncIterable<readonly SourceFile[]> {
    return readPages(
      async (cursor, count) => await this.#connection.script(READ_SOURCE, cursor, count) as string,
      6,
      sourceFile,
    );
  }

  /** Writes a difference. */
  async update({ changed, removed }: SourceDifference, signal: AbortSignal): Promise<void> {
    await writeBatches(changed, sourceFileArguments, signal, (batch, files) => {
      return this.#write(CHANGE_SOURCE, batch, files.map(({ path }) => path));
    });
    await writeBatches(removed, (path) => [path], signal, (batch, paths) => {
      return this.#write(REMOVE_SOURCE, batch, paths);
    });
  }

  /** @returns how many were written: fewer than all where many mirrors carry them */
  async #write(script: Script, batch: string, paths: readonly string[]): Promise<number> {
    const audience = this.#audience;
    const connection = this.#connection;
    let written = paths.length;
    await writeAndTell(
      audience,
      () => ({ type: "files", paths: paths.slice(0, written) }),
      async () => {
        const answer = await connection.script(script, audience.ownChannel, batch);
        const [announced, count] = answer as [number, number];
        written = count;
        return announced;
      },
    );
    return written;
  }
}
