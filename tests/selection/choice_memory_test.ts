import { assert, assertEquals } from "@std/assert";
import { ChoiceMemory } from "../../lib/selection/choice_memory.ts";
import { prepareMirror } from "../../lib/selection/prepare_mirror.ts";
import { Stops } from "../../lib/selection/stop.ts";
import { mirrorRecord } from "./fixtures.ts";

Deno.test("ChoiceMemory counts what each order of mirrors takes, and one that comes again once", () => {
  const all = new Stops();
  const stops = Array.from(
    { length: 40 },
    (_, index) => all.of(prepareMirror(mirrorRecord(index + 1)), "any"),
  );
  const memory = new ChoiceMemory(stops.length);
  const grown = (action: () => void): number => {
    const before = memory.words;
    action();
    return memory.words - before;
  };
  // At least a reference to each of its mirrors, and two numbers for the choice.
  const first = grown(() => memory.addOrder(stops, 1));
  assert(first >= stops.length + 2, `${first} words`);
  const again = grown(() => memory.addOrder(stops, 2));
  assert(again >= 2 && again < stops.length, `${again} words`);
  assertEquals(grown(() => memory.addOrder(stops.toReversed(), 1)), first);
});
