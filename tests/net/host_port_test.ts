import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatHostPort, parseHostPort } from "../../lib/net/host_port.ts";

Deno.test("parseHostPort() reads names, addresses and bare ports", () => {
  assertEquals(parseHostPort("localhost:6379"), { hostname: "localhost", port: 6379 });
  assertEquals(parseHostPort("192.0.2.1:0"), { hostname: "192.0.2.1", port: 0 });
  assertEquals(parseHostPort("[::1]:65535"), { hostname: "::1", port: 65535 });
  assertEquals(parseHostPort("[fe80::1%eth0]:80"), { hostname: "fe80::1%eth0", port: 80 });
  assertEquals(parseHostPort(":8080"), { hostname: "", port: 8080 });
  assertEquals(parseHostPort("my_redis-1.example.org:1"), {
    hostname: "my_redis-1.example.org",
    port: 1,
  });
});

Deno.test("parseHostPort() refuses everything else", () => {
  for (
    const text of [
      ...["", "localhost", "localhost:", "localhost:http", "localhost:65536", "localhost:-1"],
      ...["::1:80", "[::1]", "[::1]80", "[localhost]:80", "[1.2.3.4]:80", "[]:80", "a b:80"],
      ...["http://localhost:80", "localhost:80/", "*:80", "localhost:1e3", "localhost:000080"],
    ]
  ) assertEquals(parseHostPort(text), null, text);
});

Deno.test("formatHostPort() writes what parseHostPort() reads", () => {
  const hostname = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain(), fc.constant(""));
  fc.assert(fc.property(hostname, fc.nat(65535), (hostname, port) => {
    assertEquals(parseHostPort(formatHostPort({ hostname, port })), { hostname, port });
  }));
});
