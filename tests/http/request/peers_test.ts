import { assert, assertEquals } from "@std/assert";
import { Peers } from "../../../lib/http/request/peers.ts";
import { publicNetwork } from "../../../lib/net/public_network.ts";

Deno.test("Peers.of() remembers some thousand addresses, not all that ever came", () => {
  let asked = 0;
  const peers = new Peers((address) => {
    asked++;
    return address.startsWith("10.");
  });
  const address = (n: number): Deno.Addr => ({
    transport: "tcp",
    hostname: `10.0.${n >> 8}.${n & 255}`,
    port: 1,
  });
  assert(peers.of(address(1)) === peers.of(address(1)));
  assertEquals(asked, 1);
  for (let n = 0; n < 10_000; n++) assertEquals(peers.of(address(n)).trusted, true);
  const before = asked;
  for (let n = 0; n < 10_000; n++) peers.of(address(n));
  assert(asked - before >= 10_000 - 4096, `${asked - before} were asked for again`);
  const other = peers.of({ transport: "tcp", hostname: "192.0.2.1", port: 1 });
  assertEquals([other.address, other.trusted], ["192.0.2.1", false]);
});

Deno.test("Peers.of() names the network of public peers that are not trusted, and of no others", () => {
  const peers = new Peers((address) => address === "9.9.9.9");
  const networkOf = (hostname: string): string | null =>
    peers.of({ transport: "tcp", hostname, port: 1 }).network;
  assertEquals(networkOf("8.8.8.8"), publicNetwork("8.8.8.8"));
  assert(networkOf("8.8.8.8") !== null);
  assertEquals(networkOf("9.9.9.9"), null);
  assertEquals(networkOf("10.0.0.1"), null);
});

Deno.test("Peers.of() trusts nobody whose name is empty, and knows whom it saw last", () => {
  const peers = new Peers((address) => address === "10.0.0.1");
  const trusts = (hostname: string): boolean =>
    peers.of({ transport: "tcp", hostname, port: 1 }).trusted;
  assertEquals(["", "10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.1", ""].map(trusts), [
    ...[false, true, true],
    ...[false, true, false],
  ]);
});
