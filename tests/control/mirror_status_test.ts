import { assertEquals } from "@std/assert";
import { mirrorStatus } from "../../lib/control/mirror_status.ts";

Deno.test("mirrorStatus() tells the state on the schemes that the mirror offers", () => {
  const cases: [enabled: boolean, url: string, http: boolean, https: boolean, status: string][] = [
    [false, "http://x/", true, true, "disabled"],
    [true, "http://x/", true, false, "up"],
    [true, "http://x/", false, true, "down"],
    [true, "https://x/", false, true, "up"],
    [true, "https://x/", true, false, "down"],
    [true, "x/", true, true, "up"],
    [true, "x/", false, false, "down"],
    [true, "x/", true, false, "up/down"],
    [true, "x/", false, true, "down/up"],
  ];
  for (const [enabled, httpUrl, httpUp, httpsUp, status] of cases) {
    assertEquals(mirrorStatus({ enabled, unchecked: false, httpUrl, httpUp, httpsUp }), status);
  }
});
