import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AddressRangeList, parseAddress, parseAddressRange } from "../../lib/net/address_range.ts";

function v6(...groups: number[]): Uint8Array {
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

Deno.test("parseAddress() reads both families", () => {
  const cases: [string, Uint8Array][] = [
    ["0.0.0.0", Uint8Array.of(0, 0, 0, 0)],
    ["192.0.2.255", Uint8Array.of(192, 0, 2, 255)],
    ["::", v6(0, 0, 0, 0, 0, 0, 0, 0)],
    ["::1", v6(0, 0, 0, 0, 0, 0, 0, 1)],
    ["1::", v6(1, 0, 0, 0, 0, 0, 0, 0)],
    ["2001:DB8::a:b", v6(0x2001, 0xdb8, 0, 0, 0, 0, 0xa, 0xb)],
    ["1:2:3:4:5:6:7:8", v6(1, 2, 3, 4, 5, 6, 7, 8)],
    ["1:2:3:4:5:6:7::", v6(1, 2, 3, 4, 5, 6, 7, 0)],
    ["64:ff9b::192.0.2.1", v6(0x64, 0xff9b, 0, 0, 0, 0, 0xc000, 0x201)],
    ["::ffff:192.0.2.1", Uint8Array.of(192, 0, 2, 1)],
    ["::FFFF:c000:0201", Uint8Array.of(192, 0, 2, 1)],
    ["0:0:0:0:0:ffff:c000:201", Uint8Array.of(192, 0, 2, 1)],
    ["fe80::1%eth0", v6(0xfe80, 0, 0, 0, 0, 0, 0, 1)],
  ];
  for (const [text, bytes] of cases) assertEquals(parseAddress(text), bytes, text);
});

Deno.test("parseAddress() refuses what is no address", () => {
  const cases = [
    ...[
      "",
      " ",
      "1",
      "1.2.3",
      "1.2.3.4.5",
      "1.2.3.256",
      "1.2.3.-4",
      "01.2.3.4",
      "1..2.3",
      "1.2.3.",
    ],
    ...[".1.2.3", "1.2.3.4 ", "0x1.2.3.4", "a.b.c.d", ":", ":::", "1:2", "1:2:3:4:5:6:7:8:9"],
    ...["1::2::3", "12345::", "g::", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "1.2.3.4::", "[::1]"],
    ...["1:2:3:4:5:6:7:8::", "::1%", "1:", ":1", "192.0.2.1:80", "1.2.3.4%eth0", "unknown"],
    "1:".repeat(1000),
    "1".repeat(1000),
  ];
  for (const text of cases) assertEquals(parseAddress(text), null, text);
});

Deno.test("parseAddress() reads every address that it is given", () => {
  fc.assert(fc.property(fc.ipV4(), (text) => parseAddress(text)?.join(".") === text));
  fc.assert(fc.property(fc.ipV6(), (text) => {
    const bytes = parseAddress(text);
    return bytes !== null && (bytes.length === 16 || bytes.length === 4);
  }));
  fc.assert(fc.property(fc.string(), (text) => {
    parseAddress(text);
  }));
});

Deno.test("parseAddressRange() reads blocks and single addresses", () => {
  assertEquals(parseAddressRange("10.0.0.0/8")?.prefixLength, 8);
  assertEquals(parseAddressRange("10.0.0.1")?.prefixLength, 32);
  assertEquals(parseAddressRange("::1")?.prefixLength, 128);
  assertEquals(parseAddressRange("::ffff:10.0.0.0/104")?.prefixLength, 8);
  for (
    const text of [
      ...["", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/08", "10.0.0.0/8/8", "all"],
      ...["10.0.0.0/-1", "10.0.0.0/8 ", "fe80::1%eth0/64", "::ffff:10.0.0.0/8"],
    ]
  ) assertEquals(parseAddressRange(text), null, text);
});

Deno.test("AddressRangeList.contains() compares whole bytes and single bits", () => {
  const list = new AddressRangeList([
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.0.2.7",
    "fc00::/7",
    "::1",
  ]);
  for (
    const text of [
      ...["10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.0.2.7", "fc00::"],
      ...["fdff:ffff::1", "::1", "::ffff:10.1.2.3", "0:0:0:0:0:0:0:1"],
    ]
  ) assert(list.contains(text), text);
  for (
    const text of [
      ...["9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.0.2.8", "fe00::"],
      ...["::2", "::ffff:11.1.2.3", "::", "", "unknown", "10.0.0.1:80"],
    ]
  ) assert(!list.contains(text), text);
});

Deno.test("AddressRangeList.contains() answers alike when asked again", () => {
  const list = new AddressRangeList(["10.0.0.0/8"]);
  assertEquals(
    ["10.0.0.1", "10.0.0.1", "11.0.0.1", "11.0.0.1", "10.0.0.1"].map((text) => list.contains(text)),
    [true, true, false, false, true],
  );
});

Deno.test("AddressRangeList.contains() knows everything of a family in a block of length 0", () => {
  const list = new AddressRangeList(["0.0.0.0/0"]);
  fc.assert(fc.property(fc.ipV4(), (text) => list.contains(text)));
  assert(!list.contains("2001:db8::1"));
  assert(!new AddressRangeList([]).contains("10.0.0.1"));
});

Deno.test("AddressRangeList refuses what is no range", () => {
  assertThrows(() => new AddressRangeList(["10.0.0.0/8", "x"]), TypeError, '"x"');
});
