import type { PieceHashes, PieceStamp } from "../../catalog/piece_hashes.ts";
import { CHANNELS } from "./channels.ts";
import type { RedisConnection } from "./connection.ts";
import { KEYS, pieceKey } from "./keys.ts";
import { pageReply } from "./reply.ts";

/** Stamps asked for, and files removed, at once. */
const COUNT = 1000;

/**
 * The hashes of the pieces of files, in keys of our own: the original writes its own anew without what it
 * does not know. `MIRRORBITS_PIECES` tells in one scan which files are done.
 */
export class PieceIndex {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  /** @returns `null` when there are none for that path, or what there is cannot be read */
  async get(path: string): Promise<PieceHashes | null> {
    const fields = await this.#connection.run((redis) => redis.hgetallBuffer(pieceKey(path)));
    return piecesOf(path, fields);
  }

  /** Adds or replaces the hashes of one file, in one transaction, and tells every node. */
  async put(pieces: PieceHashes): Promise<void> {
    const { path, size, modTime, sha256, length, sha1, root, layer } = pieces;
    const key = pieceKey(path);
    const fields = { size, mod_time: modTime, sha256, length, sha1: Buffer.from(sha1) };
    await this.#connection.run(async (redis) => {
      const transaction = redis.multi().del(key).hset(key, fields);
      if (root !== null) transaction.hset(key, "root", Buffer.from(root));
      if (layer !== null) transaction.hset(key, "layer", Buffer.from(layer));
      transaction.hset(KEYS.pieces, path, `${size} ${modTime} ${root === null ? 1 : 2}`);
      transaction.publish(CHANNELS.file, path);
      failOnError(await transaction.exec());
    });
  }

  /** Removes those of some files. */
  async removeAll(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return;
    await this.#connection.run(async (redis) => {
      if (await redis.hlen(KEYS.pieces) === 0) return;
      for (let i = 0; i < paths.length; i += COUNT) {
        const transaction = redis.multi();
        for (const path of paths.slice(i, i + COUNT)) {
          transaction.del(pieceKey(path)).hdel(KEYS.pieces, path);
        }
        failOnError(await transaction.exec());
      }
    });
  }

  /** Of which versions of which files there are some, in batches; one may come twice. */
  async *stamps(): AsyncGenerator<readonly PieceStamp[]> {
    let cursor = "0";
    do {
      const [next, fields] = await this.#connection.run(async (redis) =>
        pageReply(await redis.hscan(KEYS.pieces, cursor, "COUNT", COUNT))
      );
      const stamps: PieceStamp[] = [];
      for (let i = 0; i < fields.length; i += 2) {
        const [size, modTime, kinds] = fields[i + 1]!.split(" ").map(Number);
        stamps.push({
          path: fields[i]!,
          size: size ?? NaN,
          modTime: modTime ?? NaN,
          hybrid: kinds === 2,
        });
      }
      if (stamps.length > 0) yield stamps;
      cursor = next;
    } while (cursor !== "0");
  }
}

function failOnError(answers: [error: Error | null, answer: unknown][] | null): void {
  const error = answers === null
    ? new Error("the transaction was given up")
    : answers.find(([each]) => each !== null)?.[0];
  if (error) throw error;
}

function piecesOf(path: string, fields: Record<string, Buffer>): PieceHashes | null {
  const { size, mod_time: modTime, sha256, length, sha1, root, layer } = fields;
  if (!size || !modTime || !length || !sha1) return null;
  const pieces = {
    path,
    size: Number(size.toString()),
    modTime: Number(modTime.toString()),
    sha256: sha256?.toString() ?? "",
    length: Number(length.toString()),
    sha1: Uint8Array.from(sha1),
    root: root ? Uint8Array.from(root) : null,
    layer: layer ? Uint8Array.from(layer) : null,
  };
  // Whoever wrote half of it: nothing is said rather than something wrong.
  return sha1.length === 20 * Math.ceil(pieces.size / pieces.length) ? pieces : null;
}
