/**
 * What `lib/selection/number_memory.ts` saves: many short lists of numbers, as the selector keeps them,
 * in it, in an array each, and in a typed array each; every way in a process of its own.
 *
 *     deno run -A tests/bench/number_memory.ts [--lists 100000] [--length 20]
 *
 * @module
 */
import { parseArgs } from "node:util";
import { NumberMemory } from "../../lib/selection/number_memory.ts";
import { seededRandom } from "../selection/fixtures.ts";

/** Numbers that are read, at random. */
const READS = 5_000_000;

const { values } = parseArgs({
  options: {
    lists: { type: "string", default: "100000" },
    length: { type: "string", default: "20" },
    way: { type: "string" },
  },
});
const lists = Number(values.lists);
const length = Number(values.length);

/** Keeps a list, and gives what reads a number of it. */
type Way = (numbers: readonly number[]) => void;

if (values.way === undefined) {
  say(`${lists} lists of ${length} numbers, Deno ${Deno.version.deno}`);
  say("");
  say("| kept in | bytes for a list | a look of V8 at all of it, ms | reading a number, ns |");
  say("|---|---|---|---|");
  for (const way of ["NumberMemory", "arrays", "typed arrays"]) {
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--v8-flags=--expose-gc", import.meta.filename!],
        ...["--way", way, "--lists", `${lists}`, "--length", `${length}`],
      ],
      stdout: "inherit",
      stderr: "inherit",
    }).output();
    if (!success) Deno.exit(1);
  }
} else {
  measure(values.way);
}

function measure(way: string): void {
  const collect = (globalThis as unknown as { gc(): void }).gc;
  const random = seededRandom(1);
  const memory = new NumberMemory(Float64Array);
  const places: number[] = [];
  const kept: ArrayLike<number>[] = [];
  const add: Way = way === "NumberMemory"
    ? (numbers) => void places.push(memory.add(numbers))
    : way === "arrays"
    ? (numbers) => void kept.push([...numbers])
    : (numbers) => void kept.push(Float64Array.from(numbers));
  collect();
  const before = Deno.memoryUsage();
  for (let i = 0; i < lists; i++) add(Array.from({ length }, () => random() * 1e6));
  collect();
  const after = Deno.memoryUsage();
  const bytes = after.heapUsed + after.external - before.heapUsed - before.external;
  let start = performance.now();
  for (let round = 0; round < 5; round++) collect();
  const look = (performance.now() - start) / 5;
  let sum = 0;
  start = performance.now();
  for (let i = 0; i < READS; i++) {
    const list = Math.floor(random() * lists);
    const index = i % length;
    sum += way === "NumberMemory" ? memory.at(places[list]!, index) : kept[list]![index]!;
  }
  const reading = (performance.now() - start) / READS * 1e6;
  if (Number.isNaN(sum)) throw new Error("A number is missing");
  const cells = [way, (bytes / lists).toFixed(0), look.toFixed(1), reading.toFixed(0)];
  say(`| ${cells.join(" | ")} |`);
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
