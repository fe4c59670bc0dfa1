import { assert, assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { AddressRangeList, parseAddressRange } from "../../lib/net/address_range.ts";
import { type NetworkNode, NetworkTable } from "../../lib/net/network_table.ts";

function chain(node: NetworkNode<string> | null): string[] {
  return node === null ? [] : [...node.values, ...chain(node.parent)];
}

function table(...networks: string[]): NetworkTable<string> {
  return new NetworkTable(networks.map((network) => ({ network, value: network })));
}

Deno.test("NetworkTable finds the narrowest network, and those around it", () => {
  const nets = table(
    "192.0.2.0/24",
    "192.0.2.128/25",
    "192.0.2.130",
    "2001:db8::/32",
    "2001:db8:8000::/33",
    "255.255.255.255/32",
    "0.0.0.0/0",
  );
  const cases: [address: string, found: string[]][] = [
    ["192.0.2.1", ["192.0.2.0/24", "0.0.0.0/0"]],
    ["192.0.2.130", ["192.0.2.130", "192.0.2.128/25", "192.0.2.0/24", "0.0.0.0/0"]],
    ["192.0.2.131", ["192.0.2.128/25", "192.0.2.0/24", "0.0.0.0/0"]],
    ["192.0.3.0", ["0.0.0.0/0"]],
    ["255.255.255.255", ["255.255.255.255/32", "0.0.0.0/0"]],
    ["::ffff:192.0.2.1", ["192.0.2.0/24", "0.0.0.0/0"]],
    ["2001:db8::1", ["2001:db8::/32"]],
    ["2001:db8:8000::", ["2001:db8:8000::/33", "2001:db8::/32"]],
    ["2001:db9::", []],
    ["::", []],
    ["nonsense", []],
  ];
  for (const [address, found] of cases) assertEquals(chain(nets.find(address)), found, address);
});

Deno.test("NetworkTable takes mapped networks, host bits and several values for one network", () => {
  const nets = table("::ffff:10.0.0.0/104", "10.1.2.3/8", "10.0.0.0/8", "::/0", "ffff::/16");
  assertEquals(nets.size, 3);
  assertEquals(chain(nets.find("10.255.255.255")), [
    "::ffff:10.0.0.0/104",
    "10.1.2.3/8",
    "10.0.0.0/8",
  ]);
  assertEquals(chain(nets.find("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")), ["ffff::/16", "::/0"]);
  assertEquals(chain(nets.find("11.0.0.0")), []);
});

Deno.test("NetworkTable knows nothing when it is empty, and refuses what is no network", () => {
  assertEquals(table().find("192.0.2.1"), null);
  assertThrows(() => table("192.0.2.0/33"), TypeError, '"192.0.2.0/33"');
});

Deno.test("NetworkTable finds what a plain search of all networks finds", () => {
  const byte = fc.integer({ min: 0, max: 3 }).map((n) => [0, 1, 128, 255][n]!);
  const v4 = fc.array(byte, { minLength: 4, maxLength: 4 }).map((b) => b.join("."));
  const group = fc.constantFrom("0", "1", "8000", "fffe");
  const v6 = fc.array(group, { minLength: 8, maxLength: 8 }).map((g) => g.join(":"));
  const network = fc.oneof(
    fc.tuple(v4, fc.integer({ min: 0, max: 32 })),
    fc.tuple(v6, fc.integer({ min: 0, max: 128 })),
  ).map(([address, bits]) => `${address}/${bits}`);
  fc.assert(
    fc.property(
      fc.array(network, { maxLength: 12 }),
      fc.array(fc.oneof(v4, v6), { minLength: 5, maxLength: 5 }),
      (networks, addresses) => {
        const nets = table(...networks);
        for (const address of addresses) {
          const bits = (text: string): number => parseAddressRange(text)!.prefixLength;
          const expected = networks.filter((one) => new AddressRangeList([one]).contains(address));
          assertEquals(
            chain(nets.find(address)).map(bits),
            expected.map(bits).sort((a, b) => b - a),
          );
        }
      },
    ),
    { numRuns: 3000 },
  );
});

Deno.test("NetworkTable holds 100 000 networks", () => {
  const entries = Array.from({ length: 100_000 }, (_, index) => ({
    network: `${1 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}.0/24`,
    value: index,
  }));
  const nets = new NetworkTable(entries);
  assert(
    entries.every(({ network, value }) => nets.find(network.slice(0, -3))?.values[0] === value),
  );
});
