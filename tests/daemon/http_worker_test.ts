import { assert, assertEquals, assertMatch } from "@std/assert";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import type { LoadedDatabases } from "../../lib/geoip/load_databases.ts";
import { HttpThreads } from "../../lib/http/threads/threads.ts";
import { linkToWorker } from "../../lib/http/threads/worker_link.ts";
import { type HttpThreadMessage, openHttpThread } from "../../lib/daemon/http_worker.ts";
import { openSqliteStore } from "../../lib/store/sqlite/open_sqlite_store.ts";
import type { RecordedAnswers } from "../../lib/stats/recorder.ts";
import { CONFIG } from "../http/fixtures.ts";
import { mirrorRecord } from "../selection/fixtures.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

const WORKER = new URL("../../lib/daemon/http_worker.ts", import.meta.url);
const MORTAL = new URL("../support/mortal_worker.ts", import.meta.url);
const ADDRESS = { transport: "tcp", hostname: "127.0.0.1", port: 0 } as const;

/** Real HTTP threads on a store with one file that one mirror has. */
async function start(directory: string, workers: number, module = WORKER) {
  const log = new MemoryLog();
  const recorded: RecordedAnswers[] = [];
  const sent: HttpThreadMessage[] = [];
  const path = `${directory}/store.db`;
  await using store = await openSqliteStore({ path, log, now: Date.now });
  const { id: _id, ...mirror } = mirrorRecord(1, {});
  const id = await store.addMirror(mirror);
  const file = { path: "/file.iso", size: 5, modTime: 0 };
  const forever = new AbortController().signal;
  await store.updateSource({
    changed: [{ ...file, sha1: "", sha256: "", md5: "" }],
    removed: [],
  }, forever);
  await store.updateCopies(id, { changed: [file], removed: [] }, forever);
  const threads = new HttpThreads<LoadedDatabases>({
    config: { ...CONFIG, logDir: directory },
    balanced: Deno.build.os === "linux",
    log,
    clock: systemClock,
    recorded: (answers) => void recorded.push(answers),
    start: (place, config, events) => {
      const link = place === "worker"
        ? linkToWorker<HttpThreadMessage>(module, events)
        : { send: openHttpThread(events.message), terminate: () => {} };
      link.send({ type: "start", config, store: { type: "embedded", path } });
      return {
        send(message) {
          sent.push(message);
          link.send(message);
        },
        terminate: link.terminate,
      };
    },
  });
  threads.broadcast({ type: "mirrors", mirrors: [mirrorRecord(id, {})] });
  await threads.serve({ address: ADDRESS, workers });
  return { threads, log, recorded, sent };
}

async function ask(threads: HttpThreads<LoadedDatabases>, path = "/file.iso"): Promise<number> {
  const response = await fetch(`http://${threads.address}${path}`, { redirect: "manual" });
  await response.body?.cancel();
  return response.status;
}

for (const workers of [0, 1, 2]) {
  Deno.test(`an HTTP side with ${workers} threads answers, and counts up to the end`, async () => {
    await using directory = await tempDir();
    const { threads, log, recorded } = await start(directory.path, workers);
    for (let count = 0; count < 10; count++) assertEquals(await ask(threads), 302);
    await threads[Symbol.asyncDispose]();
    const downloads = recorded.flatMap(({ batches }) => batches)
      .reduce((sum, { files }) => sum + (files.get("/file.iso") ?? 0), 0);
    assertEquals(downloads, 10);
    assertEquals(recorded.flatMap(({ lines }) => lines).join("\n").split("\n").length, 10);
    assertEquals(log.lines.filter((line) => /^(warn|error)/.test(line)), []);
  });
}

Deno.test("an HTTP thread that dies is replaced, and others go on", async () => {
  await using directory = await tempDir();
  const { threads, log } = await start(directory.path, 2, MORTAL);
  await using _ = threads;
  const deaths = () => log.lines.filter((line) => line.startsWith("error: An HTTP thread died"));
  // The thread that gets this message dies of it.
  threads.broadcast({ type: "paths", paths: ["/die"] });
  await waitFor(() => deaths().length === 2, { what: "the threads to die" });
  await waitFor(() => threads.size === 2, { what: "the replacements" });
  await waitFor(() => ask(threads).then((status) => status === 302), { what: "an answer" });
  assertMatch(deaths()[0]!, /Told to die/);
});

Deno.test("little waits for an HTTP thread that hangs, and it is right when it does no more", async () => {
  await using directory = await tempDir();
  const { threads, log, sent } = await start(directory.path, 1, MORTAL);
  await using _ = threads;
  assertEquals(await ask(threads), 302);
  const held = `${directory.path}/held`;
  await Deno.writeTextFile(held, "");
  threads.broadcast({ type: "paths", paths: [`/hang${held}`] });
  const paths = Array.from({ length: 1000 }, (_, index) => `/${"long".repeat(25)}/${index}`);
  for (let count = 0; count < 1000; count++) threads.broadcast({ type: "paths", paths });
  const waiting = sent.filter(({ type }) => type === "paths").length;
  assert(waiting > 100 && waiting < 250, `${waiting} messages of 1000`);
  const said = (): string[] => log.lines.filter((line) => line.includes("what changes"));
  assertEquals(said(), [
    "warn: An HTTP thread does not take in what changes: it is told everything anew when it does",
  ]);
  // Both are among what it is not told.
  threads.broadcast({ type: "configuration", config: { ...CONFIG, logDir: null, fallbacks: [] } });
  threads.broadcast({ type: "mirrors", mirrors: [] });
  assertEquals(sent.at(-1)?.type, "ping");
  await Deno.remove(held);
  await waitFor(() => said().length === 2, { what: "the thread to have taken in everything" });
  assertEquals(said()[1], "info: An HTTP thread takes in again what changes");
  assertEquals(await ask(threads), 503);
  assertEquals(sent.slice(-4).map(({ type }) => type).includes("everything"), true);
  // What changes then is told as before.
  threads.broadcast({ type: "mirrors", mirrors: [mirrorRecord(1, {})] });
  await waitFor(() => ask(threads).then((status) => status === 302), { what: "the mirror" });
});

Deno.test("an HTTP thread without its store says why it cannot serve", async () => {
  const messages: unknown[] = [];
  const send = openHttpThread((message) => messages.push(message));
  send({ type: "start", config: CONFIG, store: { type: "embedded", path: "/nowhere/store.db" } });
  send({ type: "listen", address: ADDRESS, shared: false });
  send({ type: "stop" });
  await waitFor(() => messages.length === 3, { what: "the answers" });
  assertEquals(messages[0], { type: "prepared" });
  assertMatch(JSON.stringify(messages[1]), /^\{"type":"error","message":".*nowhere/);
  assertEquals(messages[2], { type: "stopped" });
});
