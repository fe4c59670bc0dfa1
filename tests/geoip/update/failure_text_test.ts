import { assertEquals } from "@std/assert";
import { failureText } from "../../../lib/geoip/update/failure_text.ts";

Deno.test("failureText() shows no secret of a URL, however the error spells it", () => {
  const odd = new Error("odd (https://me:pass@example.org/a%20b?token=t0ken): no reason");
  assertEquals(failureText(odd), "odd (https://example.org/a%20b): no reason");
  // Long texts are cut, and the URL with them.
  const long = failureText(new Error(`odd https://example.org/x?token=t0ken${"0".repeat(300)}`));
  assertEquals(long, "odd https://example.org/x");
});
