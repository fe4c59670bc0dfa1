import { assertEquals } from "@std/assert";
import { MetricsPort } from "../../lib/daemon/metrics_port.ts";
import { freePort } from "../support/free_port.ts";

Deno.test("MetricsPort answers GET /metrics alone, and says why it cannot", async () => {
  let broken = false;
  const told: unknown[] = [];
  const error = new Error("no metrics");
  await using port = new MetricsPort(
    false,
    () => {},
    (accept) =>
      broken
        ? Promise.reject(error)
        : Promise.resolve({ contentType: "text/plain", body: `for ${accept}\n` }),
    (why) => told.push(why),
  );
  const address = { hostname: "127.0.0.1", port: freePort() };
  await port.listen(address);
  const ask = async (path: string, init: RequestInit = {}): Promise<[number, string]> => {
    const response = await fetch(`http://127.0.0.1:${address.port}${path}`, init);
    return [response.status, await response.text()];
  };
  assertEquals(await ask("/metrics", { headers: { accept: "a/b" } }), [200, "for a/b\n"]);
  assertEquals(await ask("/other"), [404, "Only /metrics is here\n"]);
  assertEquals(await ask("/metrics", { method: "POST" }), [405, "GET is what is answered here\n"]);
  broken = true;
  assertEquals(await ask("/metrics"), [503, "The metrics cannot be written now\n"]);
  assertEquals(told, [error]);
});
