import { assertEquals } from "@std/assert";
import type { Permissions } from "../../lib/config/daemon_permissions.ts";
import { allowedPermissions, missingPermissions } from "../../lib/process/permission_check.ts";

const NEEDED: Permissions = {
  read: ["/srv/a,b", "/var/lib/m"],
  write: ["/var/lib/m"],
  net: ["127.0.0.1:8080"],
  run: ["rsync"],
  env: ["MIRRORBITS_*", "HOME", "PATH"],
  sys: ["hostname"],
  ffi: [],
};

/** What is missing when Deno says no to some permissions. */
function missing(denied: readonly string[], needed = NEEDED): [string, boolean][] {
  return missingPermissions(needed, {
    isFatal: (name, value) => name === "net" || value === "/srv/a,b",
    query: ({ name }) => ({ state: denied.includes(name) ? "prompt" : "granted" }),
  }).map(({ message, fatal }) => [message, fatal]);
}

Deno.test("missingPermissions() finds nothing where everything is allowed", () => {
  assertEquals(missing([]), []);
});

Deno.test("missingPermissions() says one sentence for each permission, with the flag to add", () => {
  assertEquals(missing(["write"]), [
    ['Deno may not write "/var/lib/m": start with --allow-write=/var/lib/m', false],
  ]);
  assertEquals(missing(["net", "run", "sys"]), [
    [
      'Deno may not use the addresses "127.0.0.1:8080": start with --allow-net=127.0.0.1:8080',
      true,
    ],
    ['Deno may not run or cannot find "rsync": start with --allow-run=rsync', false],
    ['Deno may not ask the system for "hostname": start with --allow-sys=hostname', false],
  ]);
});

Deno.test("missingPermissions() tells what is fatal from what is not, and writes commas twice", () => {
  assertEquals(missing(["read"]), [
    ['Deno may not read "/srv/a,b": start with --allow-read=/srv/a,,b', true],
    ['Deno may not read "/var/lib/m": start with --allow-read=/var/lib/m', false],
  ]);
});

Deno.test("missingPermissions() asks for all of a permission where all of it is needed", () => {
  assertEquals(missing(["net", "env"], { ...NEEDED, net: true }), [
    ["Deno may not use every address: start with --allow-net", true],
    [
      'Deno may not read the environment variables "MIRRORBITS_*", "HOME", "PATH": ' +
      "start with --allow-env=MIRRORBITS_*,HOME,PATH",
      false,
    ],
  ]);
});

Deno.test({
  name: "missingPermissions() asks Deno, and nobody else",
  permissions: { read: ["/srv"], env: ["HOME"] },
  fn() {
    const found = missingPermissions(NEEDED, { isFatal: () => false });
    assertEquals(found.map(({ message }) => message.split(" ").at(-1)), [
      "--allow-read=/var/lib/m",
      "--allow-write=/var/lib/m",
      "--allow-net=127.0.0.1:8080",
      "--allow-run=rsync",
      "--allow-env=MIRRORBITS_*,PATH",
      "--allow-sys=hostname",
    ]);
  },
});

Deno.test("allowedPermissions() finds what is allowed of what is needed, or all of a kind", () => {
  const needed: Permissions = {
    ...NEEDED,
    read: ["/a", "/b"],
    write: ["/a"],
    env: ["HOME", "MIRRORBITS_*"],
    net: true,
  };
  const allowed = allowedPermissions(needed, (descriptor) => {
    const { name } = descriptor;
    const granted = name === "write" ||
      name === "read" && descriptor.path === "/a" ||
      name === "env" && descriptor.variable === "MIRRORBITS_X";
    return { state: granted ? "granted" : "prompt" };
  });
  const { read, write, env, net } = allowed;
  assertEquals({ read, write, env, net }, {
    read: ["/a"],
    write: true,
    env: ["MIRRORBITS_*"],
    net: [],
  });
});
