import { assertEquals } from "@std/assert";
import { readWeights } from "../../../lib/http/request/weights.ts";

Deno.test("readWeights() reads names with their weights, and leaves out what has none that can be", () => {
  const cases: readonly (readonly [string, Record<string, number>])[] = [
    ["Text/HTML, */*;q=0.5", { "text/html": 1, "*/*": 0.5 }],
    ["a;level=1;Q=0.25 , b ; q = .5,c;q=1.", { a: 0.25, b: 0.5, c: 1 }],
    ["a;q=0, b;q=1.0, c;q=0.0", { a: 0, b: 1, c: 0 }],
    ["a;q=2, b;q=1.1, c;q=-1, d;q=x, e;q=, f;q, g;q=0.5.5", {}],
    ["", { "": 1 }],
  ];
  for (const [header, weights] of cases) {
    assertEquals(Object.fromEntries(readWeights(header)), weights, header);
  }
});

Deno.test("readWeights() reads the first 32 names", () => {
  const header = Array.from({ length: 5000 }, (_, index) => `n${index};q=0.5`).join(",");
  const weights = readWeights(header);
  assertEquals([weights.size, weights.get("n31"), weights.get("n32")], [32, 0.5, undefined]);
});
