import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { createFineTime } from "../../lib/clock/fine_time.ts";

const START = Date.UTC(2027, 0, 30, 12);

Deno.test("createFineTime() follows each jump of the wall clock at once", () => {
  const days = [
    "2027-01-31",
    "2027-01-30",
    "2027-02-28",
    "2028-02-29",
    "2027-12-31",
    "2026-12-31",
    "2027-01-01",
  ];
  let [wall, elapsed] = [START, 5.5];
  const now = createFineTime(() => wall, () => elapsed);
  assertEquals(new Date(now()).toISOString(), "2027-01-30T12:00:00.000Z");
  for (const day of days) {
    for (const time of ["00:00:00.000Z", "23:59:59.999Z"]) {
      wall = Date.parse(`${day}T${time}`);
      elapsed += 0.25;
      assertEquals(new Date(Math.floor(now())).toISOString(), `${day}T${time}`);
    }
  }
});

Deno.test("createFineTime() begins anew with the millisecond where the clock is set back", () => {
  let [wall, elapsed] = [START, 1000];
  const now = createFineTime(() => wall, () => elapsed);
  for (const back of [2, 1000, 86_400_000]) {
    now();
    wall -= back;
    elapsed += 0.25;
    assertEquals(now(), wall);
    elapsed += 0.25;
    assertEquals(now(), wall + 0.25);
  }
});

Deno.test("createFineTime() shows parts of a millisecond", () => {
  let [wall, elapsed] = [START, 1000];
  const now = createFineTime(() => wall, () => elapsed);
  assertEquals(now(), START);
  elapsed += 0.25;
  assertEquals(now(), START + 0.25);
  [wall, elapsed] = [START + 1, 1001.125];
  assertEquals(now(), START + 1.125);
});

Deno.test("createFineTime() stays in the wall clock's millisecond, and does not go back with it", () => {
  const steps = fc.array(
    fc.record({
      passed: fc.double({ min: 0, max: 5, noNaN: true }),
      drift: fc.double({ min: -0.01, max: 0.01, noNaN: true }),
    }),
    { maxLength: 50 },
  );
  fc.assert(fc.property(steps, (all) => {
    let [exact, elapsed, last] = [START, 7, 0];
    const now = createFineTime(() => Math.floor(exact), () => elapsed);
    for (const { passed, drift } of all) {
      exact += passed;
      elapsed += passed * (1 + drift);
      const time = now();
      assertEquals(Math.floor(time), Math.floor(exact));
      assert(time >= last, `${time} after ${last}`);
      last = time;
    }
  }));
});
