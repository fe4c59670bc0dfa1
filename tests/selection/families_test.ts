import { assertEquals } from "@std/assert";
import { type FamilyStates, type FamilyWord, validFamilies } from "../../lib/catalog/families.ts";
import { exclusionText } from "../../lib/http/render/exclusion_text.ts";
import { ClientViews } from "../../lib/selection/client_view.ts";
import { OwnNetworks } from "../../lib/selection/own_networks.ts";
import { prepareMirrors } from "../../lib/selection/prepare_mirrors.ts";
import { select } from "../../lib/selection/select.ts";
import { Selector } from "../../lib/selection/selector.ts";
import type { SelectionOptions } from "../../lib/selection/selection_options.ts";
import { clientRecord, mirrorRecord, OPTIONS, requestFor, rule, seededRandom } from "./fixtures.ts";

const states = (ipv4: FamilyWord, ipv6: FamilyWord): FamilyStates => ({
  ipv4: { state: ipv4, text: "", time: 0 },
  ipv6: { state: ipv6, text: "", time: 0 },
});

/** m1: both; m2: IPv4 alone; m3: IPv6 alone; m4: IPv4 down; m5: never checked; each farther away. */
const RECORDS = [
  states("up", "up"),
  states("up", "none"),
  states("none", "up"),
  states("down", "up"),
  null,
].map((families, index) =>
  mirrorRecord(index + 1, {
    families,
    longitude: 10 * (5 - index),
    networks: index === 1 ? ["10.0.0.0/8", "2001:db8::/32"] : [],
  })
);

function outcome(
  mode: SelectionOptions["ipFamilies"],
  family: 4 | 6 | null,
  { address = "198.51.100.1", rules = [] as Parameters<typeof rule>[] } = {},
): (number | string)[] {
  const options = {
    ipFamilies: mode,
    refuse: [],
    rules: rules.map((words) => rule(...words)),
  };
  const prepared = prepareMirrors(RECORDS, options);
  const own = new OwnNetworks();
  own.take(RECORDS, prepared.rules.networks);
  const client = new ClientViews().of(clientRecord(), own.table.find(address), family);
  const request = { ...requestFor(RECORDS), mirrors: prepared.mirrors, client };
  const { candidates, excluded } = select(request);
  // The selector decides the same.
  const selector = new Selector({ mirrors: prepared.mirrors, options: OPTIONS, named: 1 });
  const random = seededRandom(7);
  const again = seededRandom(7);
  for (let i = 0; i < 20; i++) {
    const drawn = select({ ...request, ranked: false, random }).candidates[0]?.mirror.id;
    assertEquals(selector.choose(request.indexed, client, "any", again)?.mirror.id, drawn);
  }
  return [
    ...candidates.map(({ mirror }) => mirror.id),
    ...excluded.map(({ mirror, reason }) => `${mirror.id} ${exclusionText(reason)}`),
  ];
}

Deno.test("select() puts mirrors last that are down on the client's family, by default", () => {
  assertEquals(outcome("prefer", 4), [5, 2, 1, 4, "3 No IPv4"]);
  assertEquals(outcome("prefer", 6), [5, 4, 3, 1, 2]);
  assertEquals(outcome("prefer", null), [5, 4, 3, 2, 1]);
});

Deno.test("select() leaves them out where the operator is strict, and tells none apart that is not", () => {
  assertEquals(outcome("strict", 4), [5, 2, 1, "3 No IPv4", "4 No IPv4"]);
  assertEquals(outcome("strict", 6), [5, 4, 3, 1, "2 No IPv6"]);
  assertEquals(outcome("ignore", 4), [5, 4, 3, 2, 1]);
  assertEquals(outcome("ignore", 6), [5, 4, 3, 2, 1]);
});

Deno.test("select() heeds families before own networks and rules", () => {
  assertEquals(outcome("prefer", 4, { address: "10.1.2.3" })[0], 2);
  assertEquals(outcome("prefer", 6, { address: "2001:db8::1" }), [5, 4, 3, 1, 2]);
  const rules = [["*", "m2", "first"], ["*", "m5", "last"]] satisfies Parameters<typeof rule>[];
  assertEquals(outcome("prefer", 6, { rules }), [4, 3, 1, 5, 2]);
  assertEquals(outcome("strict", 4, { rules: [["*", "m3", "never"]] }).slice(3), [
    "3 No IPv4",
    "4 No IPv4",
  ]);
});

Deno.test("validFamilies() forgets what was found out three intervals ago", () => {
  const found = { ...states("up", "down"), ipv6: { state: "down", text: "", time: 1000 } } as const;
  assertEquals(validFamilies(found, 180_000, 1), found);
  assertEquals(validFamilies(found, 180_500, 1)?.ipv4.state, "unknown");
  assertEquals(validFamilies(found, 180_500, 1)?.ipv6.state, "down");
  assertEquals(validFamilies(found, 181_001, 1), null);
  assertEquals(validFamilies(found, 180_000, 0), found);
  assertEquals(validFamilies(found, 540_000, 3), found);
  assertEquals(validFamilies(null, 0, 1), null);
});
