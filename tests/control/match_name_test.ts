import { assertEquals, assertThrows } from "@std/assert";
import { ControlError } from "../../lib/control/api/control_error.ts";
import { matchName } from "../../lib/control/match_name.ts";

const MIRRORS = ["m1", "m10", "Alpha", "alphabet", "beta.example"].map((name) => ({ name }));

Deno.test("matchName() prefers the exact name, then the name in another case, then a part", () => {
  const cases = [["m1", "m1"], ["M1", "m1"], ["10", "m10"], ["ALPHA", "Alpha"], [
    "Bet",
    "alphabet",
  ]];
  const mirrors = MIRRORS.slice(0, 4);
  for (const [text = "", name = ""] of cases) assertEquals(matchName(mirrors, text).name, name);
});

Deno.test("matchName() lists what a part of a name could mean", () => {
  const error = assertThrows(() => matchName(MIRRORS, "m"), ControlError) as ControlError;
  assertEquals(error.code, "multiple_match");
  assertEquals(error.detail.matches, ["beta.example", "m1", "m10"]);
});

Deno.test("matchName() says when nothing matches", () => {
  assertThrows(() => matchName(MIRRORS, "zzz"), ControlError, "No match for 'zzz'");
  assertThrows(() => matchName(MIRRORS, ""), ControlError, "No match for ''");
  assertThrows(() => matchName([], "x"), ControlError, "No match for 'x'");
});

Deno.test("matchName() asks when two names differ in case only", () => {
  const mirrors = [{ name: "Mirror" }, { name: "mirror" }];
  assertEquals(matchName(mirrors, "mirror").name, "mirror");
  assertThrows(() => matchName(mirrors, "MIRROR"), ControlError, "Multiple match");
});
