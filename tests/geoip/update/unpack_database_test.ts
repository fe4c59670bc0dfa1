import { assertEquals, assertRejects } from "@std/assert";
import * as fc from "fast-check";
import { GeoDatabaseError } from "../../../lib/geoip/geo_database_error.ts";
import { type UnpackBounds, unpackDatabase } from "../../../lib/geoip/update/unpack_database.ts";
import { gzipped, tarOf } from "../../support/packed_files.ts";

/** Bytes that cannot be packed well. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => (state = state * 48271 % 2147483647) & 255);
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
  }
}

async function unpack(
  bytes: Uint8Array,
  { size = 1000, ...bounds }: UnpackBounds & { readonly size?: number } = {},
): Promise<Uint8Array> {
  const chunks = await Array.fromAsync(unpackDatabase(inPieces(bytes, size), bounds));
  return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
}

const DATA = noise(5000);

const refused = async (bytes: Uint8Array, bounds: UnpackBounds, message: string): Promise<void> => {
  await assertRejects(() => unpack(bytes, bounds), GeoDatabaseError, message);
};

Deno.test("unpackDatabase() gives what is not packed as it is, and unpacks gzip", async () => {
  assertEquals(await unpack(DATA), DATA);
  assertEquals(await unpack(await gzipped(DATA)), DATA);
  assertEquals(await unpack(new Uint8Array()), new Uint8Array());
});

Deno.test("unpackDatabase() finds the database in an archive, whatever else is there", async () => {
  const archive = tarOf({
    "GeoLite2-City_20261120/": new Uint8Array(),
    "GeoLite2-City_20261120/COPYRIGHT.txt": noise(700),
    "GeoLite2-City_20261120/GeoLite2-City.mmdb": DATA,
    "GeoLite2-City_20261120/LICENSE.txt": noise(512),
  });
  assertEquals(await unpack(archive), DATA);
  assertEquals(await unpack(await gzipped(archive)), DATA);
});

Deno.test("unpackDatabase() gives the same however the bytes come", async () => {
  const packed = await gzipped(tarOf({ "a.txt": noise(300), "b.mmdb": DATA }));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 6000 }), async (size) => {
      assertEquals(await unpack(packed, { size }), DATA);
    }),
    { numRuns: 30 },
  );
});

Deno.test("unpackDatabase() says what is cut off or broken", async () => {
  const packed = await gzipped(DATA);
  await refused(packed.subarray(0, 3000), {}, "cannot be unpacked: it is broken or cut off");
  const broken = packed.slice();
  broken[2500]! ^= 255;
  await refused(broken, {}, "cannot be unpacked: it is broken or cut off");
  const archive = tarOf({ "b.mmdb": DATA });
  await refused(archive.subarray(0, 3000), {}, "what was sent is cut off");
  await refused(tarOf({ "b.txt": DATA }), {}, 'has no file "*.mmdb"');
  const wrong = archive.slice();
  wrong[0]! ^= 1;
  await refused(wrong, {}, "the archive that was sent is broken");
});

Deno.test("unpackDatabase() gives up what becomes too large", async () => {
  await refused(DATA, { most: 4999 }, "it has more than 4999 bytes");
  assertEquals(await unpack(DATA, { most: 5000 }), DATA);
  await refused(await gzipped(new Uint8Array(9000)), { most: 8000 }, "more than 8000 bytes");
});

Deno.test("unpackDatabase() gives up what grows too much, before all of it came", async () => {
  // A thousand times as large.
  const bomb = await gzipped(new Uint8Array(64_000_000));
  let came = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of inPieces(bomb, 1024)) {
      came += chunk.length;
      yield chunk;
    }
  }
  await assertRejects(
    async () => {
      for await (const _chunk of unpackDatabase(counted()));
    },
    GeoDatabaseError,
    "more than 20 times the bytes that came",
  );
  assertEquals(came < bomb.length / 4, true, `${came} of ${bomb.length}`);
  // A small one is found out at its end.
  await refused(await gzipped(new Uint8Array(100_000)), {}, "more than 20 times");
});

Deno.test("unpackDatabase() passes on what went wrong on the way", async () => {
  const packed = await gzipped(DATA);
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield packed.subarray(0, 1000);
    await Promise.resolve();
    throw new TypeError("connection reset");
  }
  await assertRejects(
    async () => {
      for await (const _chunk of unpackDatabase(failing()));
    },
    TypeError,
    "connection reset",
  );
});
