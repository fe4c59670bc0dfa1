import { assert, assertEquals } from "@std/assert";

/** Opens files until none can be opened, closes one of the first, and counts before and after. */
const SCRIPT = `
import { Descriptors } from ${
  JSON.stringify(import.meta.resolve("../../lib/upgrade/descriptors.ts"))
};
import { LIBC_PATHS } from ${JSON.stringify(import.meta.resolve("../../lib/config/libc_paths.ts"))};
const path = LIBC_PATHS.find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});
using descriptors = new Descriptors(path);
const before = descriptors.count();
const again = descriptors.count();
const open = [];
try {
  for (;;) open.push(Deno.openSync("/dev/null"));
} catch {}
open[3].close();
const full = descriptors.count();
for (const one of open.slice(4)) one.close();
console.log(JSON.stringify([before, again, full, descriptors.count()]));
`;

Deno.test("Descriptors.count() takes one gap among full ones for none", async () => {
  const { stdout, stderr } = await new Deno.Command("/bin/sh", {
    args: ["-c", `ulimit -n 256; exec "$0" eval "$1"`, Deno.execPath(), SCRIPT],
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  const told = decoder.decode(stdout);
  assert(told !== "", decoder.decode(stderr));
  const [before, again, full, after] = JSON.parse(told);
  assertEquals(before.limit, 256);
  assert(before.lowest > 2 && before.lowest < 200, told);
  assertEquals(again, before);
  assertEquals(full, { lowest: 256, limit: 256 });
  assertEquals(after, { lowest: before.lowest + 3, limit: 256 });
});
