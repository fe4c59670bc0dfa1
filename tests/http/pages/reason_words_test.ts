import { assertEquals } from "@std/assert";
import type { MirrorRecord } from "../../../lib/catalog/mirror_state.ts";
import { reasonLabel, reasonText } from "../../../lib/http/pages/reason_words.ts";
import { ENGLISH } from "../../../lib/http/pages/words/words.ts";
import type { ExclusionReason } from "../../../lib/selection/exclusion_reason.ts";
import { mirrorRecord } from "../../selection/fixtures.ts";

const SINCE = Date.UTC(2026, 10, 22);

const REFUSED = {
  ...{ kind: "connect", text: "connection refused", address: "192.0.2.7" } as const,
  ...{ milliseconds: 12, reason: "Unreachable", since: SINCE },
};

function words(
  reason: ExclusionReason,
  changes: Partial<MirrorRecord> = {},
  size?: number,
): string {
  const mirror = mirrorRecord(1, { stateSince: SINCE, ...changes });
  const copy = size === undefined ? undefined : { mirrorId: 1, size, modTime: null };
  const exclusion = { mirror, url: "http://m/", distance: 0, reason };
  return reasonText(ENGLISH, exclusion, { size: 734_003_200 }, copy);
}

Deno.test("reasonText() says what is wrong so that people understand it", () => {
  const hour = 3_600_000;
  assertEquals(words({ type: "time", difference: -451 * hour }), "18 days newer than the source");
  assertEquals(words({ type: "time", difference: 2 * hour }), "2 hours older than the source");
  assertEquals(words({ type: "size" }, {}, 5), "5 bytes in place of 700.0 MiB");
  assertEquals(
    words({ type: "size" }, {}, 734_003_201),
    "734,003,201 bytes in place of 734,003,200 bytes",
  );
  assertEquals(words({ type: "size" }), "Another size");
  assertEquals(words({ type: "not_scanned", age: 50 * hour }), "Not scanned for 2 days");
  assertEquals(words({ type: "revision", age: hour }), "Older revision, by 1 hour");
  assertEquals(
    words({ type: "downtime", until: SINCE }),
    "Planned downtime until 22 Nov 2026, 00:00 UTC",
  );
  assertEquals(words({ type: "downtime", until: null }), "Planned downtime");
  assertEquals(words({ type: "country" }), "Own country only");
  assertEquals(words({ type: "rule", number: 3 }), "Rule 3");
  assertEquals(words({ type: "family", family: 6 }), "No IPv6");
});

Deno.test("reasonText() says over which scheme a mirror is down, and why", () => {
  const refused = { httpDownCause: REFUSED };
  const text = "HTTP unreachable: connection refused";
  assertEquals(words({ type: "down", detail: "Unreachable" }, refused), text);
  assertEquals(words({ type: "down_not_https", detail: "Unreachable" }, refused), text);
  assertEquals(words({ type: "down_not_http", detail: "" }), "HTTPS down");
  assertEquals(
    words({ type: "down_both", http: "Unreachable", https: "Got status code 500" }, refused),
    `${text}; HTTPS: Got status code 500`,
  );
  // What explained another state does not count.
  assertEquals(
    words({ type: "down", detail: "Unreachable" }, { ...refused, stateSince: SINCE + 5000 }),
    "HTTP unreachable",
  );
  for (const type of ["down", "down_not_http"] as const) {
    assertEquals(reasonLabel(ENGLISH, { type, detail: "Unreachable" }), "Down");
  }
});
