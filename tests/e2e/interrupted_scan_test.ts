import { assertEquals, assertStringIncludes } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { waitFor } from "../support/wait_for.ts";
import { FILES, Sample } from "./sample.ts";

Deno.test("Ctrl-C while a mirror is scanned aborts the scan in the daemon", async () => {
  await using sample = await Sample.start("embedded");
  const { daemon, rsyncd } = sample;
  // A frozen rsync daemon keeps the scan in its middle for as long as the test wants.
  Deno.kill(rsyncd.pid, "SIGSTOP");
  const [program, ...args] = Daemon.command;
  const scan = new Deno.Command(program, {
    args: [...args, ...daemon.cliArgs, "scan", "nl"],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const lastEvent = async (): Promise<string> =>
    (await daemon.ok("logs", "-l", "1", "nl")).trimEnd().split("\n").at(-1) ?? "";
  await waitFor(async () => (await lastEvent()).endsWith("RSYNC scan started"), {
    what: "the scan to start",
  });
  scan.kill("SIGINT");
  const { code, stdout, stderr } = await scan.output();
  const decoder = new TextDecoder();
  assertEquals([code, decoder.decode(stdout)], [1, "Scanning nl... \n"]);
  assertStringIncludes(decoder.decode(stderr), "scan error: aborted");

  // Nothing holds the mirror any more: another scan begins, and waits for rsync as the first did.
  await waitFor(async () => {
    const { stderr } = await daemon.cli("scan", "-timeout", "1", "nl");
    return stderr.includes("timed out after 1 s");
  }, { what: "the mirror to be free" });
  Deno.kill(rsyncd.pid, "SIGCONT");
  assertStringIncludes(
    await daemon.ok("scan", "nl"),
    `${FILES.length} files indexed, ${FILES.length} known and 0 removed`,
  );
});
