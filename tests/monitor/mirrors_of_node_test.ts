import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { mirrorsOfNode } from "../../lib/monitor/mirrors_of_node.ts";

const shares = (mirrors: number, nodes: number): number[] => {
  const names = Array.from({ length: nodes }, (_, index) => `host-${10_000 + index}`);
  const ids = Array.from({ length: mirrors }, (_, index) => index + 1);
  return names.map((name) => mirrorsOfNode(ids, names, name).size);
};

Deno.test("mirrorsOfNode() gives each node the rounded share and the last one the rest", () => {
  for (
    const [mirrors, nodes, expected] of [
      [4, 1, [4]],
      [4, 2, [2, 2]],
      [3, 2, [2, 1]],
      [1, 2, [1, 0]],
      [1, 3, [0, 0, 1]],
      [5, 3, [2, 2, 1]],
      [7, 5, [1, 1, 1, 1, 3]],
      [5, 8, [1, 1, 1, 1, 1, 0, 0, 0]],
      [0, 2, [0, 0]],
    ] as const
  ) assertEquals(shares(mirrors, nodes), [...expected], `${mirrors} on ${nodes}`);
});

Deno.test("mirrorsOfNode() goes by ID and name, not by order of arrival", () => {
  assertEquals([...mirrorsOfNode([10, 2, 1, 9], ["b-1", "a-1"], "a-1")], [1, 2]);
  assertEquals([...mirrorsOfNode([10, 2, 1, 9], ["a-1", "b-1"], "b-1")], [9, 10]);
});

Deno.test("mirrorsOfNode() counts a node that has not heard itself", () => {
  assertEquals(mirrorsOfNode([1, 2], [], "a-1").size, 2);
  assertEquals([...mirrorsOfNode([1, 2], ["b-1"], "a-1")], [1]);
});

Deno.test("mirrorsOfNode() gives every mirror to exactly one node", () => {
  const ids = fc.uniqueArray(fc.nat(), { maxLength: 50 });
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}-\d{5}$/), {
    minLength: 1,
    maxLength: 9,
  });
  fc.assert(fc.property(ids, names, (mirrors, nodes) => {
    const given = nodes.flatMap((node) => [...mirrorsOfNode(mirrors, nodes, node)]);
    assertEquals(given.sort((a, b) => a - b), mirrors.sort((a, b) => a - b));
  }));
});
