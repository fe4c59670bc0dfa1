import { assertEquals } from "@std/assert";
import { rankAll } from "../../lib/selection/rank_all.ts";
import { select } from "../../lib/selection/select.ts";
import { clientRecord, mirrorRecord, requestFor, seededRandom } from "./fixtures.ts";

const AT_HOME = Array.from({ length: 8 }, (_, index) => mirrorRecord(index + 1));
const FAR = [mirrorRecord(9, { longitude: 120 }), mirrorRecord(10, { longitude: 90 })];

function idsFor(client: ReturnType<typeof clientRecord> | null, seed: number): number[] {
  const request = { ...requestFor([...AT_HOME, ...FAR], { client }), random: seededRandom(seed) };
  return rankAll(request).map(({ mirror }) => mirror.id);
}

Deno.test("rankAll() begins as a redirect would, cuts nobody, and puts those outside the draw last", () => {
  for (let seed = 1; seed < 50; seed++) {
    const ids = idsFor(clientRecord(), seed);
    const request = requestFor([...AT_HOME, ...FAR], { client: clientRecord() });
    const drawn = select({ ...request, ranked: false, random: seededRandom(seed) }).candidates;
    assertEquals(ids.slice(0, 5), drawn.map(({ mirror }) => mirror.id));
    assertEquals(ids.slice(0, 8).toSorted((a, b) => a - b), [1, 2, 3, 4, 5, 6, 7, 8]);
    assertEquals(ids.slice(8), [10, 9]);
  }
});

Deno.test("rankAll() leaves nothing to chance outside of the draw, where the place of the client is known", () => {
  for (let seed = 1; seed < 20; seed++) {
    const records = [...AT_HOME.slice(0, 2), ...FAR];
    const request = requestFor(records, { client: clientRecord() });
    const ids = rankAll({ ...request, random: seededRandom(seed) }).map(({ mirror }) => mirror.id);
    assertEquals(ids.slice(2), [10, 9]);
  }
});

Deno.test("rankAll() draws all for a client of unknown place, each as likely to be the sixth", () => {
  const sixth = new Map<number, number>();
  for (let seed = 1; seed <= 1000; seed++) {
    const ids = idsFor(null, seed);
    assertEquals(ids.toSorted((a, b) => a - b), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    sixth.set(ids[5]!, (sixth.get(ids[5]!) ?? 0) + 1);
  }
  assertEquals([...sixth.values()].every((count) => count > 50 && count < 170), true);
});
