import { assertEquals } from "@std/assert";
import { isLocal } from "../../../lib/http/request/is_local.ts";

Deno.test("isLocal() believes a connection from this machine that nobody forwarded", () => {
  const cases: [hostname: string, headers: Record<string, string>, local: boolean][] = [
    ["127.0.0.1", {}, true],
    ["127.1.2.3", {}, true],
    ["::1", {}, true],
    ["::ffff:127.0.0.1", {}, true],
    ["192.0.2.1", {}, false],
    ["127.0.0.1.example", {}, false],
    ["127.0.0.1", { "X-Client": "192.0.2.1" }, false],
    ["127.0.0.1", { "X-Other": "192.0.2.1" }, true],
    ["127.0.0.1", { "Forwarded": "for=192.0.2.1" }, false],
    ["127.0.0.1", { "X-Forwarded-For": "192.0.2.1" }, false],
    ["127.0.0.1", { "X-Real-IP": "192.0.2.1" }, false],
    ["127.0.0.1", { "Via": "1.1 proxy" }, false],
  ];
  for (const [hostname, headers, local] of cases) {
    const remote = { transport: "tcp", hostname, port: 1 } as const;
    const said = isLocal(remote, new Headers(headers), "X-Client");
    assertEquals(said, local, `${hostname} ${JSON.stringify(headers)}`);
  }
  assertEquals(isLocal({ transport: "unix", path: "/run/s" }, new Headers(), "X-Client"), false);
});
