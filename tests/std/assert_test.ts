import * as std from "@std/assert";

/** Whether something throws, told without what is tested. */
function fails(fn: () => void): boolean {
  try {
    fn();
    return false;
  } catch {
    return true;
  }
}

Deno.test("assertions pass what holds, and throw at what does not", () => {
  const cases: [name: string, holds: () => void, not: () => void][] = [
    ["assert", () => std.assert(1), () => std.assert(0)],
    ["assertEquals", () => std.assertEquals({ a: [1] }, { a: [1] }), () => std.assertEquals(1, 2)],
    ["assertNotEquals", () => std.assertNotEquals([1], [2]), () => std.assertNotEquals([1], [1])],
    [
      "assertStringIncludes",
      () => std.assertStringIncludes("abc", "b"),
      () => std.assertStringIncludes("abc", "x"),
    ],
    ["assertMatch", () => std.assertMatch("abc", /b/), () => std.assertMatch("abc", /x/)],
    [
      "assertAlmostEquals",
      () => std.assertAlmostEquals(0.1 + 0.2, 0.3),
      () => std.assertAlmostEquals(1, 1.1, 0.01),
    ],
    [
      "assertThrows",
      () =>
        std.assertThrows(
          () => {
            throw new TypeError("Cannot do it");
          },
          TypeError,
          "do it",
        ),
      () => std.assertThrows(() => {}),
    ],
  ];
  for (const [name, holds, not] of cases) {
    if (fails(holds)) throw new Error(`${name} throws at what holds`);
    if (!fails(not)) throw new Error(`${name} passes what does not hold`);
  }
});

Deno.test("assertRejects() resolves to what was thrown, of the class that is expected", async () => {
  const error = await std.assertRejects(() => Promise.reject(new TypeError("No")), TypeError, "N");
  std.assertEquals(error.message, "No");
  await std.assertRejects(() => std.assertRejects(() => Promise.resolve()));
  await std.assertRejects(() => std.assertRejects(() => Promise.reject(new Error("a")), TypeError));
});
