import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { encodePath } from "../../../lib/catalog/encode_path.ts";
import { linkTarget } from "../../../lib/scan/http/listing_link.ts";
import { isWeak, maySize, parseSizeInterval } from "../../../lib/scan/http/size_interval.ts";
import { TokenBucket } from "../../../lib/scan/http/token_bucket.ts";
import { parseWrittenTime, slashOrderOf } from "../../../lib/scan/http/written_time.ts";
import { ZoneOffsets } from "../../../lib/scan/http/zone_offsets.ts";

Deno.test("parseSizeInterval() reads what servers write", () => {
  for (
    const [text, interval] of [
      ["1234", [1234, 1234]],
      ["120B", [120, 120]],
      ["725,946 bytes", [725_946, 725_946]],
      ["0", [0, 0]],
      ["10K", [9216, 11_264]],
      ["1.0K", [922, 1126]],
      ["0.1K", [0, 204]],
      ["2G", [2 ** 30, 3 * 2 ** 30]],
      ["1.5 MiB", [1_468_007, 1_677_721]],
      ["-", null],
      ["", null],
      ["many", null],
      ["12 monkeys", null],
      ["99999999999999999999", null],
    ] as const
  ) {
    const expected = interval === null ? null : { low: interval[0], high: interval[1] };
    assertEquals(parseSizeInterval(text, false), expected, text);
  }
  assertEquals(parseSizeInterval("5 GB", true)!.low, 4_000_000_000);
});

Deno.test("a size lies where it is shown, however it is rounded", () => {
  const sizes = fc.integer({ min: 0, max: 2 ** 50 });
  const roundings = fc.constantFrom(Math.round, Math.floor, Math.ceil);
  fc.assert(
    fc.property(sizes, roundings, fc.nat(2), fc.nat(4), (size, round, decimals, power) => {
      const scale = 10 ** decimals;
      const unit = ["K", "M", "G", "T", "P"][power];
      const shown = (round(size / 1024 ** (power + 1) * scale) / scale).toFixed(decimals);
      const interval = parseSizeInterval(`${shown}${unit}`, false);
      assert(interval === null || maySize(interval, size), `${shown}${unit}`);
      assert(interval === null || isWeak(interval) === (interval.high - interval.low > 2 ** 20));
    }),
  );
});

Deno.test("parseWrittenTime() reads what servers write", () => {
  const minute = { time: Date.UTC(2025, 10, 13, 14, 15), step: 60_000, zoned: false };
  const second = { time: Date.UTC(2025, 10, 13, 14, 15, 16), step: 1000, zoned: false };
  for (
    const [text, expected] of [
      ["2025-11-13 14:15", minute],
      ["13-Nov-2025 14:15", minute],
      ["2025-Nov-13 14:15", minute],
      ["2025-Nov-13 14:15:16", second],
      ["Thu, 13 Nov 2025 14:15:16 GMT", { ...second, zoned: true }],
      ["2025-11-13T14:15:16Z", { ...second, zoned: true }],
      ["2025-11-13T15:15:16.123456789+01:00", {
        time: second.time + 123,
        step: 1,
        zoned: true,
      }],
      ["Nov 13, 2025, 2:15:16 PM", second],
      ["11/13/2025 2:15:16 PM", second],
      ["Thu Nov 13 14:15:16 UTC 2025", { ...second, zoned: true }],
      ["2025-11-13", null],
      ["13-Nov-25 14:15", null],
      ["13-Brumaire-2025 14:15", null],
      ["2025-11-31 14:15", null],
      ["13/11/2025 14:15", null],
      ["11/13/2025 13:15 PM", null],
    ] as const
  ) assertEquals(parseWrittenTime(text, "month_first"), expected, text);
  assertEquals(parseWrittenTime("1/2/2025 14:15", null), null);
  const dayFirst = parseWrittenTime("1/2/2025 14:15", "day_first");
  assertEquals(dayFirst!.time, Date.UTC(2025, 1, 1, 14, 15));
  assertEquals(
    ["1/13/2025", "13/1/2025", "1/1/2025", "2025-01-13"].map(slashOrderOf),
    ["month_first", "day_first", null, null],
  );
});

Deno.test("a time may be what is shown of it, in any zone that was learnt", () => {
  const times = fc.integer({ min: 0, max: 4_000_000_000_000 });
  const quarters = fc.integer({ min: -48, max: 56 });
  fc.assert(fc.property(times, quarters, fc.constantFrom(1000, 60_000), (time, quarter, step) => {
    const offset = quarter * 900_000;
    const written = { time: Math.floor((time + offset) / step) * step, step, zoned: false };
    const offsets = new ZoneOffsets();
    assert(!offsets.isOff(written, time));
    offsets.learn(written, Math.floor(time / 1000) * 1000);
    assert(offsets.may(written, time));
    assert(!offsets.may(written, time + 2 * step));
    assert(offsets.isOff({ ...written, time: written.time + 5 * 86_400_000 }, time));
  }));
});

Deno.test("ZoneOffsets learns three offsets, and trusts no fourth", () => {
  const offsets = new ZoneOffsets();
  const shown = (hours: number) => ({ time: hours * 3_600_000, step: 60_000, zoned: false });
  assertEquals(offsets.all, [0]);
  for (const hours of [1, 2, 1, 0]) offsets.learn(shown(hours), 0);
  assertEquals([offsets.all, offsets.confused], [[3_600_000, 7_200_000, 0], false]);
  offsets.learn(shown(30), 0);
  assert(!offsets.confused && !offsets.may(shown(5), 0) && offsets.tells(shown(5)));
  offsets.learn(shown(5), 0);
  assert(offsets.confused && offsets.may(shown(9), 0) && !offsets.tells(shown(9)));
});

Deno.test("TokenBucket halves its rate once for all that was too much at once", () => {
  let elapsed = 0;
  const bucket = new TokenBucket({ elapsed: () => elapsed, delay: () => Promise.resolve() }, 200);
  const began = elapsed;
  elapsed = 20;
  for (let one = 0; one < 8; one++) bucket.slowDown(began);
  assertEquals(bucket.rate, 100);
  bucket.slowDown(20);
  assertEquals(bucket.rate, 50);
  for (elapsed = 30; elapsed < 100; elapsed++) bucket.slowDown(elapsed);
  assertEquals(bucket.rate, 1);
  bucket.limit(1 / 60);
  bucket.slowDown(elapsed);
  assertEquals(bucket.rate, 1 / 60);
});

Deno.test("TokenBucket saves up no more than a second, and lets nothing begin in a pause", async () => {
  let elapsed = 0;
  let waited = 0;
  const delay = (milliseconds: number): Promise<void> => {
    waited += milliseconds;
    elapsed += milliseconds;
    return Promise.resolve();
  };
  const bucket = new TokenBucket({ elapsed: () => elapsed, delay }, 10);
  const { signal } = new AbortController();
  elapsed = 60_000;
  for (let one = 0; one < 10; one++) await bucket.take(signal);
  assertEquals(waited, 0);
  await bucket.take(signal);
  assertEquals(waited, 100);
  bucket.pause(30_000);
  bucket.pause(10_000);
  await bucket.take(signal);
  assertEquals(waited, 30_100);
});

const page = new URL("http://mirror.test:8080/a%20b/dir/");

Deno.test("linkTarget() finds children, and nothing else", () => {
  const child = (name: string, directory = false) => ({ type: "child", name, directory });
  const elsewhere = { type: "elsewhere" };
  for (
    const [link, expected] of [
      ["file.txt", child("file.txt")],
      ["./file.txt", child("file.txt")],
      ["sub/", child("sub", true)],
      ["/a%20b/dir/file", child("file")],
      ["/a b/dir/file", child("file")],
      ["http://mirror.test:8080/a%20b/dir/file", child("file")],
      ["//mirror.test:8080/a%20b/dir/file", child("file")],
      ["http%3Aevil.txt", child("http:evil.txt")],
      ["%3FC=N%3BO=D", child("?C=N;O=D")],
      ["100%25", child("100%")],
      ["100%", child("100%")],
      ["caf%C3%A9", child("café")],
      ["back\\slash", child("back\\slash")],
      ["a&amp;b", child("a&amp;b")],
      ["../", elsewhere],
      ["..", elsewhere],
      [".", elsewhere],
      ["/", elsewhere],
      ["/a%20b/", elsewhere],
      ["/a%20b/dir/", elsewhere],
      ["/other/dir/file", elsewhere],
      ["?C=N;O=D", elsewhere],
      ["file?x", elsewhere],
      ["#top", elsewhere],
      ["", elsewhere],
      ["sub/deep", elsewhere],
      ["http:evil.txt", elsewhere],
      ["https://mirror.test:8080/a%20b/dir/file", elsewhere],
      ["http://mirror.test/a%20b/dir/file", elsewhere],
      ["javascript:alert(1)", elsewhere],
      ["mailto:a@b", elsewhere],
    ] as const
  ) assertEquals(linkTarget(link, page), expected as never, link);
  for (const link of ["%2e%2e%2fup", "%2F", "%0A", "%FF", "x".repeat(5000), "a%2Fb", "%00"]) {
    assertEquals(linkTarget(link, page).type, "bad", link);
  }
});

Deno.test("linkTarget() gives back every name that was encoded, and no way out", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (name) => {
    const target = linkTarget(`./${encodePath(`/${name}`).slice(1)}`, page);
    if (target.type !== "child") return;
    assert(!/[/\p{Cc}]/u.test(target.name) && !["", ".", ".."].includes(target.name));
  }));
  const names = fc.string({ unit: "grapheme", minLength: 1 }).filter((name) =>
    !/[/\p{Cc}\ufffd\ud800-\udfff]/u.test(name) && ![".", ".."].includes(name)
  );
  fc.assert(fc.property(names, (name) => {
    const link = `./${encodeURIComponent(name)}`;
    assertEquals(linkTarget(link, page), { type: "child", name, directory: false });
  }));
});
