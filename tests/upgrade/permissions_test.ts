import { assertEquals } from "@std/assert";
import { missingForUpgrade } from "../../lib/upgrade/permissions.ts";

/** What is said when Deno says no to some permissions. */
function missing(denied: readonly string[]): string[] {
  return missingForUpgrade({
    executable: "/opt/a,b/deno",
    query: (descriptor) => ({
      state: denied.includes(descriptor.name) ||
          descriptor.name === "ffi" && descriptor.path !== "/usr/lib/libc.so.6"
        ? "prompt"
        : "granted",
    }),
  });
}

Deno.test("missingForUpgrade() names the flag for each permission that is missing", () => {
  assertEquals(missing([]), []);
  assertEquals(missing(["run"]), [
    "Upgrades without a restart are off: they need --allow-run=/opt/a,,b/deno",
  ]);
  assertEquals(missing(["ffi"]).map((sentence) => sentence.replace(/=.*/, "")), [
    "Upgrades may reset connections: to hand them over needs --allow-ffi",
  ]);
});

Deno.test("missingForUpgrade() has no advice where npx keeps Deno", () => {
  const executable = "/home/me/.npm/_npx/7a40/node_modules/deno/deno";
  const denied = missingForUpgrade({
    executable,
    query: ({ name }) => ({ state: name === "run" ? "prompt" : "granted" }),
  });
  assertEquals(denied, []);
});

Deno.test({
  name: "missingForUpgrade() asks Deno, and nobody else",
  permissions: { run: ["/bin/true"] },
  fn() {
    assertEquals(missingForUpgrade({ executable: "/bin/true" }).length, 1);
    assertEquals(missingForUpgrade({ executable: "/bin/false" }).length, 2);
  },
});
