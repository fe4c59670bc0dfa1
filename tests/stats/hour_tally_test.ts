import { assertEquals } from "@std/assert";
import { HourTally } from "../../lib/stats/hour_tally.ts";

const HOUR = 3_600_000;
const TIME = Date.UTC(2026, 10, 22, 15, 59, 59, 999);

Deno.test("HourTally counts what happens in which hour, and gives it out once", () => {
  const tally = new HourTally();
  tally.answered("redirect", TIME, false);
  tally.downloaded(TIME, "SE", 100);
  tally.answered("redirect", TIME, false);
  tally.downloaded(TIME, "??", 0);
  tally.answered("redirect", TIME, true);
  tally.answered("not_found", TIME + 1, false);
  tally.downloaded(TIME + 1, "", 7);
  // A clock that is set back.
  tally.answered("list", TIME, false);
  assertEquals(tally.take(), [
    {
      hour: "2026-11-22T15",
      counts: {
        ...{ downloads: 2, bytes: 100, bots: 1, "answer:redirect": 2, "answer:list": 1 },
        ...{ "country:SE": 1, "country:": 1 },
      },
    },
    {
      hour: "2026-11-22T16",
      counts: { downloads: 1, bytes: 7, "answer:not_found": 1, "country:": 1 },
    },
  ]);
  assertEquals(tally.take(), []);
});

Deno.test("HourTally tells when there is something to send, once", () => {
  const tally = new HourTally();
  let told = 0;
  tally.onFirst(() => told++);
  tally.answered("redirect", TIME, false);
  tally.answered("redirect", TIME + 2 * HOUR, false);
  tally.downloaded(TIME, "SE", 1);
  assertEquals(told, 1);
  tally.take();
  tally.answered("redirect", TIME, true);
  assertEquals(told, 2);
});

Deno.test("HourTally keeps a bounded number of hours, and loses nothing", () => {
  const tally = new HourTally();
  for (let i = 0; i < 500; i++) tally.downloaded(TIME + i * HOUR, "SE", 1);
  const taken = tally.take();
  assertEquals(taken.length, 96);
  assertEquals(taken.reduce((sum, { counts }) => sum + counts.downloads!, 0), 500);
});
