import { assertEquals } from "@std/assert";
import { tempDir } from "../support/temp_dir.ts";

/** Addresses for documentation (RFC 5737): to the program, they are as public as any. */
const PUBLIC = ["203.0.113.10", "198.51.100.20"] as const;

/** Makes a network of its own, where this host has these addresses, and runs a command there. */
const SETUP = `ip link set lo up && for address in ${PUBLIC.join(" ")} 10.9.8.7; do
  ip address add $address/32 dev lo; done && exec "$@"`;
const ALONE = ["-n", "/bin/sh", "-c", SETUP, "sh"] as const;

/** Whether this user may make one. */
async function mayBeAlone(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command("unshare", {
      args: [...ALONE, "true"],
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}

Deno.test({
  name: "a public mirror leads no check to a private address, and to public ones as before",
  // Needs Linux, unshare(1), ip(8), and a user who may use them: not even each root of a container.
  ignore: !await mayBeAlone(),
  async fn() {
    await using directory = await tempDir();
    const main = new URL("../support/public_mirror_main.ts", import.meta.url).pathname;
    const refused = [
      "127.0.0.1",
      "10.9.8.7",
      "localhost",
      "[::1]",
      "[::ffff:127.0.0.1]",
      "2130706433",
    ];
    const { success, stdout, stderr } = await new Deno.Command("unshare", {
      args: [
        ...ALONE,
        ...[Deno.execPath(), "run", "-q", "-A", main, directory.path],
        ...[PUBLIC[0], ...refused, PUBLIC[1]],
      ],
    }).output();
    const text = new TextDecoder();
    assertEquals(success, true, text.decode(stderr));
    const outcome = JSON.parse(text.decode(stdout));
    const words = "Redirects to a private address";
    for (const host of refused) {
      assertEquals({ [host]: outcome[host] }, { [host]: { state: words, scan: words, asked: [] } });
    }
    assertEquals(outcome[PUBLIC[1]], { state: "", scan: "", asked: [PUBLIC[1]] });
  },
});
