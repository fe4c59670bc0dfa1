import { assertEquals } from "@std/assert";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import { filesText, lagOfMirror, lagText, scannedText } from "../../cli/mirror_freshness.ts";
import { formatSpan } from "../../cli/terminal/format_time.ts";
import { mirrorToJson } from "../../lib/control/mirror_json.ts";
import { fakeMirror } from "../support/fake_store.ts";

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;

const mirror = (state: Partial<MirrorRecord>) => mirrorToJson(fakeMirror(state));
const scanned = NOW - HOUR;
const numbers = {
  ...{ current: 43, older: 30, size: 0, newer: 0, missing: 0, foreign: 7 },
  ...{ behindSince: NOW - 2 * HOUR, scan: scanned },
};

Deno.test("how current a mirror is, in words", () => {
  const behind = mirror({ lastSuccessfulSync: scanned, scanNumbers: numbers });
  assertEquals(filesText(behind), "43/73");
  assertEquals(lagText(behind, NOW), "2 h");
  assertEquals(lagOfMirror(behind, NOW), 2 * HOUR);
  assertEquals(scannedText(behind, NOW), "1 h ago");
  const traced = mirror({
    ...{ lastSuccessfulSync: scanned, scanNumbers: numbers, lastModTime: NOW - 11 * 60_000 },
  });
  assertEquals(lagText(traced, NOW), "by trace 11 min, by listing 2 h");
  const current = mirror({
    ...{ lastSuccessfulSync: scanned, scanNumbers: { ...numbers, behindSince: null } },
  });
  assertEquals([lagText(current, NOW), lagOfMirror(current, NOW)], ["none", 0]);
});

Deno.test("the numbers of another scan tell nothing", () => {
  const other = mirror({ lastSuccessfulSync: NOW, scanNumbers: numbers });
  assertEquals([filesText(other), lagText(other, NOW), lagOfMirror(other, NOW)], ["", "", null]);
  const never = mirror({ lastSuccessfulSync: null });
  assertEquals(scannedText(never, NOW), "never");
  const traced = mirror({ lastModTime: NOW - 3 * 24 * HOUR });
  assertEquals([lagText(traced, NOW), lagOfMirror(traced, NOW)], ["by trace 3 days", 72 * HOUR]);
});

Deno.test("formatSpan() writes spans coarsely", () => {
  const minutes = [0, 59, 60, 47 * 60 + 59, 48 * 60, 9 * 1440];
  const texts = ["0 min", "59 min", "1 h", "47 h", "2 days", "9 days"];
  assertEquals(minutes.map((count) => formatSpan(count * 60_000)), texts);
});
