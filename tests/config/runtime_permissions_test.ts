import { assertEquals } from "@std/assert";
import type { Permissions } from "../../lib/config/daemon_permissions.ts";
import { forThisRuntime } from "../../lib/config/runtime_permissions.ts";

const NEEDED: Permissions = {
  read: ["/run/m.sock"],
  write: ["/run/m.sock"],
  net: ["unix:/run/m.sock", "localhost:3390"],
  run: [],
  env: [],
  sys: [],
  ffi: [],
};

Deno.test("forThisRuntime() names Unix sockets where Deno understands that", () => {
  assertEquals(forThisRuntime(NEEDED, () => true), NEEDED);
  assertEquals(forThisRuntime(NEEDED, () => false), { ...NEEDED, net: ["localhost:3390"] });
});

Deno.test("forThisRuntime() does not find out what does not matter", () => {
  const never = (): boolean => {
    throw new Error("It was found out");
  };
  for (const net of [true, ["localhost:3390"]] as const) {
    assertEquals(forThisRuntime({ ...NEEDED, net }, never), { ...NEEDED, net });
  }
});

Deno.test("forThisRuntime() finds out what this Deno understands", () => {
  const { net } = forThisRuntime(NEEDED);
  // A thread can be given what is left, whichever Deno this is.
  const permissions = { net: net as string[] };
  new Worker("data:text/javascript,", { type: "module", deno: { permissions } }).terminate();
});
