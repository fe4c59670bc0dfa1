import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import type { GeoRecord } from "../../lib/geo/geo_record.ts";
import type { SelectionOptions } from "../../lib/selection/selection_options.ts";
import { select } from "../../lib/selection/select.ts";
import { clientRecord, mirrorRecord, OPTIONS, requestFor } from "./fixtures.ts";

/** A mirror on the equator, so many degrees east of the client. */
type MirrorAt = readonly [degrees: number, changes?: Partial<MirrorRecord>];

interface Case {
  readonly what: string;
  readonly client?: Partial<GeoRecord>;
  readonly options?: Partial<SelectionOptions>;
  /** Their IDs are 1, 2, 3, … */
  readonly mirrors: readonly MirrorAt[];
  /** In order of rank. */
  readonly expected: readonly (readonly [id: number, score: number, share: number | null])[];
}

/*
 * The client is in France (FR) at 0°, without an AS; mirrors are in Germany (DE) unless said
 * otherwise. One degree is 111.194927 km, so the distances are
 *
 *    1°   111.195 km      14°  1556.729 km      30°   3335.848 km      90°  10007.543 km
 *   10°  1111.949 km      16°  1779.119 km      40°   4447.797 km
 *
 * and with the farthest mirror at 90° the base is 10007. There, a mirror at
 *
 *   10° in range          10007 − 1111 + 1 = 8897, + int(8895.051 / 2) = 4447  → 13344, weight 3337
 *   14° in range of 10°   10007 − 1556 + 1 = 8452, + int(8450.271 / 2) = 4225  → 12677, weight 2670
 *   16° out of range      10007 − 1779 + 1 = 8229
 *   30° out of range      10007 − 3335 + 1 = 6673
 *   90° out of range      10007 − 10007 + 1 = 1
 */
const CASES: readonly Case[] = [
  {
    // base 1111: 1111 − 1111 + 1 = 1, + int((1111 − 1111.949) / 2) = int(−0.475) = 0; not above base.
    what: "one mirror far away is not in the draw",
    mirrors: [[10]],
    expected: [[1, 1, null]],
  },
  {
    // base 0: 0 − 0 + 1 = 1, + int((0 − 0) / 2) = 0; above base.
    what: "one mirror at the client's place has everything",
    mirrors: [[0]],
    expected: [[1, 1, 100]],
  },
  {
    // 0.004° = 0.445 km, base int(0.445) = 0: 0 − 0 + 1 = 1, + int((0 − 0.445) / 2) = 0.
    what: "one mirror less than a kilometre away counts as at the client's place",
    mirrors: [[0.004]],
    expected: [[1, 1, 100]],
  },
  {
    // base 4447: 4447 − 1111 + 1 = 3337, + int(3335.051 / 2) = 1667 → 5004, weight 557.
    // 40°: 4447 − 4447 + 1 = 1.
    what: "the nearer of two mirrors abroad",
    mirrors: [[40], [10]],
    expected: [[2, 5004, 100], [1, 1, null]],
  },
  {
    // base 4447; 14°: 4447 − 1556 + 1 = 2892, + int(2890.271 / 2) = 1445 → 4337, below base.
    what: "a mirror in range that is not worth the draw",
    mirrors: [[10], [14], [40]],
    expected: [[1, 5004, 100], [2, 4337, null], [3, 1, null]],
  },
  {
    // weights 3337 + 2670 = 6007; 333700 / 6007 = 55.5519, 267000 / 6007 = 44.4481.
    what: "two mirrors in range share",
    mirrors: [[10], [14], [16], [90]],
    expected: [[1, 13344, 55.5519], [2, 12677, 44.4481], [3, 8229, null], [4, 1, null]],
  },
  {
    // 8897 + int(10007 − 1111.949) = 8897 + 8895 = 17792.
    what: "in range, the client's country is worth twice the bonus",
    mirrors: [[10, { countryCodes: ["FR"] }], [90]],
    expected: [[1, 17792, 100], [2, 1, null]],
  },
  {
    // in range, but FR is not its first country: as abroad.
    what: "in range, another of its countries counts for nothing",
    mirrors: [[10, { countryCodes: ["DE", "FR"] }], [90]],
    expected: [[1, 13344, 100], [2, 1, null]],
  },
  {
    // 8229 + int(10007 − 5 × 1779.119) = 8229 + int(1111.406) = 9340, below base.
    what: "out of range, the client's country raises the rank",
    mirrors: [[10], [16, { countryCodes: ["FR", "DE"] }], [90]],
    expected: [[1, 13344, 100], [2, 9340, null], [3, 1, null]],
  },
  {
    // 29° is 3224.653 km: 10007 − 3224 + 1 = 6784, + int(10007 − 5 × 3224.653) = int(−6116.264)
    // = −6116 → nothing.
    what: "far out of range, the client's country is no worse than another",
    mirrors: [[10], [29, { countryCodes: ["FR"] }], [40], [90]],
    // 40°: 10007 − 4447 + 1 = 5561.
    expected: [[1, 13344, 100], [2, 6784, null], [3, 5561, null], [4, 1, null]],
  },
  {
    // 90°, first country FR: 1 + int(10007 − 50037.717) = 1 − 40030 → at least 1.
    what: "a score is never below 1",
    mirrors: [[10], [90, { countryCodes: ["FR"] }]],
    expected: [[1, 13344, 100], [2, 1, null]],
  },
  {
    // 6673 + int(10007 − 1111.949) = 6673 + 8895 = 15568, weight 5561; 5561 + 3337 = 8898:
    // 556100 / 8898 = 62.4972, 333700 / 8898 = 37.5028.
    what: "out of range, one of its other countries is worth what the closest lacks to the base",
    mirrors: [[10], [30, { countryCodes: ["DE", "FR"] }], [90]],
    expected: [[2, 15568, 62.4972], [1, 13344, 37.5028], [3, 1, null]],
  },
  {
    // 13344 + int(10007 / 2) = 13344 + 5003 = 18347.
    what: "the same AS is worth half the base",
    client: { asNumber: 64500 },
    mirrors: [[10, { asNumber: 64500 }], [90]],
    expected: [[1, 18347, 100], [2, 1, null]],
  },
  {
    what: "any of the mirror's AS numbers is the same AS",
    client: { asNumber: 64500 },
    mirrors: [[10, { asNumber: 64499, asNumbers: [64501, 64500] }], [90]],
    expected: [[1, 18347, 100], [2, 1, null]],
  },
  {
    // 1 + 5003 = 5004; another AS: nothing.
    what: "the same AS far away stays out of the draw",
    client: { asNumber: 64500 },
    mirrors: [[10, { asNumber: 64501 }], [90, { asNumber: 64500 }]],
    expected: [[1, 13344, 100], [2, 5004, null]],
  },
  {
    what: "two unknown AS are not the same",
    client: { asNumber: 0 },
    mirrors: [[10, { asNumber: 0 }], [90, { asNumber: 0 }]],
    expected: [[1, 13344, 100], [2, 1, null]],
  },
  {
    // 13344 × 1.2 = 16012.8, + 0.5 = 16013.3 → 16013, weight 6006; 6006 + 2670 = 8676:
    // 600600 / 8676 = 69.2254, 267000 / 8676 = 30.7746.
    what: "a positive score raises the share",
    mirrors: [[10, { score: 20 }], [14], [90]],
    expected: [[1, 16013, 69.2254], [2, 12677, 30.7746], [3, 1, null]],
  },
  {
    // 13344 × 0.8 = 10675.2, + 0.5 → 10675, weight 668; 668 + 2670 = 3338:
    // 267000 / 3338 = 79.9880, 66800 / 3338 = 20.0120.
    what: "a negative score lowers the share",
    mirrors: [[10, { score: -20 }], [14], [90]],
    expected: [[2, 12677, 79.9880], [1, 10675, 20.0120], [3, 1, null]],
  },
  {
    // 13344 × 0 + 0.5 → 0 → at least 1; 12677 × −0.5 + 0.5 = −6338 → at least 1; none above base.
    what: "scores of -100 and below leave 1, and perhaps nobody in the draw",
    mirrors: [[90], [14, { score: -150 }], [10, { score: -100 }]],
    expected: [[1, 1, null], [2, 1, null], [3, 1, null]],
  },
  {
    // 8229 × 1.5 = 12343.5, + 0.5 = 12344; weight 2337; 2337 + 3337 = 5674:
    // 333700 / 5674 = 58.8121, 233700 / 5674 = 41.1879.
    what: "a score may bring a mirror from out of range into the draw",
    mirrors: [[10], [16, { score: 50 }], [90]],
    expected: [[1, 13344, 58.8121], [2, 12344, 41.1879], [3, 1, null]],
  },
  {
    // 17792 + 5003 = 22795; × 1.1 = 25074.5, + 0.5 = 25075.
    what: "country, AS and score add up",
    client: { asNumber: 64500 },
    mirrors: [[10, { countryCodes: ["FR"], asNumber: 64500, score: 10 }], [90]],
    expected: [[1, 25075, 100], [2, 1, null]],
  },
  {
    // 0°: 10007 + 1 = 10008, + int(10007 / 2) = 5003 → 15011. 1°, out of the range of 0 km:
    // 10007 − 111 + 1 = 9897.
    what: "a mirror at the client's place leaves no range to others",
    mirrors: [[90], [1], [0]],
    expected: [[3, 15011, 100], [2, 9897, null], [1, 1, null]],
  },
  {
    // 0.01° is 1.112 km: 10007 − 1 + 1 = 10007, which does not exceed the base.
    what: "a score that equals the base is not in the draw",
    mirrors: [[0], [0.01], [90]],
    expected: [[1, 15011, 100], [2, 10007, null], [3, 1, null]],
  },
  {
    // weights 5004 each.
    what: "mirrors at the client's place share evenly, in order of ID",
    mirrors: [[0], [90], [0]],
    expected: [[1, 15011, 50], [3, 15011, 50], [2, 1, null]],
  },
  {
    // first country FR at 1°, closest at 0°: 9897 + int(10007 − 555.975) = 9897 + 9451 = 19348;
    // weights 9341 + 5004 = 14345: 934100 / 14345 = 65.1168, 500400 / 14345 = 34.8832.
    what: "a mirror of the client's country beats one abroad at the client's place",
    mirrors: [[0], [1, { countryCodes: ["FR"] }], [90]],
    expected: [[2, 19348, 65.1168], [1, 15011, 34.8832], [3, 1, null]],
  },
  {
    // 30°, other country FR: 6673 + int(10007 − 0) = 16680; weights 6673 + 5004 = 11677: 57.1465, 42.8535.
    what: "the bonus of another country with a mirror at the client's place",
    mirrors: [[0], [30, { countryCodes: ["DE", "FR"] }], [90]],
    expected: [[2, 16680, 57.1465], [1, 15011, 42.8535], [3, 1, null]],
  },
  {
    // range 3 × 1111.949: 16° is in it: 8229 + int(8227.881 / 2) = 8229 + 4113 = 12342, weight 2335;
    // 2335 + 3337 = 5672: 333700 / 5672 = 58.8329, 233500 / 5672 = 41.1671.
    what: "a wider range",
    options: { weightDistributionRange: 3 },
    mirrors: [[10], [16], [90]],
    expected: [[1, 13344, 58.8329], [2, 12342, 41.1671], [3, 1, null]],
  },
  {
    // 14° is out of range: 8452.
    what: "a range of 1 holds only the closest",
    options: { weightDistributionRange: 1 },
    mirrors: [[10], [14], [90]],
    expected: [[1, 13344, 100], [2, 8452, null], [3, 1, null]],
  },
  {
    // range 0.5 × 1111.949: nobody is in it, 10°: 8897.
    what: "a range below 1 may hold nobody",
    options: { weightDistributionRange: 0.5 },
    mirrors: [[10], [90]],
    expected: [[1, 8897, null], [2, 1, null]],
  },
  {
    what: "equal scores stand in order of ID",
    mirrors: [[-10], [90], [10]],
    expected: [[1, 13344, 50], [3, 13344, 50], [2, 1, null]],
  },
  {
    // the equator is 20015.087 km half round; 170° is 18903.138 km, base 18903; 100°: 11119.493 km:
    // 18903 − 11119 + 1 = 7785, + int(7783.507 / 2) = 3891 → 11676, below base; 170° is out of range
    // (16679.239 km): 1.
    what: "a client far from everyone",
    mirrors: [[100], [170]],
    expected: [[1, 11676, null], [2, 1, null]],
  },
  {
    // weights 100 + 0 and 100 + 50; the others keep base − int(distance).
    what: "without geographical sort: by score in range, by distance out of it",
    options: { geographicalSort: false },
    mirrors: [[90], [10], [16, { score: 500 }], [14, { score: 50 }]],
    expected: [[4, 10157, 60], [2, 10107, 40], [3, 8228, null], [1, 0, null]],
  },
  {
    // weights max(1, 100 − 250) = 1 and max(1, 100 − 1) = 99.
    what: "without geographical sort: the weight is never below 1",
    options: { geographicalSort: false },
    mirrors: [[10, { score: -250 }], [14, { score: -1 }], [90]],
    expected: [[2, 10106, 99], [1, 10008, 1], [3, 0, null]],
  },
  {
    what: "without geographical sort: country and AS count for nothing",
    client: { asNumber: 64500 },
    options: { geographicalSort: false },
    mirrors: [[10, { countryCodes: ["FR"], asNumber: 64500 }], [14], [16, {
      countryCodes: ["FR"],
    }]],
    // base int(1779.119) = 1779.
    expected: [[1, 1879, 50], [2, 1879, 50], [3, 0, null]],
  },
];

for (const { what, client, options, mirrors, expected } of CASES) {
  Deno.test(`select() scores ${what}`, () => {
    const records = mirrors.map(([longitude, changes], index) =>
      mirrorRecord(index + 1, { longitude, ...changes })
    );
    const { candidates } = select(requestFor(records, {
      client: clientRecord(client),
      options: { ...OPTIONS, ...options },
    }));
    assertEquals(
      candidates.map(({ mirror, score }) => [mirror.id, score]),
      expected.map(([id, score]) => [id, score]),
    );
    for (const [index, [, , share]] of expected.entries()) {
      const actual = candidates[index]!.share;
      if (share === null || actual === null) assertEquals(actual, share);
      else assertAlmostEquals(actual, share, 0.0001);
    }
  });
}
