import { assert, assertEquals } from "@std/assert";
import { ScanMemories } from "../../../lib/scan/http/scan_memories.ts";
import { ScanMemory } from "../../../lib/scan/http/scan_memory.ts";
import { ScriptedMirror } from "./scripted_mirror.ts";

Deno.test("ScanMemories forgets a mirror that got another URL, and whose was not used for longest", () => {
  const all = new ScanMemories();
  const memoryOf = (id: number, url = "http://a.test/"): ScanMemory =>
    all.of(id, url, () => new ScanMemory());
  const first = memoryOf(1);
  assert(memoryOf(1) === first);
  const second = memoryOf(1, "http://b.test/");
  assert(second !== first && memoryOf(1) !== first);
  const kept = memoryOf(2);
  for (let id = 3; id <= 10_001; id++) {
    memoryOf(id);
    memoryOf(2);
  }
  assert(memoryOf(2) === kept);
  const last = memoryOf(10_001);
  // One more, and the first goes.
  const one = memoryOf(1);
  memoryOf(10_002);
  assert(memoryOf(1) === one && memoryOf(10_001) === last);
});

Deno.test("ScanMemory holds no more than the source has", async () => {
  const mirror = new ScriptedMirror();
  for (let day = 0; day < 20; day++) {
    for (let at = 0; at < 5; at++) mirror.add(`/daily/${day}-${at}/file`);
    mirror.add(`/daily/${day}-0/other`);
    await mirror.scan({}, { full: false });
    mirror.passed += 3_600_000;
    if (day < 3) continue;
    // What is older goes.
    mirror.source.splice(0, 6);
    for (const path of [...mirror.files.keys()].slice(0, 6)) mirror.files.delete(path);
    assert(mirror.memory.size <= 30, `${mirror.memory.size}`);
  }
  mirror.source.length = 0;
  mirror.add("/new/file");
  await mirror.scan();
  assertEquals(mirror.memory.size <= 3, true);
});
