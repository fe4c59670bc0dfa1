import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import { select } from "../../lib/selection/select.ts";
import { adjustDraw } from "../../lib/selection/draw_weights.ts";
import { limitShares } from "../../lib/selection/share_limits.ts";
import { clientRecord, mirrorRecord, OPTIONS, requestFor, seededRandom } from "./fixtures.ts";

/** Mirrors at these degrees east; the client is at 0°. @returns ID and rounded share, as ranked */
function shares(
  mirrors: readonly (readonly [degrees: number, changes?: Partial<MirrorRecord>])[],
  geographicalSort = true,
): [number, number | null][] {
  const records = mirrors.map(([longitude, change], index) =>
    mirrorRecord(index + 1, { longitude, ...change })
  );
  const options = { ...OPTIONS, geographicalSort };
  const { candidates } = select(requestFor(records, { client: clientRecord(), options }));
  return candidates.map((
    { mirror, share },
  ) => [mirror.id, share === null ? null : Math.round(share)]);
}

Deno.test("the weight in the draw goes by bandwidth over its median, between a tenth and ten times", () => {
  const plain = (bandwidth: number, ...others: number[]) =>
    shares([bandwidth, ...others].map((one) => [10, { bandwidth: one }] as const), false)[0]![1];
  assertEquals(plain(0, 0), 50);
  assertEquals(plain(1e9, 0), 50);
  assertEquals(plain(1e9, 1e9, 1e9, 1e9), 25);
  // The median of 100 and 300 is 200: 0.5 against 1.5, and 1 for the one without.
  assertEquals(plain(1e8, 3e8), 25);
  assertEquals(plain(1e8, 3e8, 0), 17);
  assertEquals(plain(1e12, 1e6, 1e6), 83);
  assertEquals(plain(1, 1e6, 1e6), 5);
});

Deno.test("nobody gets more than its largest share, and the others get what that leaves", () => {
  assertEquals(shares([[10, { maxShare: 20 }], [10], [10]], false), [[1, 20], [2, 40], [3, 40]]);
  assertEquals(shares([[10, { maxShare: 20, score: 900 }], [10, { maxShare: 50 }], [10]], false), [
    [1, 20],
    [2, 40],
    [3, 40],
  ]);
});

Deno.test("the next nearest join while the largest shares make up no whole", () => {
  const mirrors = [[10, { maxShare: 20 }], [40, { maxShare: 30 }], [60], [90]] as const;
  assertEquals(shares(mirrors), [[1, 20], [2, 30], [3, 50], [4, null]]);
  assertEquals(shares([[10, { maxShare: 20 }], [90]]), [[1, 20], [2, 80]]);
});

Deno.test("where there is nobody else, largest shares are the shares in proportion", () => {
  assertEquals(shares([[10, { maxShare: 20 }], [10, { maxShare: 60 }]], false), [[1, 25], [2, 75]]);
  assertEquals(shares([[0, { maxShare: 20 }]]), [[1, 100]]);
  assertEquals(shares([[10, { maxShare: 20 }]]), [[1, 100]]);
});

Deno.test("a client who is nowhere is bound by shares and bandwidths, too", () => {
  const records = [1, 2, 3].map((id) => mirrorRecord(id, id === 1 ? { maxShare: 10 } : {}));
  const random = seededRandom(7);
  const request = requestFor(records, { ranked: false, random });
  let first = 0;
  for (let i = 0; i < 20_000; i++) {
    if (select(request).candidates[0]!.mirror.id === 1) first++;
  }
  assertAlmostEquals(first / 200, 10, 1);
});

Deno.test("a mirror without a place is as near as the closest other, without bonuses", () => {
  const records = [
    mirrorRecord(1, { longitude: 10 }),
    mirrorRecord(2, { longitude: 170, global: true, countryCodes: ["FR"], asNumber: 64500 }),
    mirrorRecord(3, { longitude: 90 }),
  ];
  const client = clientRecord({ asNumber: 64500 });
  const { candidates } = select(requestFor(records, { client }));
  const one = candidates.find(({ mirror }) => mirror.id === 1)!;
  const global = candidates.find(({ mirror }) => mirror.id === 2)!;
  assertEquals([global.distance, global.score, global.share], [one.distance, one.score, one.share]);
  const alone = select(requestFor([records[1]!], { client })).candidates[0]!;
  assertEquals([alone.distance, alone.share], [0, 100]);
});

Deno.test("limitShares() keeps every limit that can be kept, and gives everything away", () => {
  const member = fc.tuple(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 100 }));
  fc.assert(fc.property(fc.array(member, { minLength: 1, maxLength: 12 }), (members) => {
    const [weights, limits] = [
      members.map(([weight]) => weight),
      members.map(([, limit]) => limit),
    ];
    const result = limitShares(weights, limits);
    assertAlmostEquals(result.reduce((sum, share) => sum + share, 0), 100, 1e-6);
    const sum = limits.reduce((all, limit) => all + limit, 0);
    for (const [index, share] of result.entries()) {
      if (sum >= 100) assert(share <= limits[index]! + 1e-6);
      else assertAlmostEquals(share, limits[index]! * 100 / sum, 1e-6);
    }
    // Those below their limits share by weight.
    const free = result.flatMap((share, i) =>
      share < limits[i]! - 1e-6 ? [share / weights[i]!] : []
    );
    for (const ratio of free) assertAlmostEquals(ratio / free[0]!, 1, 1e-6);
  }));
});

Deno.test("adjustDraw() takes in others until the largest shares make up the whole, and no more", () => {
  const member = (id: number, maxShare: number) => ({ mirror: mirrorRecord(id, { maxShare }) });
  const idsAfter = (limits: readonly number[]): number[] => {
    const members = limits.map((limit, i) => member(i + 1, limit));
    const draw = { members, weights: members.map(() => 1) };
    adjustDraw(draw, [member(8, 50), member(9, 0)]);
    return draw.members.map(({ mirror }) => mirror.id);
  };
  assertEquals(idsAfter([50, 50]), [1, 2]);
  assertEquals(idsAfter([50]), [1, 8]);
  assertEquals(idsAfter([40]), [1, 8, 9]);
});
