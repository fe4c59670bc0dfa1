import { assertEquals } from "@std/assert";
import { lackingMirrors } from "../../lib/selection/lacking.ts";
import { prepareMirror } from "../../lib/selection/prepare_mirror.ts";
import { mirrorRecord, viewOf } from "./fixtures.ts";

Deno.test("lackingMirrors() names who has no copy, by name, and shows nobody who is hidden", () => {
  const mirrors = [
    mirrorRecord(1, { name: "z" }),
    mirrorRecord(2),
    mirrorRecord(3, { name: "a" }),
    mirrorRecord(4, { name: "b", enabled: false }),
    mirrorRecord(5, { name: "c", networks: ["10.0.0.0/8"], networksOnly: true }),
  ].map((record) => prepareMirror(record));
  const copies = [{ mirrorId: 2, size: 1, modTime: null }];
  const names = (onlooker: Parameters<typeof lackingMirrors>[2]): string[] =>
    lackingMirrors(copies, mirrors, onlooker).map(({ name }) => name);
  assertEquals(names(null), ["a", "c", "z"]);
  assertEquals(names(viewOf(null)), ["a", "z"]);
});
