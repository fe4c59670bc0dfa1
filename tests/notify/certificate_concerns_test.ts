import { assertEquals } from "@std/assert";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import { INITIAL_STATE } from "../../lib/catalog/mirror_state_fields.ts";
import { DEFAULT_SETTINGS } from "../../lib/catalog/settings/mirror_settings.ts";
import { certificateConcerns } from "../../lib/notify/mirror_concerns.ts";

const DAY = 86_400_000;
const ENDS = Date.UTC(2026, 11, 24, 12);
const MIRROR: MirrorRecord = {
  ...DEFAULT_SETTINGS,
  ...INITIAL_STATE,
  id: 7,
  enabled: true,
  httpUrl: "https://m.example/",
  certificate: { ends: ENDS, warned: 0 },
};

/** The level that is told some days before the end; `null`: nothing is. */
function levelAt(days: number, values: Partial<MirrorRecord> = {}): string | null {
  const [concern] = certificateConcerns({ ...MIRROR, ...values }, ENDS - days * DAY);
  return concern === undefined ? null : concern.level.split(" ")[0]!;
}

Deno.test("certificateConcerns() tells 14 days before the end, and again 3 days before", () => {
  const levels = [15, 14.01, 14, 3.01, 3, 0, -1].map((days) => levelAt(days));
  assertEquals(levels, [null, null, "14", "14", "3", "3", "3"]);
  const [soon] = certificateConcerns(MIRROR, ENDS - 2 * DAY);
  assertEquals(soon, {
    event: "certificate",
    subject: 7,
    reason: "its certificate ends on 2026-12-24",
    cause: "",
    since: ENDS - 3 * DAY,
    level: `3 ${ENDS}`,
  });
  const [late] = certificateConcerns(MIRROR, ENDS + DAY);
  assertEquals(late?.reason, "its certificate ended on 2026-12-24");
});

Deno.test("certificateConcerns() leaves alone who is off, has none, or offers no HTTPS", () => {
  assertEquals(levelAt(1, { enabled: false }), null);
  assertEquals(levelAt(1, { certificate: null }), null);
  assertEquals(levelAt(1, { httpUrl: "http://m.example/" }), null);
  assertEquals(levelAt(1, { httpUrl: "m.example/" }), "3");
});
