import { assertEquals } from "@std/assert";
import type { Downtime } from "../../lib/catalog/downtime.ts";
import { keepDowntime } from "../../lib/monitor/keep_downtime.ts";
import { fakeMirror, FakeStore } from "../support/fake_store.ts";
import { MemoryLog } from "../support/memory_log.ts";

const PLAN: Downtime = { from: 100, until: 200, reason: "", started: true, by: "" };

Deno.test("keepDowntime() enables no mirror whose plan became another one while it was scanned", async () => {
  const changes: [Downtime | null, enabled: boolean, after: Downtime | null][] = [
    [PLAN, true, null],
    [{ ...PLAN, until: 900 }, false, { ...PLAN, until: 900 }],
    [{ ...PLAN, until: null }, false, { ...PLAN, until: null }],
    [{ ...PLAN, started: false, from: 500, until: 900 }, false, {
      ...{ ...PLAN, started: false, from: 500, until: 900 },
    }],
    [null, false, null],
  ];
  for (const [meanwhile, enabled, after] of changes) {
    const store = new FakeStore(fakeMirror({ id: 1, enabled: false, downtime: PLAN }));
    let scans = 0;
    const again = await keepDowntime({
      id: 1,
      store,
      scan: () => {
        scans++;
        store.change(1, { downtime: meanwhile });
        return Promise.resolve();
      },
      tell: true,
      log: new MemoryLog(),
      now: () => 200,
    });
    const record = store.records.get(1)!;
    assertEquals([again, scans, record.enabled, record.downtime], [false, 1, enabled, after]);
  }
});
