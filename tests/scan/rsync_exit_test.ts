import { assertEquals } from "@std/assert";
import { rsyncComplaints, rsyncFailure } from "../../lib/scan/rsync_exit.ts";

const SUMMARY = "rsync error: error starting client-server protocol (code 5) at main.c(1954)";

Deno.test("rsyncFailure() says what an exit value means", () => {
  for (
    const [code, words] of [
      [5, "rsync: Error starting client-server protocol"],
      [10, "rsync: Error in socket I/O"],
      [11, "rsync: Error in file I/O"],
      [30, "rsync: Timeout in data send/receive"],
      [35, "rsync: Timeout waiting for daemon connection"],
      [77, "rsync: Exit status 77"],
    ] as const
  ) assertEquals(rsyncFailure(code, [SUMMARY, ""]), words);
});

Deno.test("rsyncFailure() adds what rsync complained about first", () => {
  assertEquals(
    rsyncFailure(5, ["", "@ERROR: Unknown module 'nope'", SUMMARY]),
    "rsync: Error starting client-server protocol (Unknown module 'nope')",
  );
});

Deno.test("rsyncFailure() accepts whole and partial listings", () => {
  for (const code of [0, 23, 24]) assertEquals(rsyncFailure(code, ["rsync: something"]), null);
});

Deno.test("rsyncComplaints() leaves out summaries and empty lines", () => {
  assertEquals(
    rsyncComplaints([
      "rsync: [sender] opendir failed",
      "",
      "rsync warning: some",
      "rsync error: x",
    ]),
    ["[sender] opendir failed"],
  );
});
