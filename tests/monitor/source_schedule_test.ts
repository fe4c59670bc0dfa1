import { assert, assertEquals } from "@std/assert";
import type { SourceScanResult } from "../../lib/catalog/scan_result.ts";
import { ProblemLog } from "../../lib/monitor/problem_log.ts";
import { SourceSchedule } from "../../lib/monitor/source_schedule.ts";
import { MemoryLog } from "../support/memory_log.ts";

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

/** A schedule of a scan that ends when it is told to. */
function scheduled() {
  const log = new MemoryLog();
  const world = {
    now: NOW,
    noted: [] as string[][],
    end: (_failure?: Error): void => {},
  };
  const result: SourceScanResult = {
    ...{ files: 1, changed: 0, removed: 0, hashed: 0, bytes: 1 },
    ...{ aliases: new Map(), outside: [], warnings: [] },
  };
  const schedule = new SourceSchedule({
    config: () => ({ exclude: [], repository: "/srv", repositoryScanInterval: 5 }),
    scanSource: () => {
      const { promise, resolve, reject } = Promise.withResolvers<SourceScanResult>();
      world.end = (failure) => failure === undefined ? resolve(result) : reject(failure);
      return promise;
    },
    onScanned: () => {},
    onNoted: (paths) => world.noted.push([...paths]),
    log,
    problems: new ProblemLog(log),
    now: () => world.now,
  });
  const { signal } = new AbortController();
  const scan = async (): Promise<boolean> => {
    const running = schedule.scanIfDue(signal);
    world.end();
    await running;
    return running !== null;
  };
  return { world, schedule, signal, scan };
}

Deno.test("SourceSchedule scans at the start, in intervals, and not longer after a clock that was set back", async () => {
  const { world, scan } = scheduled();
  assertEquals([await scan(), await scan()], [true, false]);
  world.now += 5 * MINUTE - 1;
  assertEquals(await scan(), false);
  world.now++;
  assertEquals([await scan(), await scan()], [true, false]);
  world.now -= 1;
  assertEquals([await scan(), await scan()], [true, false]);
});

Deno.test("SourceSchedule keeps what changed during a scan for its end, and scans again for too much", async () => {
  const { world, schedule, signal, scan } = scheduled();
  assert(schedule.note(["/a"]), "nothing runs");
  const running = schedule.scanIfDue(signal);
  assert(schedule.note(["/a", "/b"]) && schedule.note(["/b"]));
  world.end();
  await running;
  assertEquals(world.noted.splice(0), [["/a", "/b"]]);
  assertEquals(await scan(), false);
  const paths = Array.from({ length: 20_000 }, (_, index) => `/${index}`);
  schedule.want();
  const again = schedule.scanIfDue(signal);
  assert(schedule.note(paths));
  assertEquals(schedule.note(["/more"]), false);
  world.end();
  await again;
  assertEquals(world.noted.map(({ length }) => length), [20_000]);
  assertEquals([await scan(), await scan()], [true, false]);
});
