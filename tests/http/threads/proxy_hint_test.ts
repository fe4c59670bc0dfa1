import { assertEquals } from "@std/assert";
import {
  type ForwardedRequests,
  ForwarderTally,
} from "../../../lib/http/threads/forwarder_tally.ts";
import { ProxyHint } from "../../../lib/http/threads/proxy_hint.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { MemoryLog } from "../../support/memory_log.ts";

const NETWORK = "192.0.2.0/24";

Deno.test("ForwarderTally reports once a second, and bounds the networks that it tells apart", () => {
  const clock = new FakeClock();
  const sent: ForwardedRequests[] = [];
  const tally = new ForwarderTally((forwarded) => sent.push(forwarded), clock);
  for (let n = 0; n < 10; n++) tally.add(n % 2 === 0 ? NETWORK : null);
  assertEquals(sent, []);
  clock.tick(1_000);
  assertEquals(sent, [{ requests: 10, networks: [[NETWORK, 5]] }]);
  assertEquals(clock.waiting, 0);
  for (let n = 0; n < 5_000; n++) tally.add(`10.${n >> 8}.${n & 255}.0/24`);
  clock.tick(1_000);
  assertEquals([sent[1]?.requests, sent[1]?.networks.length], [5_000, 1_000]);
});

Deno.test("ProxyHint says once that most requests come by one network", () => {
  const log = new MemoryLog();
  const hint = new ProxyHint(log);
  hint.add({ requests: 600, networks: [[NETWORK, 300]] });
  hint.add({ requests: 399, networks: [[NETWORK, 399]] });
  assertEquals(hint.text, null);
  hint.add({ requests: 1, networks: [] });
  const text = `699 of 1000 requests were forwarded by ${NETWORK}: if that is a proxy of yours, ` +
    "add it to TrustedProxies";
  assertEquals(hint.text, text);
  hint.add({ requests: 9_000, networks: [["198.51.100.0/24", 9_000]] });
  assertEquals(log.lines, [`warn: ${text}`]);
  hint.reset();
  assertEquals(hint.text, null);
  hint.add({ requests: 1_000, networks: [[NETWORK, 501]] });
  assertEquals(log.lines.length, 2);
});

Deno.test("ProxyHint says nothing of half of the requests, or of many networks", () => {
  const log = new MemoryLog();
  const hint = new ProxyHint(log);
  hint.add({ requests: 1_000, networks: [[NETWORK, 500]] });
  // What came before does not count with what comes now.
  hint.add({ requests: 900, networks: [[NETWORK, 400]] });
  hint.add({ requests: 100, networks: [[NETWORK, 100]] });
  const many = Array.from(
    { length: 5_000 },
    (_, n) => [`10.${n >> 8}.${n & 255}.0/24`, 1] as const,
  );
  hint.add({ requests: 5_000, networks: many });
  assertEquals([hint.text, log.lines], [null, []]);
});
