import { assertEquals, assertMatch } from "@std/assert";
import { HashThread, mayHash } from "../../lib/scan/hash_thread.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("HashThread reads the repository, and may do nothing else", async () => {
  await using directory = await tempDir();
  const { path } = directory;
  await Deno.mkdir(`${path}/repository`);
  await Deno.writeTextFile(`${path}/repository/inside`, "abc");
  await Deno.writeTextFile(`${path}/outside`, "abc");
  assertEquals(mayHash(`${path}/repository`), true);
  const wanted = { sha1: false, sha256: false, md5: true };
  using thread = new HashThread(`${path}/repository`, wanted, () => {});
  const files = ["/inside", "/gone", "/../outside"];
  const [inside, gone, outside] = await thread.hash(
    files.map((path) => ({ path, size: 3, modTime: 0 })),
  );
  assertEquals(
    typeof inside === "object" && "file" in inside && inside.file.md5,
    "900150983cd24fb0d6963f7d28e17f72",
  );
  assertEquals(gone, "gone");
  assertMatch(JSON.stringify(outside), /Deno does not allow it: .*--allow-read=/);
});

Deno.test({
  name: "HashThread lets every other thread go first",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await using directory = await tempDir();
    await Deno.writeTextFile(`${directory.path}/file`, "abc");
    // A process of its own has no threads but these.
    const script = new URL("../support/nice_threads.ts", import.meta.url).pathname;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-P=test", script, directory.path],
    }).output();
    assertEquals(new TextDecoder().decode(stdout), "0 1\n");
  },
});
