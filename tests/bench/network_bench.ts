import { NetworkTable } from "../../lib/net/network_table.ts";
import { seededRandom } from "../selection/fixtures.ts";

const random = seededRandom(3);
const byte = (): number => Math.floor(random() * 256);
const word = (): string => Math.floor(random() * 65_536).toString(16);

/** Half of them IPv4, with prefixes of 16 to 32 bits, and half IPv6, of 24 to 64. */
const table = new NetworkTable(
  Array.from({ length: 100_000 }, (_, i) => ({
    network: i % 2 === 0
      ? `${1 + byte() % 223}.${byte()}.${byte()}.${byte()}/${16 + Math.floor(random() * 17)}`
      : `2${word().padStart(3, "0").slice(0, 3)}:${word()}:${word()}::/${
        24 + Math.floor(random() * 41)
      }`,
    value: i % 200,
  })),
);

const addresses = Array.from(
  { length: 4096 },
  (_, i) =>
    i % 2 === 0
      ? new Uint8Array([1 + byte() % 223, byte(), byte(), byte()])
      : new Uint8Array([0x20 | byte() & 15, ...Array.from({ length: 15 }, byte)]),
);

let next = 0;
Deno.bench("NetworkTable.findBytes() among 100 000 networks", () => {
  table.findBytes(addresses[next++ & 4095]!);
});
