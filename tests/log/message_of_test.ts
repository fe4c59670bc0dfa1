import { assertEquals, assertThrows } from "@std/assert";
import { requirePermission } from "../../lib/config/require_permission.ts";
import { messageOf } from "../../lib/log/message_of.ts";

Deno.test("messageOf() gives the message of an error, and whatever else was thrown as text", () => {
  assertEquals(messageOf(new TypeError("No such thing")), "No such thing");
  assertEquals(messageOf("text"), "text");
  assertEquals(messageOf(undefined), "undefined");
});

/** What is not allowed below, and the flag that would allow it. */
const DENIED: readonly [Deno.PermissionDescriptor, () => unknown, string][] = [
  [
    { name: "read", path: "/srv/a,b" },
    () => Deno.statSync("/srv/a,b"),
    "--allow-read=/srv/a,,b",
  ],
  [
    { name: "write", path: "/srv/pid" },
    () => Deno.writeTextFileSync("/srv/pid", ""),
    "--allow-write=/srv/pid",
  ],
  [{ name: "env", variable: "PATH" }, () => Deno.env.get("PATH"), "--allow-env=PATH"],
  [{ name: "sys", kind: "hostname" }, () => Deno.hostname(), "--allow-sys=hostname"],
  [
    { name: "run", command: "/bin/sh" },
    () => new Deno.Command("/bin/sh").outputSync(),
    "--allow-run=/bin/sh",
  ],
];

Deno.test({
  name: "messageOf() and requirePermission() name the flag that is missing, as Deno does",
  permissions: "none",
  fn() {
    for (const [descriptor, attempt, flag] of DENIED) {
      for (const refused of [attempt, () => requirePermission(descriptor)]) {
        const error = assertThrows(refused, Deno.errors.NotCapable);
        assertEquals(messageOf(error), `Deno does not allow it: start with ${flag}`);
      }
    }
    const net = assertThrows(() => requirePermission({ name: "net", host: "[::1]:80" }));
    assertEquals(messageOf(net), "Deno does not allow it: start with --allow-net=[::1]:80");
  },
});

Deno.test({
  name: "requirePermission() lets pass what is allowed",
  permissions: { read: ["/srv"] },
  fn() {
    requirePermission({ name: "read", path: "/srv/files" });
    assertThrows(() => requirePermission({ name: "read" }), Deno.errors.NotCapable);
  },
});
