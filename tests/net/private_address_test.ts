import { assertEquals } from "@std/assert";
import { isPrivateAddress } from "../../lib/net/private_address.ts";

Deno.test("isPrivateAddress() knows what is not for everybody", () => {
  for (
    const address of [
      ...["127.0.0.1", "127.255.0.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255"],
      ...["192.168.0.1", "169.254.169.254", "100.64.0.1", "198.19.0.1", "224.0.0.1"],
      ...["255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "fe80::1%eth0"],
      ...["fec0::1", "fd00::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:a00:1::1"],
    ]
  ) assertEquals(isPrivateAddress(address), true, address);
});

Deno.test("isPrivateAddress() lets everything else be", () => {
  for (
    const address of [
      ...["192.0.2.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "8.8.8.8", "126.0.0.1"],
      ...["::ffff:192.0.2.1", "2001:db8::1", "64:ff9b::c000:201", "2002:c000:201::1"],
      ...["localhost", ""],
    ]
  ) assertEquals(isPrivateAddress(address), false, address);
});
