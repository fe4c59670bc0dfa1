import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  ANSWER_HOLDS,
  askedFiles,
  askedName,
  formatAsked,
  isOutdated,
  parseAsked,
  parseAskedName,
} from "../../lib/catalog/asked_file.ts";

Deno.test("what is known of a file that was asked for goes into a note and comes back", () => {
  const states = fc.constantFrom("wanted", "found", "not_found");
  fc.assert(fc.property(states, fc.nat(), fc.string({ maxLength: 200 }), (state, time, why) => {
    assertEquals(parseAsked(formatAsked({ state, time, why })), { state, time, why });
  }));
  fc.assert(fc.property(fc.integer({ min: 1 }), fc.string(), (mirrorId, text) => {
    const path = `/${text}`;
    assertEquals(parseAskedName(askedName(mirrorId, path)), { mirrorId, path });
  }));
  assertEquals(
    parseAsked(formatAsked({ state: "found", time: 1, why: "x".repeat(999) }))!.why.length,
    200,
  );
});

Deno.test("parseAsked() and parseAskedName() take nothing else", () => {
  for (const text of ["", "f", "x1", "f1x", "f-1", "f1e5", "f12345678901234567"]) {
    assertEquals(parseAsked(text), null, text);
  }
  for (const name of ["", "1", "1 ", "1 a", "0 /a", "-1 /a", "a /a", "1  /a"]) {
    assertEquals(parseAskedName(name), null, name);
  }
});

Deno.test("an answer holds for its time, and none holds that is from the future", () => {
  for (const state of ["wanted", "found", "not_found"] as const) {
    const asked = { state, time: 1e9, why: "" };
    assertEquals(isOutdated(asked, 1e9 + ANSWER_HOLDS[state] - 1), false);
    assertEquals(isOutdated(asked, 1e9 + ANSWER_HOLDS[state]), true);
    assertEquals(isOutdated(asked, 1e9 - ANSWER_HOLDS.wanted - 1), true);
  }
  assertEquals(askedFiles([1, 2, 3], ["f5", null, "n5 no"], 6).size, 2);
});
