import { assertEquals } from "@std/assert";
import { SourceWatch } from "../../lib/notify/source_watch.ts";

const MINUTE = 60_000;

/** A node whose clock is stepped by hand. */
class Node {
  readonly started = Date.UTC(2026, 10, 22, 12);
  now: number = this.started;
  readonly watch: SourceWatch;

  constructor(repositoryScanInterval: number) {
    this.watch = new SourceWatch({
      config: () => ({ repositoryScanInterval }),
      machine: "one",
      now: () => this.now,
    });
  }

  /** What it tells now: reason and since when; `held` while it does not know. */
  tells(): (string | number)[] {
    return this.watch.concerns(this.now).flatMap(({ held, reason, since }) =>
      held ? ["held"] : [reason, since]
    );
  }
}

const LATE = "no scan of the repository ended well";

Deno.test("SourceWatch tells after an hour without a good scan", () => {
  const node = new Node(5);
  assertEquals(node.tells(), ["held"]);
  node.watch.scanned();
  const good = node.now;
  node.now += 60 * MINUTE - 1;
  assertEquals(node.tells(), []);
  node.now += 1;
  assertEquals(node.tells(), [LATE, good]);
  node.watch.scanned();
  assertEquals(node.tells(), []);
});

Deno.test("SourceWatch waits for three intervals where these are longer, and none where it never scans", () => {
  const node = new Node(60);
  node.watch.scanned();
  node.now += 180 * MINUTE - 1;
  assertEquals(node.tells(), []);
  node.now += 1;
  assertEquals(node.tells(), [LATE, node.started]);
  const never = new Node(0);
  never.watch.scanned();
  never.now += 1_000_000 * MINUTE;
  assertEquals(never.tells(), []);
});

Deno.test("SourceWatch tells of a scan that was refused at once, and until one is good", () => {
  const node = new Node(5);
  node.watch.scanned();
  node.now += MINUTE;
  const refused = node.now;
  node.watch.refused("the repository /srv is empty");
  node.now += MINUTE;
  node.watch.refused("the repository /srv cannot be read");
  assertEquals(node.tells(), ["the repository /srv cannot be read", refused]);
  node.watch.scanned();
  assertEquals(node.tells(), []);
});
