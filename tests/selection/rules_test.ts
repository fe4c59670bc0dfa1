import { assertEquals } from "@std/assert";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import type { SelectionRule } from "../../lib/catalog/selection_rule.ts";
import type { GeoRecord } from "../../lib/geo/geo_record.ts";
import { ClientViews } from "../../lib/selection/client_view.ts";
import { OwnNetworks } from "../../lib/selection/own_networks.ts";
import { prepareMirrors } from "../../lib/selection/prepare_mirrors.ts";
import { RuleSet } from "../../lib/selection/rule_set.ts";
import { select } from "../../lib/selection/select.ts";
import { clientRecord, mirrorRecord, requestFor, rule } from "./fixtures.ts";

/** Mirrors m1, m2, … at 1°, 11°, 21° …; the client is in France at 0°, in AS 64500. */
const MIRRORS: readonly Partial<MirrorRecord>[] = [
  { countryCodes: ["UA"], tags: ["Fast"] },
  { countryCodes: ["DE", "UA"], networks: ["10.1.0.0/16"] },
  { countryCodes: ["US"], continentCode: "NA", asNumber: 64501, httpUrl: "http://192.0.2.7/" },
];

/** @returns IDs in order of rank; those left out by a rule as text */
function outcome(
  rules: readonly SelectionRule[],
  {
    client = clientRecord({ asNumber: 64500 }),
    address = "198.51.100.1",
    mirrors = MIRRORS,
  }: {
    readonly client?: GeoRecord | null;
    readonly address?: string;
    readonly mirrors?: readonly Partial<MirrorRecord>[];
  } = {},
): (number | string)[] {
  const records = mirrors.map((change, index) =>
    mirrorRecord(index + 1, { longitude: 1 + 10 * index, ...change })
  );
  const prepared = prepareMirrors(records, { rules, refuse: [] });
  const own = new OwnNetworks();
  own.take(records, prepared.rules.networks);
  const { candidates, excluded } = select({
    ...requestFor(records),
    mirrors: prepared.mirrors,
    client: new ClientViews().of(client, own.table.find(address)),
  });
  return [
    ...candidates.map(({ mirror }) => mirror.id),
    ...excluded.map(({ mirror, reason }) =>
      `${mirror.id} ${reason.type}${reason.type === "rule" ? ` ${reason.number}` : ""}`
    ),
  ];
}

Deno.test("rules name clients and mirrors by each of their words", () => {
  const cases: [client: string, mirror: string, outcome: (number | string)[]][] = [
    ["FR", "UA", [2, 3, "1 rule 1"]],
    ["DE FR", "UA", [2, 3, "1 rule 1"]],
    ["@EU", "@NA", [1, 2, "3 rule 1"]],
    ["AS64500", "AS64501", [1, 2, "3 rule 1"]],
    ["198.51.100.0/24", "192.0.2.0/24", [1, 2, "3 rule 1"]],
    ["*", "10.0.0.0/8", [1, 3, "2 rule 1"]],
    ["*", "10.1.2.0/24", [1, 2, 3]],
    // It begins where m2's own network does, which is wider.
    ["*", "10.1.0.0/24", [1, 2, 3]],
    ["*", "M*", ["1 rule 1", "2 rule 1", "3 rule 1"]],
    ["*", "m1*", [2, 3, "1 rule 1"]],
    ["*", "*1", [2, 3, "1 rule 1"]],
    ["*", "*m*3*", [1, 2, "3 rule 1"]],
    ["*", "tag:FAST", [2, 3, "1 rule 1"]],
    ["*", "tag:fas", [1, 2, 3]],
    ["DE", "*", [1, 2, 3]],
    ["AS1", "*", [1, 2, 3]],
    ["10.0.0.0/8", "*", [1, 2, 3]],
    ["m2", "*", [1, 2, 3]],
  ];
  for (const [client, mirror, expected] of cases) {
    assertEquals(outcome([rule(client, mirror, "never")]), expected, `${client} / ${mirror}`);
  }
});

Deno.test("a mirror's name among the clients means those of its own networks", () => {
  const address = "10.1.2.3";
  assertEquals(outcome([rule("m2", "UA", "never")], { address }), [2, 3, "1 rule 1"]);
  assertEquals(outcome([rule("m3", "UA", "never")], { address }), [2, 1, 3]);
});

Deno.test("a client without a place is anybody's, and that of its network", () => {
  const client = null;
  assertEquals(outcome([rule("FR @EU AS64500", "*", "never")], { client }), [1, 2, 3]);
  assertEquals(outcome([rule("*", "UA", "never")], { client }), [2, 3, "1 rule 1"]);
  assertEquals(outcome([rule("198.51.100.1", "UA", "never")], { client }), [2, 3, "1 rule 1"]);
});

Deno.test("the first rule that matches counts, for each mirror", () => {
  const rules = [
    rule("DE", "*", "never"),
    rule("FR", "m1", "last"),
    rule("FR", "m1 m2", "never"),
    rule("FR", "m3", "first"),
  ];
  assertEquals(outcome(rules), [3, 1, "2 rule 3"]);
});

Deno.test("last is behind all others, first before them, and alone they serve", () => {
  assertEquals(outcome([rule("*", "m1", "last")]), [2, 3, 1]);
  assertEquals(outcome([rule("*", "m3", "first")]), [3, 1, 2]);
  assertEquals(outcome([rule("*", "*", "last")]), [1, 2, 3]);
  assertEquals(outcome([rule("*", "m2 m3", "never"), rule("*", "m1", "last")]), [
    1,
    "2 rule 1",
    "3 rule 1",
  ]);
});

Deno.test("with only the client gets nobody else", () => {
  assertEquals(outcome([rule("FR", "m2", "only")]), [2, "1 rule 1", "3 rule 1"]);
  assertEquals(outcome([rule("DE", "m2", "only")]), [1, 2, 3]);
  const down = MIRRORS.map((mirror, index) => index === 1 ? { ...mirror, httpUp: false } : mirror);
  assertEquals(outcome([rule("FR", "m2", "only")], { mirrors: down }), [
    "1 rule 1",
    "2 down_not_https",
    "3 rule 1",
  ]);
  const rules = [rule("FR", "m1", "first"), rule("FR", "m2 m3", "only"), rule("*", "m3", "never")];
  assertEquals(outcome(rules), [2, 3, "1 rule 2"]);
});

Deno.test("a rule holds inside of a mirror's own networks, too", () => {
  const address = "10.1.2.3";
  assertEquals(outcome([rule("FR", "m2", "never")], { address }), [1, 3, "2 rule 1"]);
  assertEquals(outcome([rule("FR", "m3", "first")], { address }), [2, 3, 1]);
});

Deno.test("RuleSet refuses clients with the status of the first rule that matches", () => {
  const words = (text: string) => rule(text, "*", "never").client;
  const rules = new RuleSet([], [
    { client: words("FR"), status: 451 },
    { client: words("*"), status: 403 },
  ], []);
  const views = new ClientViews();
  assertEquals(rules.refusalOf(views.of(clientRecord(), null)), 451);
  assertEquals(rules.refusalOf(views.of(null, null)), 403);
  assertEquals(new RuleSet([], [], []).refusalOf(views.of(null, null)), null);
});

Deno.test("prepareMirrors() keeps what was prepared while there are no rules", () => {
  const records = [mirrorRecord(1), mirrorRecord(2)];
  const plain = { rules: [], refuse: [] };
  const { mirrors } = prepareMirrors(records, plain);
  const again = prepareMirrors([records[0]!, mirrorRecord(2)], plain, mirrors).mirrors;
  assertEquals([again.get(1) === mirrors.get(1), again.get(2) === mirrors.get(2)], [true, false]);
  const ruled = prepareMirrors(records, { ...plain, rules: [rule("*", "m1", "last")] }, mirrors);
  assertEquals(ruled.mirrors.get(1)!.rules.own.length, 1);
  const free = prepareMirrors(records, plain, ruled.mirrors).mirrors;
  assertEquals(free.get(1)!.rules.own.length, 0);
  // A quota that is used up is heard of, and one that begins anew.
  const used = prepareMirrors(records, plain, mirrors, new Map([[2, 0]])).mirrors;
  assertEquals([used.get(1) === mirrors.get(1), used.get(2)!.quota], [true, 0]);
  assertEquals(prepareMirrors(records, plain, used).mirrors.get(2)!.quota, 1);
});

Deno.test("a mirror that a rule leaves out is not told of another one that says only", () => {
  const rules = [rule("FR", "m1", "never"), rule("FR", "m2", "only")];
  assertEquals(outcome(rules), [2, "1 rule 1", "3 rule 2"]);
});

/** Who is named to a client in France, and with which share: two near, one far away, and one more. */
function named(
  rules: readonly SelectionRule[],
  changes: readonly Partial<MirrorRecord>[],
): [id: number, share: number | null][] {
  const records = changes.map((change, index) => mirrorRecord(index + 1, change));
  const { mirrors } = prepareMirrors(records, { rules, refuse: [] });
  const { candidates } = select({
    ...requestFor(records, { client: clientRecord(), ranked: false }),
    mirrors,
  });
  return candidates.map(({ mirror, share }) => [mirror.id, share && Math.round(share)]);
}

Deno.test("after those that are first and drawn come the other first ones, then everybody else", () => {
  const near = { longitude: 1 };
  const changes = [near, near, { longitude: 60 }, near, { longitude: 2 }];
  const chosen = named([rule("*", "m1 m2 m3", "first"), rule("*", "m5", "last")], changes);
  assertEquals(chosen.map(([id]) => id), [1, 2, 3, 4, 5]);
});

Deno.test("where the largest shares of the first make up no whole, the usual ones join, and no last one", () => {
  const changes = [{ longitude: 10, maxShare: 20 }, { longitude: 20 }, { longitude: 30 }];
  const first = rule("*", "m1", "first");
  assertEquals(named([first, rule("*", "m3", "last")], changes), [[1, 20], [2, 80], [3, null]]);
  assertEquals(named([first, rule("*", "m2 m3", "last")], changes), [
    [1, 100],
    [2, null],
    [3, null],
  ]);
});
