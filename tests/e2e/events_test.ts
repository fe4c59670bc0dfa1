import { assert, assertEquals } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { writeFile } from "./sample.ts";

Deno.test("events -follow tells what happens, also over a restart of the daemon", async () => {
  await using place = await tempDir("mirrorbits-events-");
  const { path: directory } = place;
  await writeFile(`${directory}/repository`, "/file.bin");
  await using daemon = new Daemon({
    directory,
    config: { Repository: `${directory}/repository`, CheckInterval: 60 },
  });
  await daemon.start();
  for (const name of ["one", "two"]) {
    await daemon.ok("add", "-http", "http://127.0.0.1:1/", "-global", name);
  }
  await daemon.ok("note", "one", "of the past");
  const past = JSON.parse(await daemon.ok("events", "-json")) as { mirror: string }[];
  assertEquals(past.at(-1)?.mirror, "one");

  const [program, ...args] = daemon.cliCommand;
  const follower = new Deno.Command(program, {
    args: [...args, ...daemon.cliArgs, "events", "-follow", "-json", "-l", "1"],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  try {
    let said = "";
    const reading = (async () => {
      for await (const text of follower.stdout.pipeThrough(new TextDecoderStream())) said += text;
    })();
    const lines = () =>
      said.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as object);
    const told = (text: string) =>
      lines().filter((event) => (event as { text?: string }).text === text).length;
    await waitFor(() => told("of the past") === 1, { what: "the newest of the past" });
    assertEquals(lines().length, 1);
    await daemon.ok("note", "two", "while it follows");
    await waitFor(() => told("while it follows") === 1, { what: "what happens" });
    await daemon.stop();
    await daemon.start();
    await daemon.ok("note", "one", "after a restart");
    await waitFor(() => told("after a restart") === 1, { what: "what happens after a restart" });
    assertEquals([told("of the past"), told("while it follows")], [1, 1]);
    follower.kill("SIGINT");
    assertEquals((await follower.status).code, 0);
    await reading;
    assert(said.endsWith("\n"));
  } finally {
    try {
      follower.kill("SIGKILL");
    } catch {
      // It ended by itself.
    }
    await follower.status;
  }
});

Deno.test("events -follow ends when its reader went away and there is more to tell", async () => {
  await using place = await tempDir("mirrorbits-events-");
  const { path: directory } = place;
  await writeFile(`${directory}/repository`, "/file.bin");
  await using daemon = new Daemon({
    directory,
    config: { Repository: `${directory}/repository`, CheckInterval: 60 },
  });
  await daemon.start();
  await daemon.ok("add", "-http", "http://127.0.0.1:1/", "-global", "one");
  const [program, ...args] = daemon.cliCommand;
  const follower = new Deno.Command(program, {
    args: [...args, ...daemon.cliArgs, "events", "-follow"],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const ended = follower.status;
  let code = null as number | null;
  void ended.then((status) => code = status.code);
  try {
    const reader = follower.stdout.getReader();
    assert(!(await reader.read()).done);
    await reader.cancel();
    await daemon.ok("note", "one", "nobody reads this");
    await waitFor(() => code !== null, { what: "its end" });
    assertEquals(code, 0);
  } finally {
    if (code === null) follower.kill("SIGKILL");
    await ended;
  }
});
