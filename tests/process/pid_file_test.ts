import { assertEquals, assertThrows } from "@std/assert";
import { writePidFile } from "../../lib/process/pid_file.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("writePidFile() writes the ID and removes the file at the end", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/pid`;
  {
    using _file = writePidFile(path, { pid: 4711, named: true, log: new MemoryLog() });
    assertEquals(Deno.readTextFileSync(path), "4711\n");
  }
  assertThrows(() => Deno.statSync(path), Deno.errors.NotFound);
});

Deno.test("writePidFile() leaves a file that another process took over", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/pid`;
  {
    using _file = writePidFile(path, { pid: 4711, named: false, log: new MemoryLog() });
    Deno.writeTextFileSync(path, "4712\n");
  }
  assertEquals(Deno.readTextFileSync(path), "4712\n");
});

Deno.test("writePidFile() warns when the file cannot be written, and goes on", async () => {
  await using directory = await tempDir();
  const log = new MemoryLog();
  const path = `${directory.path}/none/pid`;
  using _file = writePidFile(path, { pid: 1, named: true, log });
  assertEquals(log.lines, [
    `warn: Cannot write the PID file "${path}": its directory is not there; ` +
    "make it, or name another file with -p FILE",
  ]);
});

Deno.test("writePidFile() says nothing of a file that nobody asked for", async () => {
  await using directory = await tempDir();
  const log = new MemoryLog();
  using _file = writePidFile(`${directory.path}/none/pid`, { pid: 1, named: false, log });
  assertEquals(log.lines, []);
});

Deno.test("writePidFile() follows no link in a directory that others may write to", async () => {
  await using directory = await tempDir();
  const open = `${directory.path}/open`;
  Deno.mkdirSync(open);
  Deno.chmodSync(open, 0o1777);
  const target = `${directory.path}/target`;
  Deno.writeTextFileSync(target, "mine\n");
  Deno.symlinkSync(target, `${open}/pid`);
  const log = new MemoryLog();
  {
    using _file = writePidFile(`${open}/pid`, { pid: 1, named: true, log });
    assertEquals(log.lines.length, 1);
  }
  assertEquals(Deno.readTextFileSync(target), "mine\n");
});
