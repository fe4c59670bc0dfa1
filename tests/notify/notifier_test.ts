import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import {
  type MailReceiver,
  NOTIFY_EVENTS,
  type NotifyReceiver,
} from "../../lib/config/notify_receiver.ts";
import { mirrorsOfNode } from "../../lib/monitor/mirrors_of_node.ts";
import type { Concern } from "../../lib/notify/concern.ts";
import type { Content } from "../../lib/notify/content.ts";
import { Notifier, type NotifierOptions } from "../../lib/notify/notifier.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeStore } from "../support/fake_store.ts";
import { MemoryLog } from "../support/memory_log.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const COMMON = { events: NOTIFY_EVENTS, after: 0, variables: [] };
const HOOK: NotifyReceiver = {
  ...{ to: "webhook", url: "http://hook.example/", secret: "", ...COMMON },
};
const MAIL: MailReceiver = {
  to: "mail",
  smtp: "smtp://mail.example",
  from: "mirrors@example.org",
  recipients: ["ops@example.org"],
  mirrors: false,
  replyTo: "",
  digest: null,
  ...COMMON,
};

/** What was sent: `down m1`, or the subject of a mail and whom it was for. */
function textOf(content: Content): string {
  if (content.type === "notice") return `${content.notice.event} ${content.notice.mirror}`.trim();
  const { recipients, subject } = content.mail;
  return recipients.length === 0 ? subject : `${subject} > ${recipients}`;
}

/** A notifier over a store and a clock that stand still until the test moves them. */
class Bench implements AsyncDisposable {
  readonly store = new FakeStore();
  readonly clock: FakeClock;
  readonly log = new MemoryLog();
  receivers: readonly NotifyReceiver[] = [HOOK];
  /** What is wrong besides. */
  concerns: Concern[] = [];
  readonly sent: string[] = [];
  readonly ids: string[] = [];
  readonly contents: Content[] = [];
  /** How sending fails. */
  failure: string | null = null;
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(clock = new FakeClock()) {
    this.clock = clock;
  }

  start(options: Partial<NotifierOptions> = {}): void {
    const before = this.#running;
    const running = new Notifier({
      store: this.store,
      config: () => ({ checkInterval: 1, notify: this.receivers, staleAfter: 2880 }),
      cluster: null,
      hostname: "host",
      ofMirror: [(mirror) => this.concerns.filter(({ subject }) => subject === mirror.id)],
      ofNode: [],
      sender: {
        send: (_receiver, id, content) => {
          if (this.failure !== null) return Promise.reject(new Error(this.failure));
          this.ids.push(id);
          this.sent.push(textOf(content));
          this.contents.push(content);
          return Promise.resolve("ok");
        },
      },
      clock: this.clock,
      log: this.log,
      interval: 20_000,
      ...options,
    }).run(this.#stop.signal);
    this.#running = Promise.all([before, running]);
  }

  /** Changes a mirror, as the monitor does. */
  set(id: number, values: Partial<MirrorRecord>): void {
    this.store.change(id, values);
  }

  up(id: number): void {
    this.set(id, { httpUp: true, httpDownReason: "", stateSince: this.clock.now() });
  }

  down(id: number, httpDownReason = "Unreachable"): void {
    this.set(id, { httpUp: false, httpDownReason, stateSince: this.clock.now() });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.clock.advance(MINUTE);
    await this.#running;
  }
}

Deno.test("Notifier tells down and up once each", async () => {
  await using bench = new Bench();
  bench.up(1);
  bench.start();
  await bench.clock.advance(MINUTE);
  bench.down(1);
  await bench.clock.advance(MINUTE);
  assertEquals(bench.sent, ["down m1"]);
  bench.up(1);
  await bench.clock.advance(MINUTE);
  assertEquals(bench.sent, ["down m1", "up m1"]);
  await bench.clock.advance(HOUR);
  assertEquals(bench.sent, ["down m1", "up m1"]);
  assertEquals(bench.store.messages.queue.size, 0);
});

Deno.test("Notifier waits After minutes, and forgets what is over before", async () => {
  await using bench = new Bench();
  bench.receivers = [{ ...HOOK, after: 30 }];
  bench.up(1);
  bench.start();
  bench.down(1);
  await bench.clock.advance(29 * MINUTE);
  bench.up(1);
  await bench.clock.advance(HOUR);
  assertEquals(bench.sent, []);
  bench.down(1);
  await bench.clock.advance(29 * MINUTE);
  assertEquals(bench.sent, []);
  await bench.clock.advance(2 * MINUTE);
  assertEquals(bench.sent, ["down m1"]);
});

Deno.test("Notifier tells up only where down was sent, and only what is wanted", async () => {
  await using bench = new Bench();
  bench.receivers = [{ ...HOOK, events: ["up"] }];
  bench.up(1);
  bench.start();
  bench.down(1);
  await bench.clock.advance(MINUTE);
  bench.up(1);
  await bench.clock.advance(MINUTE);
  assertEquals(bench.sent, []);
});

Deno.test("Notifier tells that a mirror was disabled, not that it is or that it is down", async () => {
  await using bench = new Bench();
  bench.set(1, { enabled: false, httpDownReason: "Unreachable", stateSince: bench.clock.now() });
  bench.up(2);
  bench.start();
  await bench.clock.advance(MINUTE);
  assertEquals(bench.sent, []);
  bench.set(2, { enabled: false });
  await bench.clock.advance(HOUR);
  bench.set(2, { enabled: true });
  await bench.clock.advance(MINUTE);
  assertEquals(bench.sent, ["disabled m2"]);
});

Deno.test("Notifier tells nothing of a mirror that is off by plan", async () => {
  await using bench = new Bench();
  bench.receivers = [HOOK, { ...MAIL, mirrors: true }];
  for (const id of [1, 2]) bench.set(id, { adminEmail: `admin@m${id}.example` });
  bench.up(1);
  bench.up(2);
  bench.start();
  bench.down(2);
  await bench.clock.advance(MINUTE);
  const before = ["down m2", "Mirror m2 is down", "Mirror m2 is down > admin@m2.example"];
  assertEquals(bench.sent.toSorted(), before.toSorted());
  const plan = { from: bench.clock.now(), until: bench.clock.now() + HOUR, reason: "", by: "" };
  // It is down before the monitor has disabled it.
  for (const id of [1, 2]) bench.set(id, { downtime: { ...plan, started: false } });
  bench.down(1);
  await bench.clock.advance(MINUTE);
  for (const id of [1, 2]) bench.set(id, { enabled: false, downtime: { ...plan, started: true } });
  await bench.clock.advance(HOUR);
  assertEquals(bench.sent.length, 3);
  // Over: what was told before is over, too.
  for (const id of [1, 2]) {
    bench.up(id);
    bench.set(id, { enabled: true, downtime: null });
  }
  await bench.clock.advance(MINUTE);
  assertEquals(bench.sent.slice(3).toSorted(), ["Mirror m2 is up again", "up m2"]);
  bench.set(1, { enabled: false });
  await bench.clock.advance(MINUTE);
  assertEquals(bench.sent.includes("disabled m1"), true);
});

Deno.test("Notifier tells a concern again at another level", async () => {
  await using bench = new Bench();
  bench.up(1);
  bench.start();
  const concern = { event: "certificate", subject: 1, reason: "", cause: "", since: 0 } as const;
  for (const level of ["14", "14", "3"]) {
    bench.concerns = [{ ...concern, level }];
    await bench.clock.advance(MINUTE);
  }
  assertEquals(bench.sent, ["certificate m1", "certificate m1"]);
  bench.concerns = [];
  await bench.clock.advance(MINUTE);
  bench.concerns = [{ ...concern, since: 1, level: "14" }];
  await bench.clock.advance(MINUTE);
  assertEquals(bench.sent.length, 3);
  assertEquals(new Set(bench.ids).size, 3);
});

Deno.test("Notifier tells what it found at its start after another check, and once", async () => {
  await using bench = new Bench();
  bench.down(1);
  await bench.clock.advance(HOUR);
  bench.start();
  await bench.clock.advance(MINUTE);
  assertEquals(bench.sent, []);
  await bench.clock.advance(2 * MINUTE);
  assertEquals(bench.sent, ["down m1"]);
  bench.start();
  await bench.clock.advance(HOUR);
  assertEquals(bench.sent, ["down m1"]);
});

Deno.test("Notifier tells that a mirror is stale", async () => {
  await using bench = new Bench();
  bench.up(1);
  bench.start();
  const scan = bench.clock.now();
  const counts = { current: 43, older: 30, size: 0, newer: 0, missing: 0, foreign: 0 };
  bench.set(1, {
    lastSuccessfulSync: scan,
    scanNumbers: { ...counts, scan, behindSince: scan - 47 * HOUR },
  });
  await bench.clock.advance(59 * MINUTE);
  assertEquals(bench.sent, []);
  await bench.clock.advance(2 * MINUTE);
  assertEquals(bench.sent, ["stale m1"]);
  const [content] = bench.contents;
  assert(content?.type === "notice");
  assertEquals(content.notice.reason, "behind by 48 h");
  assertEquals(content.notice.cause, "30 older");
});

Deno.test("Outbox tries for an hour, then drops with a line in the log", async () => {
  await using bench = new Bench();
  bench.up(1);
  bench.failure = "the server answered 500";
  bench.start();
  bench.down(1);
  await bench.clock.advance(50 * MINUTE);
  assertEquals(bench.store.messages.queue.size, 1);
  assert([...bench.store.messages.queue.values()][0]!.attempts > 6);
  await bench.clock.advance(20 * MINUTE);
  assertEquals(bench.store.messages.queue.size, 0);
  const lines = bench.log.lines;
  assertEquals(lines.filter((line) => line.includes("it is tried again for an hour")).length, 1);
  assertEquals(lines.filter((line) => /dropped after an hour: .* 500$/.test(line)).length, 1);
});

Deno.test("Outbox sends what waits when a receiver answers again", async () => {
  await using bench = new Bench();
  bench.up(1);
  bench.failure = "connection refused";
  bench.start();
  bench.down(1);
  await bench.clock.advance(10 * MINUTE);
  bench.failure = null;
  await bench.clock.advance(11 * MINUTE);
  assertEquals(bench.sent, ["down m1"]);
});

Deno.test("Outbox gives up a message that the clock was set back under", async () => {
  await using bench = new Bench();
  bench.up(1);
  bench.failure = "no";
  bench.start();
  bench.down(1);
  await bench.clock.advance(MINUTE);
  const [message] = bench.store.messages.queue.values();
  bench.store.messages.queue.set(message!.id, {
    ...message!,
    time: bench.clock.now() + 9_000 * HOUR,
  });
  await bench.clock.advance(2 * HOUR);
  assertEquals(bench.store.messages.queue.size, 1);
  await bench.clock.advance(HOUR);
  assertEquals(bench.store.messages.queue.size, 0);
});

Deno.test("Outbox sends what is about the same mirror in its order", async () => {
  await using bench = new Bench();
  bench.receivers = [HOOK, { ...MAIL, mirrors: true }];
  bench.set(1, { adminEmail: "admin@m1.example" });
  for (const id of [1, 2]) bench.up(id);
  bench.failure = "connection refused";
  bench.start();
  bench.down(1);
  await bench.clock.advance(6 * MINUTE);
  bench.up(1);
  bench.down(2);
  bench.failure = null;
  await bench.clock.advance(MINUTE);
  // The first about this mirror pauses for minutes; that is nothing to the other one.
  assertEquals(bench.sent.filter((one) => !one.includes(">")).toSorted(), [
    "Mirror m2 is down",
    "down m2",
  ]);
  await bench.clock.advance(11 * MINUTE);
  const of = (pattern: RegExp): string[] => bench.sent.filter((one) => pattern.test(one));
  assertEquals(of(/^\w+ m1$/), ["down m1", "up m1"]);
  assertEquals(of(/^Mirror m1 [^>]*$/), ["Mirror m1 is down", "Mirror m1 is up again"]);
  assertEquals(of(/>/), ["Mirror m1 is down > admin@m1.example"]);
});

Deno.test("Outbox sends nothing twice while the store takes no change", async () => {
  await using bench = new Bench();
  bench.up(1);
  const sent = Promise.withResolvers<string>();
  const tries: string[] = [];
  bench.start({
    sender: {
      send: (_receiver, id) => {
        tries.push(id);
        return sent.promise;
      },
    },
  });
  bench.down(1);
  await bench.clock.advance(MINUTE);
  assertEquals(tries.length, 1);
  bench.store.messages.full = true;
  sent.resolve("ok");
  await bench.clock.advance(10 * MINUTE);
  assertEquals(tries.length, 1);
  assertEquals(bench.store.messages.queue.size, 1);
  const lines = bench.log.lines.filter((line) => line.includes("which messages were sent"));
  assertEquals(lines, ["error: Cannot note which messages were sent: database or disk is full"]);
  bench.store.messages.full = false;
  await bench.clock.advance(MINUTE);
  assertEquals(tries.length, 1);
  assertEquals(bench.store.messages.queue.size, 0);
});

Deno.test("Outbox keeps its pauses while the store takes no change", async () => {
  await using bench = new Bench();
  bench.up(1);
  let tries = 0;
  bench.start({
    sender: {
      send: () => {
        tries++;
        bench.store.messages.full = true;
        return Promise.reject(new Error("the server answered 500"));
      },
    },
  });
  bench.down(1);
  await bench.clock.advance(HOUR + 15 * MINUTE);
  assert(tries > 5 && tries < 15, `${tries}`);
  const lines = bench.log.lines.filter((line) => line.includes("it is tried again for an hour"));
  assertEquals(lines.length, 1);
});

Deno.test("Notifier has 1 000 messages wait at most, and loses none beyond that", async () => {
  await using bench = new Bench();
  const urls = Array.from({ length: 50 }, (_, i) => `http://hook${i}.example/`);
  bench.receivers = urls.map((url) => ({ ...HOOK, url }));
  const all = Array.from({ length: 25 }, (_, i) => `down m${i + 1}`).sort();
  for (const [index] of all.entries()) bench.up(index + 1);
  const told = new Map<string, string[]>(urls.map((url) => [url, []]));
  let failing = 50;
  let most = 0;
  bench.start({
    sender: {
      send: (receiver, _id, content) => {
        assert(receiver.to === "webhook");
        most = Math.max(most, bench.store.messages.queue.size);
        if (urls.indexOf(receiver.url) < failing) return Promise.reject(new Error("no"));
        told.get(receiver.url)!.push(textOf(content));
        return Promise.resolve("ok");
      },
    },
  });
  for (const [index] of all.entries()) bench.down(index + 1);
  await bench.clock.advance(MINUTE);
  assertEquals(most, 1_000);
  failing = 1;
  await bench.clock.advance(20 * MINUTE);
  const [first, ...rest] = urls.map((url) => told.get(url)!.toSorted());
  assertEquals(first, []);
  for (const one of rest) assertEquals(one, all);
  failing = 0;
  await bench.clock.advance(20 * MINUTE);
  assertEquals(told.get(urls[0]!)!.toSorted(), all);
  assertEquals(most, 1_000);
  const warned = bench.log.lines.filter((line) => line.includes("as many as may wait"));
  assertEquals(warned.length, 50);
});

Deno.test("Notifier writes to the admin of a mirror at most once a day for a reason", async () => {
  await using bench = new Bench();
  bench.receivers = [{ ...MAIL, mirrors: true, recipients: [] }];
  bench.set(1, { adminEmail: "admin@m1.example" });
  bench.up(1);
  bench.start({ interval: MINUTE });
  const expected = ["Mirror m1 is down > admin@m1.example"];
  for (let i = 0; i < 3; i++) {
    bench.down(1, `File not found /${i} (error 404)`);
    await bench.clock.advance(MINUTE);
    bench.up(1);
    await bench.clock.advance(HOUR);
    assertEquals(bench.sent, expected);
  }
  bench.down(1, "Unreachable");
  await bench.clock.advance(MINUTE);
  expected.push(expected[0]!);
  assertEquals(bench.sent, expected);
  bench.up(1);
  await bench.clock.advance(24 * HOUR);
  bench.down(1, "Unreachable");
  await bench.clock.advance(MINUTE);
  expected.push(expected[0]!);
  assertEquals(bench.sent, expected);
});

Deno.test("Notifier sends one summary a day in place of single mails", async () => {
  await using bench = new Bench(new FakeClock(Date.UTC(2026, 10, 22, 7)));
  bench.receivers = [{ ...MAIL, digest: 8 * 60 }];
  bench.up(1);
  bench.up(2);
  bench.start({ interval: MINUTE });
  bench.down(1);
  await bench.clock.advance(10 * MINUTE);
  bench.up(1);
  bench.down(2, "Got status code 503");
  await bench.clock.advance(40 * MINUTE);
  assertEquals(bench.sent, []);
  await bench.clock.advance(11 * MINUTE);
  assertEquals(bench.sent, ["Mirrors on 2026-11-22: 1 of 2 mirrors are up, 0 are disabled"]);
  const [content] = bench.contents;
  assert(content?.type === "mail");
  const { text } = content.mail;
  assertStringIncludes(text, "What is wrong now:\n- m2 is down, since 2026-11-22 07:10 UTC: Got");
  assertStringIncludes(text, "- m1 is down, since 2026-11-22 07:00 UTC: Unreachable");
  assertStringIncludes(text, "- m1 is up again, since 2026-11-22 07:10 UTC");
  bench.up(2);
  await bench.clock.advance(24 * HOUR);
  assertEquals(bench.sent.length, 2);
  await bench.clock.advance(24 * HOUR);
  assertEquals(bench.sent.length, 2);
});

Deno.test("Notifier leaves a node that has just begun the telling of its own mirrors", async () => {
  await using bench = new Bench();
  const ids = [1, 2, 3, 4, 5, 6];
  const nodes = ["a-1", "b-2"];
  for (const id of ids) bench.down(id);
  bench.start({ cluster: { nodes: () => nodes, self: "a-1", settled: true } });
  await bench.clock.advance(5_000);
  const own = [...mirrorsOfNode(ids, nodes, "a-1")].map((id) => `down m${id}`).sort();
  assert(own.length > 0 && own.length < ids.length);
  bench.store.messages.nodes.add("b-2");
  await bench.clock.advance(MINUTE);
  assertEquals(bench.sent.toSorted(), own);
});

Deno.test("Notifier in a cluster tells of its own mirrors, the first of ours of an original's", async () => {
  await using bench = new Bench();
  for (const id of [1, 2, 3]) bench.up(id);
  const nodes = ["a-1", "b-2", "c-3"];
  bench.store.messages.nodes.add("a-1");
  // c-3 runs the original: it does not announce that it sends.
  bench.start({ cluster: { nodes: () => nodes, self: "b-2", settled: true } });
  await bench.clock.advance(MINUTE);
  for (const id of [1, 2, 3]) bench.down(id);
  await bench.clock.advance(MINUTE);
  assertEquals(bench.sent, ["down m2"]);
  bench.store.messages.nodes.delete("a-1");
  bench.start({ cluster: { nodes: () => nodes, self: "a-1", settled: true } });
  await bench.clock.advance(3 * MINUTE);
  assertEquals(bench.sent.toSorted(), ["down m1", "down m2", "down m3"]);
});
