import { assertEquals } from "@std/assert";
import { firstStep } from "../../lib/daemon/first_step.ts";

Deno.test("firstStep() names an address that a browser can open", () => {
  const add = "add a mirror with: mirrorbits add -scan -enable -http URL -rsync URL NAME";
  const base = (hostname: string): string => firstStep({ transport: "tcp", hostname, port: 8080 });
  assertEquals(base("0.0.0.0"), `Ready: open http://localhost:8080/?mirrorstats, and ${add}`);
  assertEquals(base(""), base("::"));
  assertEquals(base("::1"), `Ready: open http://[::1]:8080/?mirrorstats, and ${add}`);
  assertEquals(firstStep({ transport: "unix", path: "/run/m.sock" }), `Ready: ${add}`);
});
