import { assertEquals } from "@std/assert";
import { isInstalled } from "../../lib/process/is_installed.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("isInstalled() looks for a file in each directory", async () => {
  await using dir = await tempDir();
  await Deno.mkdir(`${dir.path}/first/tool`, { recursive: true });
  await Deno.mkdir(`${dir.path}/second`);
  const path = `/absent::${dir.path}/first:${dir.path}/second`;
  assertEquals(await isInstalled("tool", path), false);
  await Deno.writeTextFile(`${dir.path}/second/tool`, "");
  assertEquals(await isInstalled("tool", path), true);
  assertEquals(await isInstalled("tool", ""), false);
});

Deno.test({
  name: "isInstalled() supposes so where Deno may not look",
  permissions: { read: false },
  fn: async () => assertEquals(await isInstalled("tool", "/usr/bin"), true),
});
