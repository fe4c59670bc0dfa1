import { GeoDatabaseError } from "../geo_database_error.ts";
import { ChunkReader } from "./chunk_reader.ts";
import { tarMember } from "./tar_member.ts";

/** How much a packed database may become. */
export interface UnpackBounds {
  /** Bytes, packed or not; default 1 GB. */
  readonly most?: number;
  /** Bytes unpacked for each byte that came; default 20. */
  readonly ratio?: number;
}

/** Packed bytes that are unpacked at once: they may become a thousand times as many. */
const SLICE = 16 * 1024;

/** Bytes that unpacking may be ahead of the ratio until all has come. */
const SLACK = 1024 * 1024;

const TAR_HEADER = 512;

/**
 * Unpacks a database as it comes: plain, with gzip, or as the first `.mmdb` of a tar archive; what it is
 * shows in its first bytes.
 *
 * @throws GeoDatabaseError when it is cut off, too large, or grows too much
 */
export async function* unpackDatabase(
  packed: AsyncIterable<Uint8Array>,
  { most = 1_000_000_000, ratio = 20 }: UnpackBounds = {},
): AsyncGenerator<Uint8Array> {
  let came = 0;
  let unpacked = 0;
  let failure: unknown;
  async function* counted(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of packed) {
        came += chunk.length;
        if (came > most) throw tooLarge(most);
        yield chunk;
      }
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  async function* bounded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      unpacked += chunk.length;
      if (unpacked > most) throw tooLarge(most);
      if (unpacked > came * ratio + SLACK) throw tooDense(ratio);
      yield chunk;
    }
  }
  const outer = new ChunkReader(counted());
  const [first, second] = await outer.peek(2);
  const isGzip = first === 0x1f && second === 0x8b;
  const inner = isGzip ? new ChunkReader(bounded(gunzip(outer.all(), () => failure))) : outer;
  const head = await inner.peek(TAR_HEADER);
  yield* isTar(head) ? tarMember(inner, ".mmdb") : inner.all();
  if (isGzip && unpacked > came * ratio) throw tooDense(ratio);
}

function isTar(head: Uint8Array): boolean {
  return new TextDecoder().decode(head.subarray(257, 262)) === "ustar";
}

/** @param failed what the stream failed with by itself, if it did */
async function* gunzip(
  packed: AsyncIterable<Uint8Array>,
  failed: () => unknown,
): AsyncGenerator<Uint8Array> {
  const sliced = ReadableStream.from(inSlices(packed));
  const stream = sliced.pipeThrough(new DecompressionStream("gzip"));
  try {
    yield* stream;
  } catch (error) {
    if (failed() !== undefined) throw failed();
    throw new GeoDatabaseError("what was sent cannot be unpacked: it is broken or cut off", {
      cause: error,
    });
  }
}

async function* inSlices(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<BufferSource> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += SLICE) {
      yield chunk.slice(at, at + SLICE);
    }
  }
}

function tooLarge(most: number): GeoDatabaseError {
  return new GeoDatabaseError(`it has more than ${most} bytes`);
}

function tooDense(ratio: number): GeoDatabaseError {
  return new GeoDatabaseError(`unpacked, it has more than ${ratio} times the bytes that came`);
}
