import { assertEquals } from "@std/assert";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import type { QuotaUse } from "../../lib/stats/quota_watch.ts";
import { INITIAL_STATE } from "../../lib/catalog/mirror_state_fields.ts";
import { DEFAULT_SETTINGS } from "../../lib/catalog/settings/mirror_settings.ts";
import { quotaConcerns } from "../../lib/notify/mirror_concerns.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const MIRROR: MirrorRecord = { ...DEFAULT_SETTINGS, ...INITIAL_STATE, id: 7, maxMonth: 25e12 };
const USE = { mirrorId: 7, mark: 80, text: "80 % of 25TB used", start: "2026-11-12" } as QuotaUse;

Deno.test("quotaConcerns() tells at each mark once for each month", () => {
  const [concern] = quotaConcerns(MIRROR, [USE], NOW);
  assertEquals(concern, {
    event: "quota",
    subject: 7,
    reason: "80 % of 25TB used",
    cause: "",
    since: Date.UTC(2026, 10, 12),
    level: "80 2026-11-12",
  });
  const levels = [
    { ...USE, mark: 100 } as QuotaUse,
    { ...USE, start: "2026-12-12" } as QuotaUse,
  ].map((use) => quotaConcerns(MIRROR, [use], NOW)[0]?.level);
  assertEquals(levels, ["100 2026-11-12", "80 2026-12-12"]);
});

Deno.test("quotaConcerns() tells nothing of others, and waits while nobody knows", () => {
  assertEquals(quotaConcerns(MIRROR, [{ ...USE, mirrorId: 8 } as QuotaUse], NOW), []);
  assertEquals(quotaConcerns(MIRROR, [], NOW), []);
  assertEquals(quotaConcerns(MIRROR, null, NOW)[0]?.held, true);
  assertEquals(quotaConcerns({ ...MIRROR, maxMonth: 0 }, null, NOW), []);
});
