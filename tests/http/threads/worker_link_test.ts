import { assertEquals } from "@std/assert";
import { holdMessages } from "../../../lib/http/threads/worker_link.ts";

Deno.test("holdMessages() sends in order what waited, and then at once", async () => {
  const sent: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const send = holdMessages<string>((message) => sent.push(message), promise);
  send("first");
  send("second");
  await Promise.resolve();
  assertEquals(sent, []);
  resolve();
  await promise;
  assertEquals(sent, ["first", "second"]);
  send("third");
  assertEquals(sent, ["first", "second", "third"]);
});

Deno.test("holdMessages() does not wait for ever for what failed", async () => {
  const sent: string[] = [];
  const failed = Promise.reject(new Error("No store"));
  const send = holdMessages<string>((message) => sent.push(message), failed);
  send("stop");
  await failed.catch(() => {});
  assertEquals(sent, ["stop"]);
});
