import { assertEquals } from "@std/assert";
import { wantedFiles } from "../../../lib/http/threads/wanted_files.ts";
import { FakeClock } from "../../support/fake_clock.ts";

Deno.test("wantedFiles() tells of files together, each once, and of no more than a thousand", () => {
  const clock = new FakeClock();
  const told: (readonly string[])[] = [];
  const want = wantedFiles((paths) => told.push(paths), clock);
  assertEquals(clock.waiting, 0);
  for (const path of ["/a", "/b", "/a"]) want(path);
  assertEquals(told, []);
  clock.tick(100);
  assertEquals(told, [["/a", "/b"]]);
  assertEquals(clock.waiting, 0);
  for (let i = 0; i < 1500; i++) want(`/${i}`);
  clock.tick(100);
  assertEquals(told[1]!.length, 1000);
  // What was dropped comes again.
  want("/1200");
  clock.tick(100);
  assertEquals(told[2], ["/1200"]);
});
