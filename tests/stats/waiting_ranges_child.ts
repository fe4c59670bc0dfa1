// Has 100 000 clients, five times as many as there is room for, wait for a store that hangs in the second
// write, and prints the memory it takes.
import { CounterBuffer } from "../../lib/stats/counter_buffer.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { FakeClock } from "../support/fake_clock.ts";

const collect = (globalThis as unknown as { gc: () => void }).gc;
const clock = new FakeClock();
const hangs = Promise.withResolvers<void>();
const reached = Promise.withResolvers<void>();
let writes = 0;
let written = 0;
const counters = new CounterBuffer({
  store: {
    addDownloads: async ({ ranged = [] }) => {
      if (++writes === 2) reached.resolve();
      if (writes >= 2) await hangs.promise;
      written += ranged.length;
    },
  },
  log: new MemoryLog(),
  clock,
  sameDownloadInterval: () => 600,
});
collect();
const before = Deno.memoryUsage().heapUsed;
for (let sent = 0; sent < 100_000; sent += 1000) {
  const ranged = Array.from({ length: 1000 }, (_, index) => ({
    ...{ time: 1_800_000_000_000, path: "/pool/main/a/file.deb", mirrorId: 1, size: 12_345 },
    ...{ clientHash: (sent + index).toString(16).padStart(64, "0"), hash: index, country: "FR" },
  }));
  // As it comes from another thread: no two texts are one.
  counters.add(structuredClone({
    ...{ batches: [], opened: new Float64Array(), ranged, dropped: { parts: 0, lines: 0 } },
  }));
}
const flushed = counters.flush();
await reached.promise;
collect();
const bytes = Deno.memoryUsage().heapUsed - before;
const { waiting } = counters;
hangs.resolve();
await flushed;
await counters[Symbol.asyncDispose]();
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify({ waiting, bytes, written })));
