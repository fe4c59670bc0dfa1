import { assertEquals } from "@std/assert";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import { gaveUp } from "../../lib/monitor/gave_up.ts";
import { fakeMirror } from "../support/fake_store.ts";

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;

Deno.test("gaveUp() waits for as long as was set, while it looks at the mirror itself", () => {
  const why = (changes: Partial<MirrorRecord>, disableAfter = 120, watched = 2 * HOUR) =>
    gaveUp(fakeMirror(changes), { disableAfter, staleAfter: 60 }, NOW, watched);
  const down = { httpUp: false, httpsUp: false, stateSince: NOW - 2 * HOUR };
  assertEquals(why(down), "down for 2h");
  assertEquals(why({ ...down, stateSince: NOW - 2 * HOUR + 1 }), null);
  assertEquals(why(down, 120, 2 * HOUR - 1), null, "not watched for long enough");
  assertEquals(why(down, 0), null, "never");
  for (const changes of [{ enabled: false }, { unchecked: true }, { httpsUp: true }]) {
    assertEquals(why({ ...down, ...changes }), null);
  }
  assertEquals(why({ ...down, stateSince: null }), null, "never found");
  const scan = NOW - 1000;
  const behind = (lag: number): string | null =>
    why({
      ...{ httpUp: true, stateSince: NOW - 9 * HOUR, lastSync: scan, lastSuccessfulSync: scan },
      scanNumbers: {
        ...{ current: 1, older: 1, size: 0, newer: 0, missing: 0, foreign: 0 },
        ...{ behindSince: NOW - lag, scan },
      },
    });
  // An hour is not worth a word, and two more are too many.
  assertEquals([behind(3 * HOUR), behind(3 * HOUR - 1)], ["behind by 3h", null]);
});
