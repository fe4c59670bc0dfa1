import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../../lib/daemon/system_clock.ts";
import { HttpThreads } from "../../../lib/http/threads/threads.ts";
import type { HttpMessage } from "../../../lib/http/threads/messages.ts";
import { freePort } from "../../support/free_port.ts";
import { MemoryLog } from "../../support/memory_log.ts";
import { CONFIG, indexedFile, Site } from "../fixtures.ts";

Deno.test("/?healthz says at once whether this server can answer", async () => {
  const site = new Site();
  const ask = async (method = "GET"): Promise<[number, string]> => {
    const response = site.ask("/?healthz", { method });
    assert(response instanceof Response, "It was not answered at once");
    assertEquals(response.headers.get("cache-control"), "no-store");
    return [response.status, await response.text()];
  };
  assertEquals(await ask(), [503, "nothing is known yet\n"]);
  site.side.receive({ type: "trouble", trouble: null, but: null });
  assertEquals(await ask(), [200, "ok\n"]);
  assertEquals(await ask("HEAD"), [200, ""]);
  site.side.receive({ type: "configuration", config: CONFIG });
  assertEquals(await ask(), [200, "ok\n"]);
  // All nodes share the store, and what is known is served on.
  site.side.receive({ type: "trouble", trouble: null, but: "the store cannot be reached" });
  assertEquals(await ask(), [200, "ok, but: the store cannot be reached\n"]);
  site.side.receive({ type: "trouble", trouble: "stopping", but: "the store cannot be reached" });
  assertEquals(await ask("HEAD"), [503, ""]);
  assertEquals(await ask(), [503, "stopping\n"]);
  // Nothing was looked up, and nothing belongs into the download log.
  assertEquals([site.lookups, site.diskLookups, site.facts], [[], [], []]);
  assertEquals((await site.get("/?healthz", { method: "POST" })).status, 405);
});

Deno.test("healthz means nothing where a file is asked for", async () => {
  const site = new Site({ files: [indexedFile("/pool/file.iso"), indexedFile("/healthz")] });
  assertEquals((await site.get("/pool/file.iso?healthz")).status, 302);
  assertEquals((await site.get("/healthz")).status, 302);
});

/** HTTP threads that answer a ping or do not. */
function threadsThat(answer: (thread: number) => boolean): HttpThreads<never> {
  let started = 0;
  return new HttpThreads<never>({
    config: CONFIG,
    balanced: true,
    log: new MemoryLog(),
    clock: systemClock,
    recorded: () => {},
    start: (_place, _config, events) => {
      const index = started++;
      const say = (message: HttpMessage): void => queueMicrotask(() => events.message(message));
      return {
        send({ type }) {
          if (type === "listen") say({ type: "ready" });
          if (type === "stop") say({ type: "stopped" });
          if (type === "ping" && answer(index)) say({ type: "pong" });
        },
        terminate: () => {},
      };
    },
  });
}

Deno.test("HttpThreads.alive() wants a sign of life from every thread", async () => {
  const hanging = new Set<number>();
  await using threads = threadsThat((thread) => !hanging.has(thread));
  assertEquals(await threads.alive(1000), false, "There are none");
  await threads.serve({
    address: { transport: "tcp", hostname: "127.0.0.1", port: freePort() },
    workers: 2,
  });
  assertEquals(await threads.alive(1000), true);
  assertEquals(await Promise.all([threads.alive(1000), threads.alive(1000)]), [true, true]);
  hanging.add(1);
  assertEquals(await threads.alive(20), false);
});
