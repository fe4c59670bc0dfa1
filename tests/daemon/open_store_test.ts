import { assertEquals, assertStringIncludes } from "@std/assert";
import { openStore } from "../../lib/daemon/open_store.ts";
import { sampleMirror } from "../store_contract/samples.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("openStore() says how to go on with the original's mirrors, as long as there are none", async () => {
  await using directory = await tempDir();
  const place = { type: "embedded", path: `${directory.path}/store.db` } as const;
  const open = async (addMirror: boolean, configured = true): Promise<string[]> => {
    const log = new MemoryLog();
    await using store = await openStore(place, { configured, log });
    if (addMirror) await store.addMirror(sampleMirror("m"));
    return log.lines;
  };
  const newcomer = await open(false, false);
  assertEquals(newcomer.length, 1);
  const [first, hint, ...rest] = await open(true);
  assertStringIncludes(first!, "0 mirrors, 0 files");
  assertStringIncludes(hint!, 'set "RedisAddress"');
  assertEquals(rest, []);
  const [again, ...others] = await open(false);
  assertStringIncludes(again!, "1 mirrors, 0 files");
  assertEquals(others, []);
});
