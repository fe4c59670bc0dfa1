import { assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { createMonitorHttpClient } from "../../lib/monitor/http_client.ts";
import { makeCertificate } from "../support/certificate.ts";
import { tempDir } from "../support/temp_dir.ts";

const LOOPBACK = { hostname: "127.0.0.1", port: 0, onListen: () => {} };

Deno.test("createMonitorHttpClient() trusts the certificates it is given", async () => {
  await using directory = await tempDir();
  const { cert, key } = await makeCertificate(directory.path);
  await using server = Deno.serve({ ...LOOPBACK, cert, key }, () => new Response("yes"));
  const url = `https://127.0.0.1:${server.addr.port}/`;
  using trusting = createMonitorHttpClient({ clock: systemClock, certificates: [cert] });
  assertEquals(await (await trusting.fetch(url, {})).text(), "yes");
  using plain = createMonitorHttpClient({ clock: systemClock });
  await assertRejects(() => plain.fetch(url, {}), TypeError);
});

Deno.test("createMonitorHttpClient() opens a connection for each request", async () => {
  const ports = new Set<number>();
  await using server = Deno.serve(LOOPBACK, (_request, { remoteAddr }) => {
    ports.add((remoteAddr as Deno.NetAddr).port);
    return new Response("yes");
  });
  using client = createMonitorHttpClient({ clock: systemClock });
  for (let index = 0; index < 3; index++) {
    await (await client.fetch(`http://127.0.0.1:${server.addr.port}/`, {})).text();
  }
  assertEquals(ports.size, 3);
});

Deno.test("createMonitorHttpClient() waits for an answer when it is connected", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  await using server = Deno.serve(LOOPBACK, () => promise);
  using client = createMonitorHttpClient({ clock: systemClock, connectTimeout: 10 });
  const answer = client.fetch(`http://127.0.0.1:${server.addr.port}/`, {});
  await new Promise((done) => setTimeout(done, 100));
  resolve(new Response("late"));
  assertEquals(await (await answer).text(), "late");
});

Deno.test("createMonitorHttpClient() ends with the signal", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  await using server = Deno.serve(LOOPBACK, () => promise);
  using client = createMonitorHttpClient({ clock: systemClock, connectTimeout: 10 });
  const stop = new AbortController();
  const answer = client.fetch(`http://127.0.0.1:${server.addr.port}/`, { signal: stop.signal });
  setTimeout(() => stop.abort(new Error("Enough")), 50);
  await assertRejects(() => answer, Error, "Enough");
  resolve(new Response("late"));
});

Deno.test("createMonitorHttpClient() gives up a silent server that takes no connection", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  using client = createMonitorHttpClient({ clock: systemClock, connectTimeout: 50 });
  const answer = client.fetch(`http://127.0.0.1:${port}/`, {});
  using _connection = await listener.accept();
  listener.close();
  await assertRejects(() => answer, DOMException, "Connection timed out");
});
