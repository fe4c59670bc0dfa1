import { assert, assertEquals } from "@std/assert";
import { OwnShare } from "../../../lib/http/request/own_share.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const LIMITS = {
  ...{ below: 1, patterns: [], lastResort: false, accel: null },
  ...{ maxBytesPerSecond: 1_000_000, maxConnections: 4 },
};

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
  // What may be sent at once counts besides.
  assert(sent > 4_900_000 && sent <= 5_500_000, `${sent} bytes`);
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
  assert(count > 40 && count < 100, `${count}`);
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
