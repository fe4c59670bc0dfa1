import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseAddressRange } from "../../lib/net/address_range.ts";
import { loggedAddress } from "../../lib/stats/logged_address.ts";

Deno.test("loggedAddress() leaves of an address what may be written", () => {
  assertEquals(loggedAddress("192.0.2.7", "full"), "192.0.2.7");
  assertEquals(loggedAddress("192.0.2.7", "network"), "192.0.2.0");
  assertEquals(loggedAddress("10.1.2.3", "network"), "10.1.2.0");
  assertEquals(loggedAddress("2001:db8:7:8:9:a:b:c", "network"), "2001:db8:7::");
  assertEquals(loggedAddress("192.0.2.7", "none"), null);
  assertEquals(loggedAddress(null, "network"), null);
});

Deno.test("loggedAddress() says the same for all of a network", () => {
  fc.assert(fc.property(fc.ipV4(), fc.nat(255), (address, last) => {
    const neighbour = address.replace(/\d+$/, `${last}`);
    const logged = loggedAddress(address, "network");
    assertEquals(loggedAddress(neighbour, "network"), logged);
    assert(parseAddressRange(`${logged}/24`) !== null);
  }));
});
