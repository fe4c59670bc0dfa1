import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { progressText } from "../../../cli/terminal/progress_text.ts";
import { unicodeWidth } from "@std/cli/unicode-width";
import type { ScanProgress } from "../../../lib/catalog/scan_result.ts";

const HASHING: ScanProgress = {
  phase: "hashing",
  files: 30,
  total: 120,
  path: "/pool/images/disk.iso",
  bytes: 512 * 1024 ** 2,
  totalBytes: 2048 * 1024 ** 2,
};

Deno.test("progressText() tells files and rate while nobody knows how many there are", () => {
  const listing = { phase: "listing", files: 500, total: null } as const;
  assertEquals(progressText(listing, 2, 80), "500 files listed (250/s)");
  const walk = { directories: 12, total: 5000, probes: 7 };
  assertEquals(
    progressText({ ...listing, walk }, 2, 80),
    "listing 12 directories of 5000, 7 probes",
  );
  const writing = { phase: "writing", files: 7, total: 500 } as const;
  assertEquals(progressText(writing, 0, 80), "7 changes are written");
});

Deno.test("progressText() shows bar, share, files, rate, time left and the file, as room allows", () => {
  const facts = "25%  30 of 120 files hashed  51.2 MiB/s  0:30 left";
  assertEquals(
    progressText(HASHING, 10, 130),
    `[=======>                    ] ${facts}  /pool/images/disk.iso`,
  );
  assertEquals(
    progressText(HASHING, 10, 96),
    `[==>        ] ${facts}  /pool/images/disk.iso`,
  );
  assertEquals(progressText(HASHING, 10, 70), `[=>    ] ${facts}`);
  assertEquals(progressText(HASHING, 10, 52), facts);
  assertEquals(progressText(HASHING, 10, 45), "25%  30 of 120 files hashed  51.2 MiB/s");
  assertEquals(progressText(HASHING, 10, 10), "25%");
});

Deno.test("progressText() goes by files where sizes are unknown, and past the end nowhere", () => {
  const some = { phase: "hashing", files: 1, total: 4 } as const;
  assertEquals(progressText(some, 4000, 48), "25%  1 of 4 files hashed  0/s  3:20:00 left");
  const none = { phase: "hashing", files: 0, total: 0 } as const;
  assertEquals(progressText(none, 0, 30), "100%  0 of 0 files hashed  0/s");
});

Deno.test("progressText() never takes more room than there is, but for its first word", () => {
  fc.assert(fc.property(
    fc.record({
      phase: fc.constant("hashing" as const),
      files: fc.nat(),
      total: fc.nat(),
      path: fc.string({ unit: "grapheme" }),
      bytes: fc.nat(),
      totalBytes: fc.nat(),
    }),
    fc.nat(100_000),
    fc.integer({ min: 8, max: 200 }),
    (progress, seconds, room) => {
      const real = { ...progress, bytes: Math.min(progress.bytes, progress.totalBytes) };
      assert(unicodeWidth(progressText(real, seconds, room)) <= room);
    },
  ));
});
