import { assertEquals } from "@std/assert";
import { addressWord, fmix32, murmurHash3 } from "../../lib/net/address_word.ts";

Deno.test("murmurHash3() is MurmurHash3_x86_32", () => {
  const of = (text: string, seed: number): number =>
    murmurHash3(new TextEncoder().encode(text), seed);
  // From the reference implementation.
  assertEquals(murmurHash3(new Uint8Array(), 0), 0);
  assertEquals(murmurHash3(new Uint8Array(), 1), 0x514e28b7);
  assertEquals(murmurHash3(new Uint8Array(), 0xffffffff), 0x81f16f39);
  assertEquals(murmurHash3(new Uint8Array(4), 0), 0x2362f9de);
  assertEquals(of("aaaa", 0x9747b28c), 0x5a97808a);
  assertEquals(of("abcd", 0x9747b28c), 0xf0478627);
  assertEquals(fmix32(0), 0);
});

Deno.test("addressWord() goes by the network of an IPv6 address, and all of an IPv4 one", () => {
  assertEquals(addressWord("2001:db8::1", 7), addressWord("2001:db8:0:0:1:2:3:4", 7));
  assertEquals(addressWord("2001:db8::1", 7) === addressWord("2001:db8:0:1::1", 7), false);
  assertEquals(addressWord("192.0.2.1", 7), addressWord("::ffff:192.0.2.1", 7));
  assertEquals(addressWord("192.0.2.1", 7) === addressWord("192.0.2.2", 7), false);
  assertEquals(addressWord("192.0.2.1", 7) === addressWord("192.0.2.1", 8), false);
  assertEquals(addressWord("unix", 7), null);
});
