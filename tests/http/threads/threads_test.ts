import { assert, assertEquals, assertRejects } from "@std/assert";
import type { ListenAddress } from "../../../lib/config/config.ts";
import { HttpThreads } from "../../../lib/http/threads/threads.ts";
import type { HttpThreadEvents, HttpThreadPlace } from "../../../lib/http/threads/thread_handle.ts";
import type { ControlMessage } from "../../../lib/http/threads/messages.ts";
import type { RecordedAnswers } from "../../../lib/stats/recorder.ts";
import { RequestTally } from "../../../lib/stats/request_tally.ts";
import type { TalliedRequests } from "../../../lib/stats/tallied_requests.ts";
import type { ThreadMeasure } from "../../../lib/stats/thread_measure.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { freePort } from "../../support/free_port.ts";
import type { Steering } from "../../../lib/http/threads/steering.ts";
import { MemoryLog } from "../../support/memory_log.ts";
import { recordedAnswers } from "../../support/recorded_answers.ts";
import { waitFor } from "../../support/wait_for.ts";
import { CONFIG, MIRRORS } from "../fixtures.ts";

/** A thread that does as it is told, and keeps what it was told. */
interface FakeThread {
  readonly place: HttpThreadPlace;
  readonly told: ControlMessage<string>[];
  readonly events: HttpThreadEvents;
  terminated: boolean;
}

/** What a thread says of itself. */
function measureOf(index: number): ThreadMeasure {
  const tally = new RequestTally();
  tally.redirected(index + 1);
  return { lag: index, heap: 1, cache: { entries: 0, bytes: 0 }, tallied: tally.take() };
}

/** Threads, and what they were told; `refuse` names the types of messages that are answered with an error. */
function fakeThreads(
  {
    balanced = true,
    steering = null,
    pressure = () => false,
    prepares = false,
    stopped = () => {},
  }: {
    balanced?: boolean;
    prepares?: boolean;
    steering?: Steering | null;
    pressure?: () => boolean;
    stopped?: () => void;
  } = {},
) {
  const started: FakeThread[] = [];
  const clock = new FakeClock();
  const log = new MemoryLog();
  const recorded: RecordedAnswers[] = [];
  const taken: Promise<void>[] = [];
  const refused = new Set<number>();
  const silent = new Set<number>();
  const tallied: TalliedRequests[] = [];
  const threads = new HttpThreads<string>({
    config: CONFIG,
    pressure,
    balanced,
    steering,
    log,
    clock,
    recorded: (answers) => {
      recorded.push(answers);
      return taken.shift();
    },
    tallied: (one) => tallied.push(one),
    start: (place, _config, events) => {
      const thread: FakeThread = { place, told: [], events, terminated: false };
      const index = started.push(thread) - 1;
      return {
        send(message) {
          thread.told.push(message);
          if (message.type === "stop") stopped();
          queueMicrotask(() => {
            if (message.type === "listen") {
              if (refused.has(index)) events.message({ type: "error", message: "No" });
              else events.message({ type: "ready" });
            }
            if (message.type === "leave") {
              events.message({ type: "quiet" });
            }
            if (message.type === "renew") {
              events.message({ type: "renewing", anew: true });
              events.message({ type: "renewed" });
            }
            if (message.type === "measure" && !silent.has(index)) {
              events.message({ type: "measured", measure: measureOf(index) });
            }
            if (message.type === "stop") {
              events.message({ type: "stopped" });
            }
          });
        },
        terminate: () => thread.terminated = true,
        prepares,
      };
    },
  });
  return { threads, started, log, recorded, refused, silent, tallied, taken, clock };
}

const tcp = (port = freePort()): ListenAddress => ({
  transport: "tcp",
  hostname: "127.0.0.1",
  port,
});
const types = ({ told }: FakeThread): string[] => told.map(({ type }) => type);

Deno.test("HttpThreads.serve() starts threads that all listen on one address", async () => {
  const { threads, started, log } = fakeThreads();
  await using _ = threads;
  const address = tcp();
  await threads.serve({ address, workers: 3 });
  assertEquals(started.map(types), Array(3).fill(["mirrors", "listen"]));
  assertEquals(started[0]!.told[1], { type: "listen", address, shared: true, takeOver: false });
  assertEquals(log.lines, [`info: Listening on ${threads.address} with 3 threads`]);
});

Deno.test("HttpThreads.serve() has no thread listen before all are prepared, or dead", async () => {
  const { threads, started } = fakeThreads({ prepares: true });
  await using _ = threads;
  const serving = threads.serve({ address: tcp(), workers: 3 });
  const failed = assertRejects(() => serving, Error, "No store");
  await waitFor(() => started.length === 3, { what: "the threads" });
  const [first, second, third] = started as [FakeThread, FakeThread, FakeThread];
  first.events.message({ type: "prepared" });
  third.events.message({ type: "prepared" });
  await Promise.resolve();
  assertEquals(started.map(types), Array(3).fill(["mirrors"]));
  second.events.died("No store");
  await failed;
  assertEquals([types(first)[1], types(second)[1]], ["listen", undefined]);
});

Deno.test("HttpThreads.serve() serves on the control thread where no threads are wanted", async () => {
  const { threads, started, log } = fakeThreads();
  await using _ = threads;
  await threads.serve({ address: tcp(), workers: 0 });
  assertEquals(started.map(({ place }) => place), ["here"]);
  assertEquals(log.lines, [`info: Listening on ${threads.address} on the main thread`]);
});

for (
  const [what, balanced, address] of [
    ["a Unix socket has one listener", true, { transport: "unix", path: "/run/x.sock" }],
    ["this system does not deal connections out among threads", false, tcp()],
  ] as const
) {
  Deno.test(`HttpThreads.serve() takes one thread, and says so, where ${what}`, async () => {
    const { threads, started, log } = fakeThreads({ balanced });
    await using _ = threads;
    await threads.serve({ address, workers: 4 });
    assertEquals(started.length, 1);
    assertEquals(started[0]!.told.at(-1), {
      type: "listen",
      address,
      shared: false,
      takeOver: false,
    });
    assertEquals(log.lines[1], `info: Workers: 1 in place of 4, since ${what}`);
    await threads.serve({ address, workers: 0 });
    assertEquals(threads.size, 1);
  });
}

Deno.test("HttpThreads.serve() opens new ports before it closes old ones", async () => {
  const { threads, started } = fakeThreads();
  await using _ = threads;
  const [old, next] = [tcp(), tcp()];
  await threads.serve({ address: old, workers: 2 });
  await threads.serve({ address: next, workers: 1 });
  assertEquals(types(started[0]!), ["mirrors", "listen", "listen", "unlisten"]);
  assertEquals(started[0]!.told.at(-1), { type: "unlisten", address: old });
  assertEquals(threads.size, 1);
  await waitFor(() => started[1]!.terminated, { what: "the surplus thread to end" });
  assertEquals(types(started[1]!), ["mirrors", "listen", "leave", "stop"]);
});

Deno.test("HttpThreads.serve() changes nothing when one thread cannot listen", async () => {
  const { threads, started, refused } = fakeThreads();
  await using _ = threads;
  const [old, next] = [tcp(), tcp()];
  await threads.serve({ address: old, workers: 2 });
  const before = threads.address;
  refused.add(2);
  await assertRejects(() => threads.serve({ address: next, workers: 3 }), Error, "No");
  assertEquals([threads.size, threads.address], [2, before]);
  for (const thread of started.slice(0, 2)) {
    assertEquals(thread.told.at(-1), { type: "unlisten", address: next });
  }
  assertEquals(types(started[2]!).at(-1), "stop");
});

Deno.test("HttpThreads.serve() refuses an address that another program has", async () => {
  const { threads, started } = fakeThreads();
  await using _ = threads;
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await assertRejects(
    () => threads.serve({ address: tcp(taken.addr.port), workers: 2 }),
    Error,
    "the address is in use",
  );
  assertEquals(started, []);
});

Deno.test("HttpThreads.serve() keeps the port that the system chose", async () => {
  const { threads, started } = fakeThreads();
  await using _ = threads;
  await threads.serve({ address: tcp(0), workers: 2 });
  const [one, two] = started.map(({ told }) => told.at(-1));
  assertEquals(one, two);
  const { address } = threads;
  assert(!address.endsWith(":0"), address);
  await threads.serve({ address: tcp(0), workers: 2 });
  assertEquals(threads.address, address);
});

Deno.test("HttpThreads replace a thread that died by one that knows everything", async () => {
  const { threads, started, log, clock } = fakeThreads();
  await using _ = threads;
  await threads.serve({ address: tcp(), workers: 2 });
  threads.broadcast({ type: "mirrors", mirrors: MIRRORS.slice(0, 2) });
  threads.broadcast({ type: "mirror", mirror: MIRRORS[2]! });
  threads.broadcast({ type: "mirror_removed", id: 1 });
  threads.broadcast({ type: "aliases", aliases: new Map([["/a", "/b"]]) });
  threads.broadcast({ type: "geoip", databases: "databases" });
  threads.broadcast({ type: "paths", paths: ["/a"] });
  started[0]!.events.died("Out of luck");
  await clock.advance(100);
  assertEquals(started[2]!.told.slice(0, -1), [
    { type: "mirrors", mirrors: [MIRRORS[1]!, MIRRORS[2]!] },
    { type: "aliases", aliases: new Map([["/a", "/b"]]) },
    { type: "geoip", databases: "databases" },
  ]);
  assertEquals(started[2]!.told.at(-1), started[1]!.told.find(({ type }) => type === "listen"));
  assertEquals([threads.size, started[0]!.terminated], [2, true]);
  assertEquals(log.lines.at(-1), "error: An HTTP thread died and is replaced: Out of luck");
});

Deno.test("HttpThreads try again when a thread cannot be replaced", async () => {
  const { threads, started, log, refused, clock } = fakeThreads();
  await using _ = threads;
  await threads.serve({ address: tcp(), workers: 1 });
  refused.add(1);
  started[0]!.events.died("Out of luck");
  await clock.advance(100);
  assertEquals([started.length, threads.size], [2, 0]);
  await clock.advance(199);
  assertEquals(started.length, 2);
  await clock.advance(1);
  assertEquals(started.length, 3);
  assertEquals(threads.size, 1);
  assertEquals(log.lines.at(-1), "error: Cannot replace an HTTP thread yet: No");
});

Deno.test("HttpThreads.broadcast() leaves out a mirror that did not change", async () => {
  const { threads, started } = fakeThreads();
  await using _ = threads;
  threads.broadcast({ type: "mirrors", mirrors: MIRRORS });
  await threads.serve({ address: tcp(), workers: 1 });
  threads.broadcast({ type: "mirror", mirror: structuredClone(MIRRORS[0]!) });
  threads.broadcast({ type: "mirror", mirror: { ...MIRRORS[0]!, httpUp: false } });
  assertEquals(types(started[0]!), ["mirrors", "listen", "mirror"]);
});

Deno.test("HttpThreads take in what was recorded up to the end", async () => {
  const { threads, started, recorded, log } = fakeThreads();
  await threads.serve({ address: tcp(), workers: 1 });
  const answers = recordedAnswers({ lines: ["line"] });
  started[0]!.events.message({ type: "recorded", recorded: answers });
  started[0]!.events.message({ type: "log", level: "warn", message: "Careful" });
  await threads[Symbol.asyncDispose]();
  assertEquals(recorded, [answers]);
  assertEquals(log.lines.at(-1), "warn: Careful");
  assertEquals([types(started[0]!).at(-1), started[0]!.terminated], ["stop", true]);
});

Deno.test("HttpThreads tell a thread of each line of its log that was taken in", async () => {
  const { threads, started } = fakeThreads();
  await using _ = threads;
  await threads.serve({ address: tcp(), workers: 1 });
  for (const message of ["Careful", "Careful", "Look out"]) {
    started[0]!.events.message({ type: "log", level: "warn", message });
  }
  assertEquals(types(started[0]!).slice(-4), ["listen", "logged", "logged", "logged"]);
});

Deno.test("HttpThreads tell a thread when what it recorded was taken in", async () => {
  const { threads, started, taken } = fakeThreads();
  await using _ = threads;
  await threads.serve({ address: tcp(), workers: 1 });
  const taking = Promise.withResolvers<void>();
  taken.push(taking.promise);
  const { message } = started[0]!.events;
  message({ type: "recorded", recorded: recordedAnswers() });
  await Promise.resolve();
  assertEquals(types(started[0]!).includes("taken"), false);
  taking.resolve();
  await taking.promise;
  message({ type: "recorded", recorded: recordedAnswers() });
  assertEquals(types(started[0]!).filter((type) => type === "taken").length, 2);
});

Deno.test("HttpThreads prepare for old sockets to be closed before they are", async () => {
  const done: string[] = [];
  const address = { hostname: "127.0.0.1", port: freePort() };
  const steering: Steering = {
    steer: (to, { first, count }) => {
      assertEquals(to.port, address.port);
      done.push(`steer to ${count} from ${first}`);
      return Promise.resolve(true);
    },
    release: () => {
      done.push("release");
      return Promise.resolve();
    },
  };
  const { threads, started } = fakeThreads({ steering, stopped: () => done.push("stop") });
  await threads.serve({ address: { transport: "tcp", ...address }, workers: 3 });
  await threads.serve({ address: { transport: "tcp", ...address }, workers: 1 });
  // One thread in place of three listens with as many sockets.
  assertEquals(types(started[3]!).filter((type) => type === "listen").length, 3);
  await threads.serve({ address: { transport: "tcp", ...address }, workers: 1 });
  assertEquals(done, [
    "steer to 3 from 3",
    "steer to 1 from 3",
    "stop",
    "stop",
    "stop",
    "release",
  ]);
  await threads[Symbol.asyncDispose]();
});

Deno.test("HttpThreads.renew() gives each thread its turn in five, and steers meanwhile", async () => {
  const steered: unknown[] = [];
  const { threads, started } = fakeThreads({
    steering: {
      steer: (_, range) => Promise.resolve(steered.push(range) > 0),
      release: () => Promise.resolve(void steered.push("released")),
    },
  });
  await using _ = threads;
  await threads.serve({ address: tcp(), workers: 7 });
  await threads.renew(10);
  assertEquals(steered, [{ first: 7, count: 2 }, "released"]);
  for (let turn = 1; turn < 5; turn++) await threads.renew(10);
  const turns = started.map((thread) => types(thread).filter((type) => type === "renew").length);
  assertEquals(turns, [2, 2, 2, 1, 1, 1, 1]);
});

Deno.test("HttpThreads.renew() has threads let go of connections before all of them listen", async () => {
  const { threads, started } = fakeThreads();
  await using _ = threads;
  const serving = threads.serve({ address: tcp(), workers: 2 });
  await threads.renew(10);
  assertEquals(started.map((thread) => types(thread).includes("renew")), [true, false]);
  await serving;
});

Deno.test("HttpThreads.renew() steers no more where that was not possible", async () => {
  let asked = 0;
  const { threads } = fakeThreads({
    steering: {
      steer: () => Promise.resolve(++asked < 0),
      release: () => Promise.reject(new Error("Nothing is steered")),
    },
  });
  await using _ = threads;
  await threads.serve({ address: tcp(), workers: 2 });
  await threads.renew(10);
  await threads.renew(10);
  assertEquals(asked, 1);
});

Deno.test("HttpThreads start no thread while there are too few file descriptors", async () => {
  let [pressure, asked] = [false, 0];
  const { threads, started, clock } = fakeThreads({ pressure: () => (asked++, pressure) });
  await using _ = threads;
  const address = tcp();
  await threads.serve({ address, workers: 2 });
  pressure = true;
  await assertRejects(
    () => threads.serve({ address, workers: 3 }),
    Error,
    "too few file descriptors to start a thread",
  );
  started[0]!.events.died("out of luck");
  asked = 0;
  await clock.advance(1_000);
  assert(asked > 0, "Nobody tried to replace it");
  assertEquals(started.length, 2);
  assertEquals(threads.size, 1);
});

Deno.test("HttpThreads.measure() asks every thread, and waits for none for long", async () => {
  const { threads, started, silent, tallied, clock } = fakeThreads();
  await using _ = threads;
  await threads.serve({ address: tcp(), workers: 3 });
  silent.add(1);
  const measuring = threads.measure(1_000);
  await clock.advance(1_000);
  assertEquals((await measuring).map((one) => typeof one === "number" ? one : one.lag), [
    0,
    1_000,
    2,
  ]);
  // It is asked once, and late by as long as it has not answered.
  const again = threads.measure(1_000);
  await clock.advance(1_000);
  assertEquals((await again)[1], 2_000);
  assertEquals(types(started[1]!).filter((type) => type === "measure").length, 1);
  // What comes late counts all the same.
  assertEquals(tallied.length, 4);
  started[1]!.events.message({ type: "measured", measure: measureOf(1) });
  assertEquals(tallied.at(-1)?.mirrors, { 2: 1 });
});

Deno.test("HttpThreads count the threads that died", async () => {
  const { threads, started, clock } = fakeThreads();
  await using _ = threads;
  await threads.serve({ address: tcp(), workers: 2 });
  assertEquals(threads.restarts, 0);
  const measuring = threads.measure(1_000);
  started[0]!.events.died("No more");
  assertEquals(threads.restarts, 1);
  assertEquals((await measuring).length, 1);
  await clock.advance(100);
});
