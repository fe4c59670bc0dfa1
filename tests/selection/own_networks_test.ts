import { assert, assertEquals } from "@std/assert";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import { ClientViews } from "../../lib/selection/client_view.ts";
import { OwnNetworks } from "../../lib/selection/own_networks.ts";
import { select } from "../../lib/selection/select.ts";
import type { Selection } from "../../lib/selection/selection.ts";
import { clientRecord, mirrorRecord, requestFor } from "./fixtures.ts";

/** The client is in France at 0°; mirror 1 is at 1°, the others farther and farther. */
function selected(
  changes: readonly Partial<MirrorRecord>[],
  address: string,
  { ranked = true, hidden = false, known = true } = {},
): Selection {
  const records = changes.map((change, index) =>
    mirrorRecord(index + 1, { longitude: 1 + 10 * index, ...change })
  );
  const request = requestFor(records, { ranked, hidden });
  const own = new OwnNetworks();
  own.take([...request.mirrors.values()].map(({ record }) => record));
  const place = known ? clientRecord() : null;
  return select({ ...request, client: new ClientViews().of(place, own.table.find(address)) });
}

function ids({ candidates }: Selection): number[] {
  return candidates.map(({ mirror }) => mirror.id);
}

const CAMPUS = { networks: ["192.0.2.0/24"] };
const LAB = { networks: ["192.0.2.128/25", "2001:db8::/32"] };

Deno.test("a client inside a mirror's network is sent there, and the others follow", () => {
  const mirrors = [{}, {}, CAMPUS, LAB];
  assertEquals(ids(selected(mirrors, "192.0.2.1")), [3, 1, 2, 4]);
  assertEquals(ids(selected(mirrors, "192.0.2.129")), [4, 1, 2, 3]);
  assertEquals(ids(selected(mirrors, "2001:db8::1")), [4, 1, 2, 3]);
  assertEquals(ids(selected(mirrors, "198.51.100.1")), [1, 2, 3, 4]);
  const { candidates } = selected(mirrors, "192.0.2.1");
  assertEquals(candidates.map(({ share }) => share), [100, null, null, null]);
});

Deno.test("mirrors with the same longest prefix share its clients by score", () => {
  const mirrors = [{}, { ...CAMPUS, score: 100 }, CAMPUS];
  const { candidates } = selected(mirrors, "192.0.2.1");
  assertEquals(candidates.map(({ mirror, share }) => [mirror.id, Math.round(share ?? 0)]), [
    [2, 67],
    [3, 33],
    [1, 0],
  ]);
  assertEquals(ids(selected(mirrors, "192.0.2.1", { ranked: false })).slice(2), [1]);
});

Deno.test("the longest prefix counts among those that may serve", () => {
  assertEquals(ids(selected([{}, CAMPUS, { ...LAB, enabled: false }], "192.0.2.129")), [2, 1]);
});

Deno.test("own networks need no place of the client", () => {
  const mirrors = [{}, CAMPUS, {}];
  assertEquals(ids(selected(mirrors, "192.0.2.1", { known: false })), [2, 1, 3]);
});

Deno.test("inside of its networks no restriction of a mirror counts", () => {
  const closed = {
    continentOnly: true,
    continentCode: "AS",
    countryOnly: true,
    asOnly: true,
    asNumber: 1,
    excludedCountryCodes: ["FR"],
  };
  assertEquals(ids(selected([{ ...CAMPUS, ...closed }], "192.0.2.1")), [1]);
  assertEquals(
    selected([{ ...CAMPUS, ...closed }], "192.0.3.1").excluded[0]?.reason.type,
    "continent",
  );
});

Deno.test("a mirror for its networks only is shown to nobody else", () => {
  const mirrors = [{}, { ...CAMPUS, networksOnly: true }];
  assertEquals(ids(selected(mirrors, "192.0.2.1")), [2, 1]);
  const outside = selected(mirrors, "192.0.3.1");
  assertEquals([ids(outside), outside.excluded], [[1], []]);
  const operator = selected(mirrors, "192.0.3.1", { hidden: true });
  assertEquals(operator.excluded.map(({ mirror, reason }) => [mirror.id, reason.type]), [
    [2, "networks"],
  ]);
  const broken = [{}, { ...CAMPUS, networksOnly: true, enabled: false }];
  assertEquals(selected(broken, "192.0.3.1").excluded, []);
  assertEquals(selected(broken, "192.0.2.1").excluded.length, 1);
});

Deno.test("a monopoly is alone while it may serve", () => {
  const mirrors = [{}, { ...CAMPUS, monopoly: true }, LAB];
  assertEquals(ids(selected(mirrors, "192.0.2.1")), [2]);
  assertEquals(ids(selected(mirrors, "192.0.2.129")), [3, 2]);
  assertEquals(ids(selected(mirrors, "192.0.3.1")), [1, 2, 3]);
  const gone = [{}, { ...CAMPUS, monopoly: true, httpUp: false }];
  assertEquals(ids(selected(gone, "192.0.2.1")), [1]);
});

Deno.test("OwnNetworks makes its table anew only when a network changes", () => {
  const mirrors = (change: Partial<MirrorRecord>) => [mirrorRecord(1, change), mirrorRecord(2)];
  const own = new OwnNetworks();
  assertEquals(own.take(mirrors({})), false);
  assertEquals(own.take(mirrors(CAMPUS)), true);
  const { table } = own;
  assertEquals(
    own.take(mirrors({ ...CAMPUS, networks: [...CAMPUS.networks], httpUp: false })),
    false,
  );
  assert(own.table === table);
  // Another program may have written what is no network.
  assertEquals(own.take(mirrors({ networks: ["campus", "192.0.2.0/24"] })), true);
  assertEquals(own.table.find("192.0.2.1")?.values, [1]);
  assertEquals(own.take(mirrors({})), true);
  assertEquals(own.table.size, 0);
});
