import { gunzipSync } from "node:zlib";
import { eTag } from "@std/http/etag";
import { assert, assertEquals } from "@std/assert";
import { CompressedBodies } from "../../../lib/http/render/compressed_bodies.ts";
import { seededRandom } from "../../selection/fixtures.ts";

/** Bytes that nothing makes shorter. */
function noise(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const random = seededRandom(seed);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}

Deno.test("CompressedBodies compresses a long body once for each encoding, and no other for it", async () => {
  const bodies = new CompressedBodies();
  const [one, other] = [noise(70_000, 1), noise(70_000, 2)];
  const [tag, otherTag] = await Promise.all([one, other].map((body) => eTag(body, { weak: true })));
  const first = bodies.of(tag!, one, "gzip");
  assert(bodies.of(tag!, one, "gzip") === first);
  assertEquals(new Uint8Array(gunzipSync(first)), one);
  assert(bodies.of(tag!, one, "br") !== first);
  assertEquals(new Uint8Array(gunzipSync(bodies.of(otherTag!, other, "gzip"))), other);
});

Deno.test("CompressedBodies remembers no short ones, and of long ones so many bytes", () => {
  const bodies = new CompressedBodies();
  bodies.of('"short"', noise(10_000, 3), "gzip");
  assertEquals(bodies.remembered, 0);
  const body = noise(1_000_000, 4);
  const first = bodies.of('"0"', body, "gzip");
  for (let i = 1; i < 6; i++) bodies.of(`"${i}"`, body, "gzip");
  assert(bodies.remembered > 3_000_000 && bodies.remembered <= 4 * 1024 * 1024);
  assert(bodies.of('"0"', body, "gzip") !== first);
});
