import { assertEquals } from "@std/assert";
import { publicNetwork } from "../../lib/net/public_network.ts";

Deno.test("publicNetwork() finds the /24 or /48 of public addresses only", () => {
  const cases: Readonly<Record<string, string | null>> = {
    "81.2.69.142": "81.2.69.0/24",
    "::ffff:81.2.69.142": "81.2.69.0/24",
    "2001:DB8:0:1::1": "2001:db8::/48",
    "2a00:1450:4001:81b::200e": "2a00:1450:4001::/48",
    "127.0.0.1": null,
    "100.64.0.1": null,
    "fd00::1": null,
    "unknown": null,
    "": null,
  };
  for (const [address, network] of Object.entries(cases)) {
    assertEquals(publicNetwork(address), network, address);
  }
});
