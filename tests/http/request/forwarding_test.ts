import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { readAddressList, readForwarded } from "../../../lib/http/request/forwarded_entries.ts";
import { Forwarding, type ForwardingConfig } from "../../../lib/http/request/forwarding.ts";

const TRUSTING: ForwardingConfig = {
  trustedProxies: ["127.0.0.0/8", "10.0.0.0/8", "2001:db8:ffff::/48"],
  forwardedHeader: "X-Forwarded-For",
};
const OWN = "198.51.100.7";

Deno.test("readAddressList() takes addresses with ports, brackets and quotes, and nothing else", () => {
  const read = (header: string) => readAddressList(header).map(({ address }) => address);
  assertEquals(read(`192.0.2.1,[2001:DB8::1]:443 , "192.0.2.2:80","[::1]"`), [
    "192.0.2.1",
    "2001:db8::1",
    "192.0.2.2",
    "::1",
  ]);
  assertEquals(read("unknown, _hidden,, 192.0.2.256,host.example,[192.0.2.1"), Array(6).fill(null));
});

Deno.test("readForwarded() reads the elements of RFC 7239, and nobody where they are none", () => {
  const cases: readonly (readonly [string, readonly (string | null)[]])[] = [
    ["for=192.0.2.60;proto=http;by=203.0.113.43", ["192.0.2.60"]],
    [`For="[2001:db8:cafe::17]:4711"`, ["2001:db8:cafe::17"]],
    [`for=192.0.2.43, for="[2001:db8::17]";By=10.0.0.1`, ["192.0.2.43", "2001:db8::17"]],
    ["proto=https ; for=192.0.2.1", ["192.0.2.1"]],
    [`for="192.0.2.43:47011"`, ["192.0.2.43"]],
    [`for="192.0.2.43:_port"`, ["192.0.2.43"]],
    [`ext="a,b;c\\"d";for=192.0.2.1`, ["192.0.2.1"]],
    ["for=unknown, for=_hidden, for=_SEVKISEK", [null, null, null]],
    ["proto=https", [null]],
    ["192.0.2.1", [null]],
    ["for = 192.0.2.1", [null]],
    ["for=192.0.2.1;for=192.0.2.2", [null]],
    ["", [null]],
    [`for=", for=192.0.2.1`, [null, "192.0.2.1"]],
    [`for=192.0.2.9;x=", for="[2001:db8::1]"`, [null, "2001:db8::1"]],
  ];
  for (const [header, addresses] of cases) {
    assertEquals(readForwarded(header).map(({ address }) => address), addresses, header);
  }
  assertEquals(readForwarded(`for=192.0.2.1;proto=HTTPS`)[0]?.proto, "https");
});

Deno.test("Forwarding.clientOf() believes what the last trusted proxy saw, whatever a client wrote", () => {
  const ours = ["127.0.0.1", "10.0.0.1", "2001:db8:ffff::1"];
  const hops = fc.array(fc.constantFrom(...ours), { maxLength: 3 });
  const list = new Forwarding(TRUSTING);
  const rfc = new Forwarding({ ...TRUSTING, forwardedHeader: "Forwarded" });
  const element = (address: string): string =>
    address.includes(":") ? `for="[${address}]"` : `for=${address};proto=http`;
  // What a header can hold; Forwarded is quoted so that its quotes may be left open.
  const junk = fc.string({
    unit: fc.constantFrom(...'192.0.2.1,; for="[]:\\proto _', "for=192.0.2.66"),
  });
  fc.assert(fc.property(junk, hops, (written, behind) => {
    const address = OWN;
    assertEquals(list.clientOf([written, address, ...behind].join(", ")).address, address);
    const elements = [written, ...[address, ...behind].map(element)];
    assertEquals(rfc.clientOf(elements.join(", ")).address, address);
  }));
});

Deno.test("Forwarding.clientOf() never fails, and gives an address or none", () => {
  for (const forwardedHeader of ["X-Forwarded-For", "Forwarded", "X-Real-IP"]) {
    for (const trustedProxies of [TRUSTING.trustedProxies, "all", []] as const) {
      const forwarding = new Forwarding({ forwardedHeader, trustedProxies });
      fc.assert(fc.property(fc.string(), (header) => {
        const { address, forwarder } = forwarding.clientOf(header);
        assertEquals(typeof (address ?? ""), "string");
        assertEquals(forwarder === null || address !== null, true);
      }));
    }
  }
});

Deno.test("Forwarding.clientOf() reads a long header in time that grows with its length", () => {
  const rfc = new Forwarding({ ...TRUSTING, forwardedHeader: "Forwarded" });
  for (const part of [`for="`, `"`, "a=b;", "for=192.0.2.1,", `x="\\\\`, ";"]) {
    assertEquals(rfc.clientOf(`${part.repeat(20_000)}, for=${OWN}`).address, OWN);
  }
});

Deno.test("Forwarding.clientOf() goes no further than an entry that is no address", () => {
  const list = new Forwarding(TRUSTING);
  const rfc = new Forwarding({ ...TRUSTING, forwardedHeader: "Forwarded" });
  for (const none of ["unknown", "_hidden", "", "host.example"]) {
    // Who wrote it cannot be told, and what stands before it anybody may have written.
    assertEquals(list.clientOf(`192.0.2.66, ${none}, 10.0.0.1`).address, "10.0.0.1");
    assertEquals(list.clientOf(`192.0.2.66, ${none}`).address, null);
    assertEquals(list.clientOf(`192.0.2.66, ${none}, ${OWN}, 10.0.0.1`).address, OWN);
    assertEquals(rfc.clientOf(`for=192.0.2.66, for=${none}, for=10.0.0.1`).address, "10.0.0.1");
    assertEquals(rfc.clientOf(`for=192.0.2.66, for=${none}`).address, null);
  }
});
