import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import { select } from "../../lib/selection/select.ts";
import type { Selection } from "../../lib/selection/selection.ts";
import {
  clientRecord,
  clientWithoutPlace,
  FILE,
  FILE_TIME,
  mirrorRecord,
  OPTIONS,
  requestFor,
  seededRandom,
} from "./fixtures.ts";

const client = clientRecord();

/** So many mirrors at the client's place and one at 90°: all but the last are in the draw, evenly. */
function crowd(count: number): MirrorRecord[] {
  return [
    ...Array.from({ length: count }, (_, index) => mirrorRecord(index + 1)),
    mirrorRecord(count + 1, { longitude: 90 }),
  ];
}

function ids(selection: Selection): number[] {
  return selection.candidates.map(({ mirror }) => mirror.id);
}

Deno.test("select() passes over copies on mirrors that it does not know", () => {
  const copies = [1, 2, 3].map((mirrorId) => ({
    mirrorId,
    size: FILE.size,
    modTime: FILE_TIME,
  }));
  const selection = select(requestFor([mirrorRecord(2)], { client }, copies));
  assertEquals([ids(selection), selection.excluded], [[2], []]);
});

Deno.test("select() knows no answer when no mirror carries the file", () => {
  for (const ranked of [true, false]) {
    for (const who of [client, null]) {
      assertEquals(select(requestFor([], { client: who, ranked })), {
        candidates: [],
        excluded: [],
        fallback: false,
      });
    }
  }
});

Deno.test("select() shows copies, distances and URLs", () => {
  const near = mirrorRecord(1, { httpUrl: "near/", httpsUp: true, longitude: 1 });
  const far = mirrorRecord(2, { longitude: 90, enabled: false });
  const request = requestFor([near, far], { client, tls: "with_tls" });
  const { candidates: [candidate], excluded: [exclusion] } = select(request);
  assert(candidate !== undefined && exclusion !== undefined);
  assertEquals([candidate.mirror, candidate.url], [near, "https://near/"]);
  assertEquals(candidate.copy, request.indexed.copies[0]!);
  assertAlmostEquals(candidate.distance, 111.195, 0.001);
  assertEquals([exclusion.mirror, exclusion.url], [far, "http://m2.example/"]);
  assertAlmostEquals(exclusion.distance, 10007.543, 0.001);
});

Deno.test("select() leaves excluded mirrors out of the scale", () => {
  // With the excluded mirrors, 10° would be out of range, and the base 10007.
  const records = [
    mirrorRecord(1, { enabled: false }),
    mirrorRecord(2, { longitude: 10 }),
    mirrorRecord(3, { longitude: 40 }),
    mirrorRecord(4, { longitude: 90, enabled: false }),
  ];
  const { candidates } = select(requestFor(records, { client }));
  assertEquals(candidates.map(({ score }) => score), [5004, 1]);
});

Deno.test("select() uses the scheme that was asked for", () => {
  const records = [
    mirrorRecord(1, { httpUrl: "http://one/" }),
    mirrorRecord(2, { httpUrl: "https://two/", httpsUp: true }),
    mirrorRecord(3, { httpUrl: "three/", httpsUp: true }),
  ];
  const urls = (tls: "any" | "with_tls" | "without_tls") =>
    select(requestFor(records, { client, tls })).candidates.map(({ url }) => url);
  assertEquals(urls("any"), ["http://one/", "https://two/", "https://three/"]);
  assertEquals(urls("with_tls"), ["https://two/", "https://three/"]);
  assertEquals(urls("without_tls"), ["http://one/", "http://three/"]);
});

Deno.test("select() shuffles at most five for a client who is nowhere", () => {
  const records = crowd(7);
  for (const who of [null, clientWithoutPlace(64500)]) {
    // A random source that always gives 0 leaves everyone in place.
    const selection = select(requestFor(records, { client: who, ranked: false }));
    assertEquals(ids(selection), [1, 2, 3, 4, 5]);
    for (const { share, score, distance } of selection.candidates) {
      assertEquals([share, score, distance], [null, 0, 0]);
    }
    const last = select(requestFor(records, { client: who, ranked: false, random: () => 0.999 }));
    assertEquals(ids(last), [8, 1, 2, 3, 4]);
  }
});

Deno.test("select() shows everyone on the mirror list of a client who is nowhere", () => {
  const random = () => {
    throw new Error("The mirror list leaves nothing to chance");
  };
  const { candidates } = select(requestFor(crowd(7), { random }));
  assertEquals(
    candidates.map(({ mirror, share }) => [mirror.id, share]),
    [1, 2, 3, 4, 5, 6, 7, 8]
      .map((id) => [id, null]),
  );
});

Deno.test("select() treats everyone alike when the client is nowhere", () => {
  const records = crowd(7).map((record, index) => ({ ...record, score: index * 50 }));
  const random = seededRandom();
  const first = new Map<number, number>();
  const anywhere = new Map<number, number>();
  const request = requestFor(records, { ranked: false, random });
  for (let i = 0; i < 16_000; i++) {
    const drawn = ids(select(request));
    for (const id of drawn) anywhere.set(id, (anywhere.get(id) ?? 0) + 1);
    first.set(drawn[0]!, (first.get(drawn[0]!) ?? 0) + 1);
  }
  for (const { id } of records) {
    // Expected 2000 (σ 42) and 10000 (σ 61).
    assertAlmostEquals(first.get(id)!, 2000, 210);
    assertAlmostEquals(anywhere.get(id)!, 10_000, 305);
  }
});

Deno.test("select() gives only those in the draw, and at most five of them", () => {
  for (const [inDraw, given] of [[2, 2], [4, 4], [5, 5], [6, 5], [20, 5]] as const) {
    const random = seededRandom(inDraw);
    const selection = select(requestFor(crowd(inDraw), { client, ranked: false, random }));
    assertEquals(new Set(ids(selection)).size, given);
    assert(!ids(selection).includes(inDraw + 1));
    for (const { share } of selection.candidates) assertEquals(share, 100 / inDraw);
  }
});

Deno.test("select() gives the whole list when one or none is in the draw", () => {
  const random = () => {
    throw new Error("There is nothing to draw");
  };
  const one = select(requestFor(crowd(1), { client, ranked: false, random }));
  assertEquals(one.candidates.map(({ mirror, share }) => [mirror.id, share]), [[1, 100], [
    2,
    null,
  ]]);

  const far = [100, 120, 130, 140, 150, 160, 170].map((longitude, index) =>
    mirrorRecord(index + 1, { longitude })
  );
  const options = { ...OPTIONS, weightDistributionRange: 0.5 };
  const none = select(requestFor(far, { client, ranked: false, random, options }));
  assertEquals(ids(none), [1, 2, 3, 4, 5, 6, 7]);
  assert(none.candidates.every(({ share }) => share === null));
});

Deno.test("select() draws in the order of chance", () => {
  // Weights of 5004 each: a quarter, half and three quarters of the sum fall to one each.
  const drawn = (...numbers: number[]) =>
    ids(select(requestFor(crowd(4), { client, ranked: false, random: () => numbers.shift()! })));
  assertEquals(drawn(0.1, 0.1, 0.1, 0.1), [1, 2, 3, 4]);
  assertEquals(drawn(0.9, 0.9, 0.9, 0.9), [4, 3, 2, 1]);
  assertEquals(drawn(0.3, 0.5, 0.9, 0), [2, 3, 4, 1]);
});

Deno.test("select() draws as often as the mirror list says", () => {
  const records = [
    mirrorRecord(1, { longitude: 10 }),
    mirrorRecord(2, { longitude: 14 }),
    mirrorRecord(3, { longitude: 12, score: 30 }),
    mirrorRecord(4, { longitude: 90 }),
  ];
  for (const geographicalSort of [true, false]) {
    const options = { ...OPTIONS, geographicalSort };
    const random = seededRandom();
    const request = requestFor(records, { client, ranked: false, random, options });
    const first = new Map<number, number>();
    const rounds = 20_000;
    for (let i = 0; i < rounds; i++) {
      const id = ids(select(request))[0]!;
      first.set(id, (first.get(id) ?? 0) + 1);
    }
    for (const { mirror, share } of select({ ...request, ranked: true }).candidates) {
      // One percent is three standard deviations of a share of a half.
      assertAlmostEquals((first.get(mirror.id) ?? 0) * 100 / rounds, share ?? 0, 1, mirror.name);
    }
  }
});
