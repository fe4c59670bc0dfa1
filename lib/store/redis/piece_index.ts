import type { PieceHashes, PieceStamp } from "../../catalog/piece_hashes.ts";
import {
  type PieceRecord,
  ZSYNC_PART,
  zsyncBlock,
  type ZsyncHead,
  zsyncLength,
  type ZsyncSums,
} from "../../catalog/zsync_sums.ts";
import { CHANNELS } from "./channels.ts";
import type { RedisConnection } from "./connection.ts";
import { KEYS, pieceKey, unfinishedKey, zsyncKey } from "./keys.ts";
import { failOnError, pageReply } from "./reply.ts";

/** Stamps asked for, and files removed, at once. */
const COUNT = 1000;

/** Seconds until sums are forgotten whose writer went away in the middle of them. */
const UNFINISHED = 600;

/** What there is of a file, as bits of the last number in `MIRRORBITS_PIECES`. */
const KINDS = { pieces: 1, hybrid: 2, zsync: 4 } as const;

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

  /** What zsync needs of a path, but for the sums. @returns `null` when there is nothing */
  async zsyncHead(path: string): Promise<ZsyncHead | null> {
    const fields = await this.#connection.run((redis) =>
      redis.hmget(zsyncKey(path), "size", "mod_time", "sha256", "block", "sha1")
    );
    const [size, modTime, sha256, block, sha1] = fields;
    const head = { size: Number(size), modTime: Number(modTime), block: Number(block) };
    if (!modTime || !sha1 || head.block !== zsyncBlock(head.size)) return null;
    return { path, ...head, sha256: sha256 ?? "", sha1 };
  }

  /** A part of the sums. @returns `null` when it belongs to another version, or is gone */
  async zsyncPart(head: ZsyncHead, part: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const [size, modTime, sha1, sums] = await this.#connection.run((redis) =>
      redis.hmgetBuffer(zsyncKey(head.path), "size", "mod_time", "sha1", `${part}`)
    );
    const same = `${size}` === `${head.size}` && `${modTime}` === `${head.modTime}` &&
      `${sha1}` === head.sha1;
    return same && sums ? Uint8Array.from(sums) : null;
  }

  /** All that is known of a path. @returns `null` when there are no hashes */
  async record(path: string): Promise<PieceRecord | null> {
    const pieces = await this.get(path);
    return pieces === null ? null : { ...pieces, zsync: await this.#zsync(pieces) };
  }

  async #zsync({ path, size, modTime }: PieceHashes): Promise<ZsyncSums | null> {
    const head = await this.zsyncHead(path);
    if (head === null || head.size !== size || head.modTime !== modTime) return null;
    const sums = new Uint8Array(zsyncLength(head));
    for (let at = 0; at < sums.length; at += ZSYNC_PART) {
      const part = await this.zsyncPart(head, at / ZSYNC_PART);
      if (part === null || part.length !== Math.min(ZSYNC_PART, sums.length - at)) return null;
      sums.set(part, at);
    }
    return { block: head.block, sha1: head.sha1, sums };
  }

  /**
   * Adds or replaces what is known of one file, in one transaction, and tells every node. The sums that
   * zsync needs are written before that, under a key that nobody reads: they may be many, and sent in one
   * go they would keep this thread from everything else.
   */
  async put(record: PieceRecord): Promise<void> {
    const { path, size, modTime, sha256, length, sha1, root, layer, zsync } = record;
    const key = pieceKey(path);
    const fields = { size, mod_time: modTime, sha256, length, sha1: Buffer.from(sha1) };
    const unfinished = zsync === null ? null : await this.#writeSums(record, zsync);
    await this.#connection.run(async (redis) => {
      const transaction = redis.multi().del(key, zsyncKey(path)).hset(key, fields);
      if (root !== null) transaction.hset(key, "root", Buffer.from(root));
      if (layer !== null) transaction.hset(key, "layer", Buffer.from(layer));
      if (unfinished !== null) transaction.persist(unfinished).rename(unfinished, zsyncKey(path));
      const kinds = KINDS.pieces | (root === null ? 0 : KINDS.hybrid) |
        (zsync === null ? 0 : KINDS.zsync);
      transaction.hset(KEYS.pieces, path, `${size} ${modTime} ${kinds}`);
      transaction.publish(CHANNELS.file, path);
      failOnError(await transaction.exec());
    });
  }

  /** Writes what zsync needs part by part. @returns the key that holds it, for a while */
  #writeSums({ size, modTime, sha256 }: PieceRecord, zsync: ZsyncSums): Promise<string> {
    const { block, sha1, sums } = zsync;
    // Two nodes may be at the same file.
    const key = unfinishedKey(crypto.randomUUID());
    const head = { size, mod_time: modTime, sha256, block, sha1 };
    return this.#connection.run(async (redis) => {
      const write = async (fields: Record<string, string | number | Buffer>): Promise<void> =>
        failOnError(await redis.multi().hset(key, fields).expire(key, UNFINISHED).exec());
      await write(head);
      let parts = 0;
      for (let at = 0; at < sums.length; at += ZSYNC_PART) {
        const part = Buffer.from(sums.buffer, sums.byteOffset + at, sums.length - at);
        await write({ [parts++]: part.subarray(0, ZSYNC_PART) });
      }
      // A server that lost some of it meanwhile must not get the rest served.
      if (await redis.hlen(key) !== Object.keys(head).length + parts) {
        throw new Error(`"${key}" is not whole`);
      }
      return key;
    });
  }

  /** Removes what zsync needs of some files, and nothing else. */
  async removeZsync(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      await this.#connection.run(async (redis) => {
        const [size, modTime, kinds] = (await redis.hget(KEYS.pieces, path) ?? "").split(" ");
        const transaction = redis.multi().del(zsyncKey(path));
        if (kinds !== undefined) {
          const left = `${size} ${modTime} ${Number(kinds) & ~KINDS.zsync}`;
          transaction.hset(KEYS.pieces, path, left);
        }
        failOnError(await transaction.exec());
      });
    }
  }

  /** Removes those of some files. */
  async removeAll(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return;
    await this.#connection.run(async (redis) => {
      if (await redis.hlen(KEYS.pieces) === 0) return;
      for (let i = 0; i < paths.length; i += COUNT) {
        const transaction = redis.multi();
        for (const path of paths.slice(i, i + COUNT)) {
          transaction.del(pieceKey(path), zsyncKey(path)).hdel(KEYS.pieces, path);
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
        pageReply(await redis.hscan(KEYS.pieces, cursor, "COUNT", COUNT), cursor)
      );
      const stamps: PieceStamp[] = [];
      for (let i = 0; i < fields.length; i += 2) {
        const [size, modTime, kinds = 0] = fields[i + 1]!.split(" ").map(Number);
        stamps.push({
          path: fields[i]!,
          size: size ?? NaN,
          modTime: modTime ?? NaN,
          hybrid: (kinds & KINDS.hybrid) !== 0,
          zsync: (kinds & KINDS.zsync) !== 0,
        });
      }
      if (stamps.length > 0) yield stamps;
      cursor = next;
    } while (cursor !== "0");
  }
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
