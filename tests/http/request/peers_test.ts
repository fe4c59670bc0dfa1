import { assertEquals } from "@std/assert";
import { Peers } from "../../../lib/http/request/peers.ts";

/** A peer of its own for each number. */
function remote(n: number): Deno.NetAddr {
  return { transport: "tcp", hostname: `10.0.${n >> 8}.${n & 255}`, port: 1 };
}

Deno.test("Peers.of() remembers those who came lately, a bounded number of them", () => {
  let asked = 0;
  const peers = new Peers(() => ++asked > 0);
  const all = 4_096 + 100;
  for (let n = 0; n < all; n++) peers.of(remote(n));
  assertEquals(asked, all);
  for (let n = all - 4_096; n < all; n++) peers.of(remote(n));
  assertEquals(asked, all);
  peers.of(remote(0));
  assertEquals(asked, all + 1);
});
