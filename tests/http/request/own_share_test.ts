import { assert, assertEquals } from "@std/assert";
import type { Timer } from "../../../lib/clock/clock.ts";
import { OwnShare } from "../../../lib/http/request/own_share.ts";
import { seededRandom } from "../../selection/fixtures.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const LIMITS = {
  ...{ below: 1, patterns: [], lastResort: false, accel: null },
  ...{ maxBytesPerSecond: 1_000_000, maxConnections: 4 },
};

/** Milliseconds. */
const TIME = 5_000;

/** A clock of a busy thread: what was due while time passed is done at its end. */
class BusyClock {
  #time = 0;
  #timers: { readonly due: number; readonly action: () => void }[] = [];

  readonly elapsed = (): number => this.#time;
  readonly after = (milliseconds: number, action: () => void): Timer => {
    const timer = { due: this.#time + milliseconds, action };
    this.#timers.push(timer);
    return {
      [Symbol.dispose]: () => void (this.#timers = this.#timers.filter((t) => t !== timer)),
    };
  };

  async pass(milliseconds: number): Promise<void> {
    this.#time += milliseconds;
    const due = this.#timers.filter((timer) => timer.due <= this.#time);
    this.#timers = this.#timers.filter((timer) => !due.includes(timer));
    for (const { action } of due) action();
    // What follows takes no time.
    for (let turn = 0; turn < 50; turn++) await null;
  }
}

/** Sends for as long as it may, and counts the bytes. */
function send(share: OwnShare, length: number): { readonly sent: () => number } | null {
  const sending = share.begin(length);
  if (sending === null) return null;
  let sent = 0;
  void (async () => {
    using _sending = sending;
    while (sent < length) {
      const bytes = Math.min(sending.part, length - sent);
      await sending.next(bytes);
      sent += bytes;
    }
  })();
  return { sent: () => sent };
}

Deno.test("OwnShare lets so many files at once, and gives a place back once", () => {
  const share = new OwnShare(new FakeClock());
  assertEquals(share.begin(1), null);
  share.configure(LIMITS, 1);
  const all = Array.from({ length: 4 }, () => share.begin(1)!);
  assertEquals(share.begin(1), null);
  all[0]![Symbol.dispose]();
  all[0]![Symbol.dispose]();
  assertEquals(share.size, 3);
  assert(share.begin(1) !== null);
  assertEquals(share.begin(1), null);
  share.configure(LIMITS, 4);
  assertEquals(share.begin(1), null);
  share.configure({ ...LIMITS, maxConnections: 2 }, 4);
  for (const one of all) one[Symbol.dispose]();
  assertEquals(share.size, 1);
});

Deno.test("OwnShare lets every thread send one file at least, where any may be sent", () => {
  const most = (maxConnections: number, threads: number): number => {
    const share = new OwnShare(new FakeClock());
    share.configure({ ...LIMITS, maxConnections }, threads);
    while (share.begin(1) !== null);
    return share.size;
  };
  assertEquals([most(9, 4), most(4, 4), most(3, 4), most(1, 4), most(0, 4)], [2, 1, 1, 1, 0]);
});

Deno.test("OwnShare sends no more than it may, to all together", async () => {
  const clock = new FakeClock();
  const share = new OwnShare(clock);
  share.configure(LIMITS, 2);
  const one = send(share, 50_000_000)!;
  const other = send(share, 50_000_000)!;
  await clock.advance(10_000);
  const sent = one.sent() + other.sent();
  assert(sent > 4_900_000 && sent <= 5_250_000, `${sent} bytes`);
  assert(Math.abs(one.sent() - other.sent()) < 200_000, `${one.sent()} ${other.sent()}`);
});

Deno.test("OwnShare keeps something for small files; a further large one goes elsewhere", async () => {
  const clock = new FakeClock();
  const share = new OwnShare(clock);
  share.configure(LIMITS, 1);
  send(share, 50_000_000);
  await clock.advance(5_000);
  assertEquals(send(share, 10_000_000), null);
  const small = send(share, 4_000);
  await clock.advance(0);
  assertEquals(small?.sent(), 4_000);
  // Many small ones use all of it up.
  let count = 0;
  for (let one; count < 1_000 && (one = share.begin(4_000)) !== null; count++) {
    one[Symbol.dispose]();
  }
  assert(count > 40 && count < 250, `${count}`);
});

Deno.test("OwnShare begins many large files within a moment, and more once nobody waits any longer", async () => {
  const clock = new FakeClock();
  const share = new OwnShare(clock);
  share.configure({ ...LIMITS, maxBytesPerSecond: 10_000_000, maxConnections: 100 }, 1);
  // All of them together take less than a second's bytes.
  const first = Array.from({ length: 20 }, () => send(share, 300_000));
  await clock.advance(300);
  const second = Array.from({ length: 5 }, () => send(share, 300_000));
  assert([...first, ...second].every((one) => one !== null), "some were refused");
  await clock.advance(2_000);
  assertEquals([...first, ...second].map((one) => one?.sent()), Array(25).fill(300_000));
  const large = send(share, 20_000_000)!;
  await clock.advance(1_000);
  assertEquals(send(share, 300_000), null);
  await clock.advance(1_000);
  assertEquals([large.sent(), share.size], [20_000_000, 0]);
  assertEquals(send(share, 300_000) === null, false);
});

Deno.test("OwnShare lets a few milliseconds' worth go at once, and makes up for late timers", async () => {
  for (const threads of [1, 4]) {
    const clock = new BusyClock();
    const share = new OwnShare(clock);
    const rate = 50_000 / threads;
    share.configure(
      { ...LIMITS, maxBytesPerSecond: rate * 1000 * threads, maxConnections: 400 },
      threads,
    );
    const all = Array.from({ length: 100 }, () => send(share, 1_000_000_000)!);
    await clock.pass(0);
    const sent = (): number => all.reduce((sum, one) => sum + one.sent(), 0);
    let before = sent();
    let most = 0;
    const random = seededRandom(7);
    for (let time = 0; time < TIME;) {
      // Now and then the thread has something else to do.
      const late = random() < 0.015 ? Math.floor(random() * 80) : 1;
      time += late;
      await clock.pass(late);
      const now = sent();
      most = Math.max(most, now - before);
      before = now;
    }
    // What each begins with is not paced.
    const paced = sent() - 100 * 65_536;
    assert(most <= Math.max(65_536, 4 * rate), `${most} bytes at once`);
    assert(paced > 0.95 * TIME * rate && paced < 1.05 * TIME * rate, `${paced} bytes`);
  }
});

Deno.test("OwnShare forgets who waits and goes away", async () => {
  const clock = new FakeClock();
  const share = new OwnShare(clock);
  share.configure({ ...LIMITS, maxBytesPerSecond: 1_000 }, 3);
  const sending = share.begin(10_000)!;
  assert(sending.part < 100);
  let sent = 0;
  const done = (async () => {
    for (; share.size > 0; sent++) await sending.next(sending.part);
  })();
  await clock.advance(100);
  assert(clock.waiting > 0);
  sending[Symbol.dispose]();
  await done;
  await clock.advance(100);
  assertEquals(clock.waiting, 0);
  assert(sent < 10, `${sent}`);
});

Deno.test("OwnShare lets what is being sent come to its end when nothing is sent any more", async () => {
  const clock = new FakeClock();
  const share = new OwnShare(clock);
  share.configure(LIMITS, 1);
  const one = send(share, 50_000_000)!;
  await clock.advance(1_000);
  share.configure(null, 1);
  await clock.advance(1_000);
  assertEquals([one.sent(), share.size, clock.waiting], [50_000_000, 0, 0]);
  assertEquals(share.begin(1), null);
});
