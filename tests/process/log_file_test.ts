import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { fileSink, type LogSink } from "../../lib/process/log_file.ts";
import { SmallDisk } from "../support/small_disk.ts";
import { tempDir } from "../support/temp_dir.ts";

function memorySink(lines: string[]): LogSink {
  return { write: (text) => lines.push(text), reopen: () => {}, [Symbol.dispose]: () => {} };
}

Deno.test("fileSink() appends, and starts a new file after a rename and reopen()", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/log`;
  Deno.writeTextFileSync(path, "old\n");
  using sink = fileSink(path, memorySink([]));
  sink.write("one\n");
  Deno.renameSync(path, `${path}.1`);
  sink.write("two\n");
  sink.reopen();
  sink.write("three\n");
  assertEquals(Deno.readTextFileSync(`${path}.1`), "old\none\ntwo\n");
  assertEquals(Deno.readTextFileSync(path), "three\n");
});

Deno.test("fileSink() says once that the file cannot be written, and heals", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/sub/log`;
  Deno.mkdirSync(`${directory.path}/sub`);
  const other: string[] = [];
  using sink = fileSink(path, memorySink(other));
  Deno.removeSync(`${directory.path}/sub`, { recursive: true });
  sink.reopen();
  sink.write("one\n");
  sink.write("two\n");
  assertEquals(other.length, 3);
  assertStringIncludes(other[0]!, "Cannot write the log file");
  assertEquals(other.slice(1), ["one\n", "two\n"]);
  Deno.mkdirSync(`${directory.path}/sub`);
  sink.write("three\n");
  assertEquals(Deno.readTextFileSync(path), "three\n");
});

Deno.test("fileSink() refuses a file that cannot be opened at first", async () => {
  await using directory = await tempDir();
  assertThrows(
    () => fileSink(`${directory.path}/none/log`, memorySink([])),
    Error,
    "Cannot open the log file",
  );
});

Deno.test("fileSink() starts the file again when it was removed", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/log`;
  using sink = fileSink(path, memorySink([]));
  sink.write("one\n");
  Deno.removeSync(path);
  sink.write("two\n");
  assertEquals(Deno.readTextFileSync(path), "two\n");
});

Deno.test("fileSink() ends the line that a full disk cut off", async (test) => {
  await using directory = await tempDir();
  await using disk = await SmallDisk.mount(`${directory.path}/disk`);
  await test.step({
    name: "on a small disk",
    // It takes a user who may mount one.
    ignore: disk === null,
    async fn() {
      const other: string[] = [];
      const path = `${disk!.path}/log`;
      using sink = fileSink(path, memorySink(other));
      sink.write("before\n");
      await disk!.fill();
      const long = `${"x".repeat(10_000)}\n`;
      sink.write(long);
      sink.write("meanwhile\n");
      assertEquals(other.length, 3);
      assertStringIncludes(other[0]!, "Cannot write the log file");
      assertEquals(other.slice(1), [long, "meanwhile\n"]);
      await disk!.empty();
      sink.write("after\n");
      sink.write("later\n");
      const [first, cut, ...rest] = Deno.readTextFileSync(path).split("\n");
      assertEquals([first, cut, rest], [
        "before",
        "x".repeat(cut!.length),
        ["after", "later", ""],
      ]);
    },
  });
});
