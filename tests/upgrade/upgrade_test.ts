import { systemClock } from "../../lib/daemon/system_clock.ts";
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { Predecessor } from "../../lib/http/threads/service.ts";
import { type ReplaceableProcess, upgrade } from "../../lib/upgrade/upgrade.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { withPatience } from "../support/with_patience.ts";
import { recordedAnswers } from "../support/recorded_answers.ts";

const PLACE: Predecessor = {
  address: { transport: "tcp", hostname: "127.0.0.1", port: 1 },
  sockets: 2,
};

/** A process that notes what is done with it. */
function fakeProcess(): { process: ReplaceableProcess; done: string[] } {
  const done: string[] = [];
  const note = (what: string) => (): Promise<void> => Promise.resolve(void done.push(what));
  return {
    done,
    process: {
      place: PLACE,
      handOver: note("handOver"),
      takeBack: note("takeBack"),
      leave: note("leave"),
      close: note("close"),
      bequeath: (heir) => {
        done.push("bequeath");
        void heir(recordedAnswers({ lines: ["a line"] }));
      },
    },
  };
}

/** Upgrades to a program that is a script of the shell. */
async function upgradeTo(script: string, startTime = 60_000) {
  const { process, done } = fakeProcess();
  const log = new MemoryLog();
  const outcome = upgrade({
    process,
    command: { program: "/bin/sh", args: ["-c", script] },
    serving: () => done.push("serving"),
    signal: new AbortController().signal,
    log,
    clock: systemClock,
    startTime,
  });
  return await outcome.then(
    async (successor) => {
      await successor.ended;
      return { error: "", done, log };
    },
    (error: Error) => ({ error: error.message, done, log }),
  );
}

const PREPARED = `echo '{"type":"prepared","version":"2"}'; read yours`;
const SERVING = `${PREPARED}; echo '{"type":"serving","pid":1}'`;

Deno.test("upgrade() takes no line without end from the new program", async () => {
  const { error, done } = await upgradeTo("yes | tr -d '\\n'");
  assertMatch(error, /^The new program did not start, this one goes on: it ended /);
  assertEquals(done, []);
});

Deno.test("upgrade() changes nothing when the new program hangs before it is ready", async () => {
  const { error, done } = await upgradeTo("exec sleep 100", 200);
  assertEquals(
    error,
    "The new program did not start, this one goes on: it was not ready after 0.2 seconds",
  );
  assertEquals(done, []);
});

Deno.test("upgrade() takes everything back when the new program hangs, fails or dies later", async () => {
  const hung = await withPatience(
    600,
    (startTime) => upgradeTo(`${PREPARED}; exec sleep 100`, startTime),
    ({ done }) => done.length > 0,
  );
  assertMatch(hung.error, /it was not ready after/);
  assertEquals(hung.done, ["handOver", "takeBack"]);
  for (
    const [script, why] of [
      [`${PREPARED}; echo '{"type":"failed","message":"No store"}'; exit 1`, /goes on: No store$/],
      [`${PREPARED}; exit 3`, /it ended with status 3/],
      [`${PREPARED}; kill -KILL $$`, /it ended on SIGKILL/],
      [`${PREPARED}; echo nonsense; exec sleep 0.1`, /it ended with status 0/],
    ] as const
  ) {
    const { error, done } = await upgradeTo(script);
    assertMatch(error, why);
    assertEquals(done, ["handOver", "takeBack"]);
  }
});

Deno.test("upgrade() hands everything over, and ends when the new program has it", async () => {
  const script = `${SERVING}; read recorded; read quiet; echo '{"type":"settled"}'; ` +
    `read done; echo '{"type":"received"}'; read end`;
  const { error, done, log } = await upgradeTo(script);
  assertEquals(error, "");
  assertEquals(done, ["handOver", "serving", "bequeath", "leave", "close"]);
  assertEquals(log.lines.filter((line) => line.startsWith("warn")), []);
});

Deno.test("upgrade() takes everything back when the new program dies while this one leaves", async () => {
  const { process, done } = fakeProcess();
  await assertRejects(
    () =>
      upgrade({
        process: { ...process, leave: () => new Promise(() => {}) },
        command: { program: "/bin/sh", args: ["-c", SERVING] },
        serving: () => done.push("serving"),
        signal: new AbortController().signal,
        log: new MemoryLog(),
        clock: systemClock,
      }),
    Error,
    "ended at once, this one goes on",
  );
  assertEquals(done, ["handOver", "serving", "bequeath", "takeBack"]);
});

Deno.test("upgrade() says why the new program cannot be started", async () => {
  const { process } = fakeProcess();
  await assertRejects(
    () =>
      upgrade({
        process,
        command: { program: "/nowhere/mirrorbits", args: [] },
        serving: () => {},
        signal: new AbortController().signal,
        log: new MemoryLog(),
        clock: systemClock,
      }),
    Error,
    'Cannot start "/nowhere/mirrorbits": there is no such file',
  );
});
