import { createHash } from "../../worker/late_builtins.ts";
import type { PieceHashes } from "../../catalog/piece_hashes.ts";
import { type Bencodable, bencode } from "./bencode.ts";
import { documentName } from "./document_name.ts";

/** The part of a torrent that its hash is of. */
export interface TorrentInfo {
  readonly name: string;
  /** Bencode of the dictionary. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** SHA-1, in lower-case hexadecimal (BEP 3). */
  readonly btih: string;
  /** SHA-256, in lower-case hexadecimal (BEP 52); `null`: not a hybrid. */
  readonly btmh: string | null;
}

/** By hashes, for as long as somebody keeps them: v1, and hybrid. */
const written = [new WeakMap<PieceHashes, TorrentInfo>(), new WeakMap<PieceHashes, TorrentInfo>()];

/**
 * Writes the info dictionary of a file: nothing but what BEP 3 and BEP 52 demand, since every further key
 * would make another torrent of it. Its hashes are computed and stored nowhere: they cannot be others than
 * those of what is sent.
 *
 * @param pieces hashes of the pieces
 * @param hybrid whether BEP 52 is served, too; the tree must be there
 * @returns the dictionary and its hashes
 */
export function torrentInfo(pieces: PieceHashes, hybrid: boolean): TorrentInfo {
  const memory = written[hybrid ? 1 : 0]!;
  let info = memory.get(pieces);
  if (info === undefined) memory.set(pieces, info = writeInfo(pieces, hybrid));
  return info;
}

function writeInfo(pieces: PieceHashes, hybrid: boolean): TorrentInfo {
  const name = documentName(pieces.path);
  const info = new Map<string, Bencodable>([
    ["length", pieces.size],
    ["name", name],
    ["piece length", pieces.length],
    ["pieces", pieces.sha1],
  ]);
  if (hybrid && pieces.root !== null) {
    const file = new Map<string, Bencodable>([["length", pieces.size], [
      "pieces root",
      pieces.root,
    ]]);
    info.set("file tree", new Map([[name, new Map([["", file]])]]));
    info.set("meta version", 2);
  }
  const bytes = bencode(info);
  const hex = (algorithm: string): string => createHash(algorithm).update(bytes).digest("hex");
  return { name, bytes, btih: hex("sha1"), btmh: info.has("meta version") ? hex("sha256") : null };
}
