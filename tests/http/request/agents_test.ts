import { assertEquals, assertThrows } from "@std/assert";
import { Agents } from "../../../lib/http/request/agents.ts";

Deno.test("Agents knows programs by a part of what they call themselves", () => {
  const agents = new Agents(["bot\\b", "^Uptime"]);
  for (const agent of ["Mozilla/5.0 (compatible; GoogleBot/2.1)", "uptime-check", "bot"]) {
    assertEquals([agents.has(agent), agents.has(agent)], [true, true], agent);
  }
  for (const agent of ["", "curl/8", "Botany", "My Uptime", null]) {
    assertEquals([agents.has(agent), agents.has(agent)], [false, false], `${agent}`);
  }
});

Deno.test("Agents takes linear time, and a bounded part of a text", () => {
  const agents = new Agents(["(a+)+$"]);
  assertEquals(agents.has(`${"a".repeat(400)}!`), false);
  assertEquals(agents.has(`${"-".repeat(512)}a`), false);
  assertThrows(() => new Agents(["("]));
});

Deno.test("Agents remembers so many programs at most, and none that calls itself by a long text", () => {
  const agents = new Agents(["a$"]);
  for (const length of [511, 512, 513, 60_000]) {
    const agent = `${"-".repeat(length - 1)}a`;
    assertEquals([agents.has(agent), agents.has(agent)], Array(2).fill(length <= 512));
  }
  assertEquals(agents.remembered, 2);
  for (let i = agents.remembered; i < 10_000; i++) agents.has(`${i}!`);
  assertEquals(agents.remembered, 10_000);
  agents.has("9999!");
  assertEquals(agents.remembered, 10_000);
  // More than are remembered: what was known is found out again.
  agents.has("one more");
  assertEquals(agents.remembered, 1);
  assertEquals([agents.has("9999!"), agents.has("9999a"), agents.remembered], [false, true, 3]);
});
