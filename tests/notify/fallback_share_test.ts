import { assertEquals } from "@std/assert";
import { FallbackShare } from "../../lib/notify/fallback_share.ts";

const MINUTE = 60_000;

/** A node whose clock is stepped by hand; it has run for long enough to know. */
class Node {
  now = Date.UTC(2026, 10, 22, 12);
  readonly share: FallbackShare = new FallbackShare({
    config: () => ({ fallbackShare: 5 }),
    machine: "one",
    now: () => this.now,
  });

  /** Reasons that it tells now; `held` while it does not know. */
  tells(): string[] {
    return this.share.concerns(this.now).map(({ held, reason }) => held ? "held" : reason);
  }
}

Deno.test("FallbackShare tells above the share, of at least a hundred answers", () => {
  const node = new Node();
  node.share.add({ all: 99, fallback: 99 });
  assertEquals(node.tells(), ["held"], "it has just started");
  node.now += 9 * MINUTE;
  node.share.add({ all: 1, fallback: 0 });
  assertEquals(node.tells(), ["fallbacks gave 99 percent of 100 answers in 10 minutes"]);
  node.now += MINUTE;
  assertEquals(node.tells(), [], "what is older than ten minutes counts no more");

  node.share.add({ all: 99, fallback: 5 });
  assertEquals(node.tells(), [], "five of a hundred are what is allowed");
  node.share.add({ all: 100, fallback: 7 });
  assertEquals(node.tells(), ["fallbacks gave 6 percent of 200 answers in 10 minutes"]);
});

Deno.test("FallbackShare says since when, and forgets it once it is well", () => {
  const node = new Node();
  node.share.add({ all: 200, fallback: 100 });
  const first = node.now;
  const concern = node.share.concerns(node.now)[0];
  assertEquals([concern?.event, concern?.subject, concern?.since], ["fallback", "one", first]);
  node.now += MINUTE;
  assertEquals(node.share.concerns(node.now)[0]?.since, first);
  node.share.add({ all: 10_000, fallback: 0 });
  assertEquals(node.tells(), []);
  node.now += 20 * MINUTE;
  node.share.add({ all: 200, fallback: 100 });
  assertEquals(node.share.concerns(node.now)[0]?.since, node.now);
});

Deno.test("FallbackShare counts nothing of a time to come when the clock goes back", () => {
  const node = new Node();
  node.share.add({ all: 200, fallback: 200 });
  node.now -= 60 * MINUTE;
  assertEquals(node.tells(), []);
});
