import { assert, assertEquals, assertRejects } from "@std/assert";
import { lateAnswer } from "../../../lib/http/answer/late_answer.ts";

Deno.test("lateAnswer() loads once, when it is asked, and then answers at once", async () => {
  let loads = 0;
  const double = lateAnswer(() => {
    loads++;
    return Promise.resolve((number: number) => 2 * number);
  });
  assertEquals(loads, 0);
  const first = double(1);
  assert(first instanceof Promise);
  assertEquals(await first, 2);
  assertEquals(double(2), 4);
  assertEquals(loads, 1);
});

Deno.test("lateAnswer() tries again when it could not be loaded", async () => {
  let there = false;
  const load = (): Promise<() => string> =>
    there ? Promise.resolve(() => "here") : Promise.reject(new Error("Not there"));
  const answer = lateAnswer(load);
  await assertRejects(async () => await answer(), Error, "Not there");
  there = true;
  assertEquals(await answer(), "here");
});
