import { assertEquals, assertMatch } from "@std/assert";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { printedFlags, sourceWith } from "./printed_flags.ts";
import { Sample } from "./sample.ts";

/** Keeps what it is told under the ID of the message; the first time it fails. */
const PROGRAM = `#!/bin/sh
directory=$1
env | cut -d= -f1 | sort | tr '\\n' ' ' > "$directory/environment"
if [ ! -e "$directory/tried" ]; then
  echo "$MIRRORBITS_DELIVERY" > "$directory/tried"
  exit 3
fi
cat > "$directory/part"
mv "$directory/part" "$directory/$MIRRORBITS_DELIVERY.json"
`;

Deno.test("a program hears of a mirror that goes, and again when it failed", async () => {
  await using told = await tempDir();
  await using place = await tempDir();
  const program = `${place.path}/page me`;
  await Deno.writeTextFile(program, PROGRAM, { mode: 0o755 });
  await using sample = await Sample.start("embedded");
  const { daemon, directory, servers } = sample;
  const config = { Notify: [{ To: "command", Run: [program, told.path], Events: ["down"] }] };
  await daemon.stop();
  daemon.configure(config);
  // What the operator is told to permit is enough.
  daemon.command = sourceWith(await printedFlags(directory));
  await daemon.start(config);
  await servers.nl.down();
  const messages = (): string[] =>
    [...Deno.readDirSync(told.path)].map(({ name }) => name).filter((name) => /json$/.test(name));
  await waitFor(() => messages().length > 0, { what: "a message", every: 100 });
  const [file] = messages() as [string];
  const text = await Deno.readTextFile(`${told.path}/${file}`);
  assertMatch(text, /^\{.*\}\n$/);
  const body = JSON.parse(text);
  assertEquals([body.Event, body.Mirror, body.Reason], ["down", "nl", "Unreachable"]);
  assertMatch(body.Cause, /^connection refused \(127\.0\.0\.1, \d+ ms\)$/);
  const tried = await Deno.readTextFile(`${told.path}/tried`);
  assertEquals(`${tried.trim()}.json`, file);
  assertMatch(daemon.log, /Notify entry 1 \(command .*\): .*exit code 3/);
  // A shell sets these of its own accord.
  const environment = (await Deno.readTextFile(`${told.path}/environment`)).trim().split(" ")
    .filter((name) => !["OLDPWD", "PWD", "SHLVL", "_"].includes(name));
  assertEquals(environment, ["MIRRORBITS_DELIVERY", "PATH"]);
  await servers.us.down();
  await waitFor(() => messages().length > 1, { what: "the next message", every: 100 });
});
