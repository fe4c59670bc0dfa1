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
  // More than are remembered: what was known is found out again.
  for (let i = 0; i < 10_050; i++) agents.has(`${i}!`);
  assertEquals([agents.has("1!"), agents.has("1a")], [false, true]);
  assertThrows(() => new Agents(["("]));
});
