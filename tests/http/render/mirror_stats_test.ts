import { assertEquals } from "@std/assert";
import { ageText } from "../../../lib/http/render/age_text.ts";
import { byteSize } from "../../../lib/catalog/byte_size.ts";
import { mirrorCondition } from "../../../lib/http/request/mirror_condition.ts";
import { prepareMirror } from "../../../lib/selection/prepare_mirror.ts";
import { mirrorRecord } from "../../selection/fixtures.ts";

Deno.test("ageText() words how far behind something is", () => {
  const minute = 60_000;
  const hour = 60 * minute;
  const day = 24 * hour;
  const cases: readonly (readonly [number, string])[] = [
    [0, "up-to-date"],
    [59_999, "up-to-date"],
    [-59_999, "up-to-date"],
    [-minute, "in the future"],
    [minute, "1 minute ago"],
    [5 * minute, "5 minutes ago"],
    [hour - 1, "59 minutes ago"],
    [hour, "1 hour ago"],
    [day - 1, "23 hours ago"],
    [day, "1 day ago"],
    [3 * day + hour, "3 days ago"],
    [365 * day, "365 days ago"],
    [365 * day + 1, "1 year ago"],
    [800 * day, "2 years ago"],
  ];
  for (const [age, text] of cases) assertEquals(ageText(age), text);
});

Deno.test("byteSize() writes bytes for people", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "0 bytes"],
    [1023, "1023 bytes"],
    [1536, "1.5 KiB"],
    [734_003_200, "700.0 MiB"],
    [2 ** 60 * 5000, "5000.0 EiB"],
  ];
  for (const [bytes, text] of cases) assertEquals(byteSize(bytes), text);
});

Deno.test("mirrorCondition() looks only at the schemes that a mirror offers", () => {
  const cases: readonly (readonly [string, boolean, boolean, boolean, string])[] = [
    ["http://m/", true, true, false, "up"],
    ["http://m/", true, false, true, "down"],
    ["https://m/", true, false, true, "up"],
    ["https://m/", true, true, false, "down"],
    ["m/", true, true, true, "up"],
    ["m/", true, true, false, "partly up"],
    ["m/", true, false, true, "partly up"],
    ["m/", true, false, false, "down"],
    ["m/", false, true, true, "disabled"],
  ];
  for (const [httpUrl, enabled, httpUp, httpsUp, condition] of cases) {
    const mirror = prepareMirror(mirrorRecord(1, { httpUrl, enabled, httpUp, httpsUp }));
    assertEquals(mirrorCondition(mirror), condition);
  }
});
