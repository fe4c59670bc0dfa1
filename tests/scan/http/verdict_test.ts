import { assertEquals } from "@std/assert";
import type { ListingEntry } from "../../../lib/scan/http/listing_entry.ts";
import { judge, judgeVersions, type Verdict } from "../../../lib/scan/http/verdict.ts";
import { ZoneOffsets } from "../../../lib/scan/http/zone_offsets.ts";

const HOUR = 3_600_000;
const TIME = Date.UTC(2026, 5, 1, 12, 30, 45);
const MINUTE_OF_IT = Date.UTC(2026, 5, 1, 12, 30);

/** How a listing shows a file that is 5 000 bytes large and was changed at {@linkcode TIME}. */
function entry(more: Partial<ListingEntry> = {}): ListingEntry {
  return {
    ...{ name: "x", rawName: null, directory: false, maybeLink: false },
    size: { low: 5000, high: 5000 },
    time: { time: MINUTE_OF_IT, step: 60_000, zoned: false },
    ...more,
  };
}

const SOURCE = { size: 5000, modTime: TIME };
const KEPT = SOURCE;
const LARGE = { size: 5_000_000_000, modTime: TIME };
const rounded = { low: 4_900_000_000, high: 5_100_000_000 };
const shown = (time: number, zoned = false) => ({ time, step: 60_000, zoned });

Deno.test("judge() acquits by what may be, and convicts by what cannot be", () => {
  const offsets = new ZoneOffsets();
  const cases: readonly (readonly [string, Verdict, Verdict])[] = [
    ["size and time may be", judge(entry(), SOURCE, null, offsets), { type: "same" }],
    [
      "the size proves nothing",
      judge(entry({ size: rounded }), LARGE, null, offsets),
      { type: "probe" },
    ],
    [
      "the size proves nothing, and it was the file",
      judge(entry({ size: rounded }), LARGE, LARGE, offsets),
      { type: "same" },
    ],
    [
      "the size proves nothing, and it was another",
      judge(entry({ size: rounded }), LARGE, { ...LARGE, size: 4_950_000_000 }, offsets),
      { type: "probe" },
    ],
    ["no time", judge(entry({ time: null }), SOURCE, null, offsets), { type: "probe" }],
    ["no time, kept", judge(entry({ time: null }), SOURCE, KEPT, offsets), { type: "same" }],
    [
      "neither size nor time, kept",
      judge(entry({ size: null, time: null }), SOURCE, KEPT, offsets),
      { type: "probe" },
    ],
    [
      "another size: the end next to it",
      judge(entry({ size: { low: 6000, high: 7000 } }), SOURCE, null, offsets),
      { type: "different", size: 6000, modTime: MINUTE_OF_IT },
    ],
    [
      "a smaller size",
      judge(entry({ size: { low: 1, high: 3000 }, time: null }), SOURCE, KEPT, offsets),
      { type: "different", size: 3000, modTime: null },
    ],
    [
      "off by hours, as a zone may be",
      judge(entry({ time: shown(MINUTE_OF_IT + 5 * HOUR) }), SOURCE, KEPT, offsets),
      { type: "probe" },
    ],
    [
      "off by what no zone is",
      judge(entry({ time: shown(MINUTE_OF_IT + 15 * HOUR) }), SOURCE, KEPT, offsets),
      { type: "different", size: 5000, modTime: MINUTE_OF_IT + 15 * HOUR },
    ],
    [
      "off by minutes",
      judge(entry({ time: shown(MINUTE_OF_IT - 120_000) }), SOURCE, KEPT, offsets),
      { type: "different", size: 5000, modTime: MINUTE_OF_IT - 120_000 },
    ],
    [
      "off by an hour in UTC",
      judge(entry({ time: shown(MINUTE_OF_IT + HOUR, true) }), SOURCE, KEPT, offsets),
      { type: "different", size: 5000, modTime: MINUTE_OF_IT + HOUR },
    ],
    [
      "a link of another size",
      judge(entry({ size: { low: 7, high: 7 }, maybeLink: true }), SOURCE, KEPT, offsets),
      { type: "probe" },
    ],
    [
      "a link of another time",
      judge(entry({ time: shown(0, true), maybeLink: true }), SOURCE, KEPT, offsets),
      { type: "probe" },
    ],
    [
      "a link without a time",
      judge(entry({ time: null, maybeLink: true }), SOURCE, KEPT, offsets),
      { type: "probe" },
    ],
  ];
  for (const [what, found, expected] of cases) assertEquals(found, expected, what);
});

Deno.test("judgeVersions() takes the newest of what it may be, and asks where a newer one may be", () => {
  const offsets = new ZoneOffsets();
  const before = { size: 4000, modTime: TIME - 48 * HOUR };
  const older = { size: 4000, modTime: TIME - 48 * HOUR - 1000 };
  const source = { ...SOURCE, former: [before, older] };
  const at = (time: number, size: number) =>
    judgeVersions(
      entry({ size: { low: size, high: size }, time: shown(Math.floor(time / 60_000) * 60_000) }),
      source,
      null,
      offsets,
    );
  assertEquals(at(TIME, 5000), [{ type: "same" }, source]);
  assertEquals(at(before.modTime, 4000), [{ type: "same" }, before]);
  // It may be the present one in another zone, or an older one here.
  const [open] = judgeVersions(
    entry({ time: shown(MINUTE_OF_IT - 48 * HOUR) }),
    { ...SOURCE, modTime: TIME - 47 * HOUR, former: [{ ...before, size: 5000 }] },
    null,
    offsets,
  );
  assertEquals(open, { type: "probe" });
  assertEquals(
    at(TIME - 500 * HOUR, 3000)[0],
    { type: "different", size: 3000, modTime: MINUTE_OF_IT - 500 * HOUR },
  );
});
