import { assertEquals } from "@std/assert";
import { ClientViews } from "../../lib/selection/client_view.ts";
import { OwnNetworks } from "../../lib/selection/own_networks.ts";
import { prepareMirrors } from "../../lib/selection/prepare_mirrors.ts";
import { select } from "../../lib/selection/select.ts";
import { clientRecord, mirrorRecord, requestFor } from "./fixtures.ts";

/** Three mirrors at the same place, the second with an own network. @returns ID and share */
function shares(quotas: [number, number][], address = "198.51.100.1", known = true) {
  const records = [
    mirrorRecord(1, { longitude: 1 }),
    mirrorRecord(2, { longitude: 1, networks: ["192.0.2.0/24"] }),
    mirrorRecord(3, { longitude: 40 }),
  ];
  const { mirrors } = prepareMirrors(
    records,
    { rules: [], refuse: [] },
    new Map(),
    new Map(quotas),
  );
  const own = new OwnNetworks();
  own.take(records);
  const client = new ClientViews().of(known ? clientRecord() : null, own.table.find(address));
  const { candidates, excluded } = select({ ...requestFor(records), mirrors, client });
  return [
    ...candidates.map(({ mirror, share }) =>
      `${mirror.id} ${share === null ? "-" : Math.round(share)}`
    ),
    ...excluded.map(({ mirror, reason }) => `${mirror.id} ${reason.type}`),
  ];
}

Deno.test("a quota that is nearly used lowers the share, and used up leaves the mirror out", () => {
  assertEquals(shares([]), ["1 50", "2 50", "3 -"]);
  assertEquals(shares([[2, 0.25]]), ["1 80", "2 20", "3 -"]);
  assertEquals(shares([[2, 0]]), ["1 100", "3 -", "2 quota"]);
  assertEquals(shares([[1, 0], [2, 0], [3, 0]]), ["1 quota", "2 quota", "3 quota"]);
});

Deno.test("quotas do not count for clients of a mirror's own networks", () => {
  assertEquals(shares([[2, 0.25]], "192.0.2.1"), ["2 100", "1 -", "3 -"]);
  assertEquals(shares([[2, 0]], "192.0.2.1"), ["2 100", "1 -", "3 -"]);
});

Deno.test("quotas count for clients who are nowhere", () => {
  assertEquals(shares([[2, 0]], "198.51.100.1", false), ["1 -", "3 -", "2 quota"]);
});

Deno.test("whoever is alone serves its own networks, though its quota is used up and its family is down", () => {
  const up = { state: "up", text: "", time: 0 } as const;
  const families = { ipv4: up, ipv6: { ...up, state: "down" } } as const;
  const records = [1, 2].map((id) => mirrorRecord(id, { families, networks: ["2001:db8::/32"] }));
  const quotas = new Map([[1, 0], [2, 0.5]]);
  const { mirrors } = prepareMirrors(records, { rules: [], refuse: [] }, new Map(), quotas);
  const own = new OwnNetworks();
  own.take(records);
  const client = new ClientViews().of(null, own.table.find("2001:db8::1"), 6);
  const request = { ...requestFor(records, { ranked: false }), mirrors, client };
  const drawn = [0, 0.99].map((random) => {
    const { candidates } = select({ ...request, random: () => random });
    return candidates.map(({ mirror }) => mirror.id);
  });
  assertEquals(drawn, [[1, 2], [2, 1]]);
});
