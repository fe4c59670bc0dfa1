import { assertEquals } from "@std/assert";
import { isNotModified } from "../../../lib/http/request/conditions.ts";

Deno.test("isNotModified() cuts times downwards to whole seconds, also before 1970", () => {
  for (const second of [1_700_000_000_000, 0, -1_000, -86_400_000]) {
    const headers = new Headers({ "If-Modified-Since": new Date(second).toUTCString() });
    const cases: [modTime: number, expected: boolean][] = [
      [second - 1, true],
      [second, true],
      [second + 1, true],
      [second + 999, true],
      [second + 1_000, false],
    ];
    for (const [modTime, expected] of cases) {
      assertEquals(isNotModified(headers, modTime), expected, `${modTime} since ${second}`);
    }
    headers.set("If-None-Match", "*");
    assertEquals(isNotModified(headers, second), false);
  }
});
