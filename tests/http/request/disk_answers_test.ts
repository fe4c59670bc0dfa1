import { assert, assertEquals } from "@std/assert";
import { DiskAnswers } from "../../../lib/http/request/disk_answers.ts";
import type { DiskAnswer } from "../../../lib/http/request/repository.ts";
import { memoryOfPaths } from "../../support/long_urls.ts";

function answersOf(): { answers: DiskAnswers; asked: string[]; clock: { now: number } } {
  const asked: string[] = [];
  const clock = { now: 0 };
  const repository = {
    lookup: (_root: string, path: string): Promise<DiskAnswer> => {
      asked.push(path);
      return Promise.resolve({ type: "missing", path });
    },
    oddNames: () => Promise.resolve(new Map()),
  };
  return { answers: new DiskAnswers(repository, () => "/srv", () => clock.now), asked, clock };
}

Deno.test("DiskAnswers remembers an answer for a moment, and shares one that is on its way", async () => {
  const { answers, asked, clock } = answersOf();
  assertEquals(answers.peek("/a"), undefined);
  await Promise.all([answers.load("/a"), answers.load("/a")]);
  assertEquals(answers.peek("/a"), { type: "missing", path: "/a" });
  clock.now = 60_000;
  assertEquals(answers.peek("/a"), undefined);
  assertEquals(asked, ["/a"]);
});

Deno.test("DiskAnswers does not remember a path that no disk can hold", async () => {
  const { answers } = answersOf();
  const path = `/${"a".repeat(5000)}`;
  assertEquals((await answers.load(path)).type, "missing");
  assertEquals(answers.peek(path), undefined);
});

Deno.test("DiskAnswers forgets everything at once, what is on its way included", async () => {
  const { answers, asked } = answersOf();
  await answers.load("/a");
  const late = answers.load("/b");
  answers.clear();
  await late;
  assertEquals([answers.peek("/a"), answers.peek("/b")], [undefined, undefined]);
  await Promise.all([answers.load("/a"), answers.load("/b")]);
  assertEquals(asked, ["/a", "/b", "/a", "/b"]);
  assertEquals(answers.peek("/b"), { type: "missing", path: "/b" });
  // It is done for each file that changes: with 3 ms each, requests would wait for seconds.
  const start = performance.now();
  for (let n = 0; n < 20_000; n++) answers.clear();
  assert(performance.now() - start < 20_000);
});

Deno.test("DiskAnswers remembers ten thousand answers at most, and those that came last", async () => {
  const { answers } = answersOf();
  for (let n = 0; n < 10_500; n++) await answers.load(`/${n}`);
  let remembered = 0;
  for (let n = 0; n < 10_500; n++) if (answers.peek(`/${n}`) !== undefined) remembered++;
  assert(remembered <= 10_000, `${remembered}`);
  assert(answers.peek("/10499") !== undefined);
});

Deno.test("DiskAnswers keeps no long URL in memory because of a path in it", async () => {
  const { answers } = answersOf();
  const bytes = await memoryOfPaths(9000, (path) => answers.load(path));
  assert(bytes < 8000, `${bytes} bytes for each path`);
});

Deno.test("DiskAnswers remembers those who came lately, a bounded number of them", async () => {
  const { answers } = answersOf();
  for (let n = 0; n < 10_100; n++) await answers.load(`/${n}`);
  const remembered = (n: number): boolean => answers.peek(`/${n}`) !== undefined;
  assertEquals([0, 99, 100, 10_099].map(remembered), [false, false, true, true]);
});
