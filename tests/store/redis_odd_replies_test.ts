import { assert, assertEquals, assertRejects } from "@std/assert";
import { afterMessages } from "../../lib/store/redis/guard_messages.ts";
import { openRedisReader } from "../../lib/store/redis/redis_reader.ts";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { type Store, StoreUnavailableError } from "../../lib/store/store.ts";
import { sampleFile, sampleMirror } from "../store_contract/samples.ts";
import { RespServer, respText } from "../support/resp_server.ts";
import { waitFor } from "../support/wait_for.ts";
import { redisOptions, shown } from "./redis_helpers.ts";
import type { StoreReader } from "../../lib/store/store_reader.ts";

const never = new AbortController().signal;
const DAY = "2026-11-22";
const ODD = [
  "$-1\r\n",
  "*-1\r\n",
  "*0\r\n",
  ":0\r\n",
  ":-7\r\n",
  "$0\r\n\r\n",
  "+OK\r\n",
  "*1\r\n*0\r\n",
];
const ODDER = [
  "-ERR\r\n",
  "-\r\n",
  "-MOVED 1 192.0.2.1:6379\r\n",
  ":99999999999999999999\r\n",
  "$3\r\n\xff\xfe\0\r\n",
  "*3\r\n$1\r\n0\r\n*-1\r\n:1\r\n",
  "*2\r\n-ERR inside\r\n$-1\r\n",
  "*2\r\n$1\r\n7\r\n*4\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n$1\r\n4\r\n",
  // A walk that does not get on, by command and by script.
  '$5\r\n["7"]\r\n',
  // What no Redis says: another server, lengths that nobody has, depths without end, RESP3.
  "HTTP/1.1 400 Bad Request\r\n\r\n",
  "$-2\r\n",
  "$99999999999\r\n",
  "*99999999999\r\n",
  "*1\r\n".repeat(20_000),
  "%1\r\n+a\r\n+b\r\n",
  "_\r\n",
  "#t\r\n",
];

/** A Redis that is well until a connection is made, and then answers one thing to every command. */
function oddRedis(reply: () => string | null, scripts = true): RespServer {
  return new RespServer(([name = "", ...args]) => {
    const odd = reply();
    if (odd !== null) return odd;
    if (name === "INFO") return respText("redis_version:7.0.0\r\nrole:master\r\n");
    if (name === "GET") return respText("2");
    if (name === "SUBSCRIBE") {
      return args.map((one, i) => `*3\r\n${respText("subscribe")}${respText(one)}:${i + 1}\r\n`)
        .join("");
    }
    if (name.startsWith("EVAL") && !scripts) return "-NOPERM no scripts\r\n";
    if (name === "PING") return `*2\r\n${respText("pong")}${respText("")}`;
    return ":0\r\n";
  });
}

async function drain(pages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of pages);
}

/** Everything that a store is asked. */
function questions(store: Store): (() => unknown)[] {
  const files = [sampleFile("/a"), sampleFile("/b")];
  const difference = { changed: files, removed: ["/c"] };
  return [
    () => store.mirrors(),
    () => store.mirror(1),
    () => store.addMirror(sampleMirror("m")),
    () => store.updateMirror({ ...sampleMirror("m"), id: 1 }),
    () => store.updateMirrorState(1, { httpUp: true }),
    () => store.enableMirror(1, true),
    () => store.removeMirror(1),
    () => store.countFiles(),
    () => drain(store.sourceFiles()),
    () => drain(store.sourceFilesAt(["/a", "/b"])),
    () => store.updateSource(difference, never),
    () => drain(store.copiesOf(1)),
    () => store.updateCopies(1, difference, never),
    () => store.sharedFile(1, Math.random),
    () => store.sharedFiles(1, 3, Math.random),
    () => store.addDownloads({ day: DAY, files: new Map([["/a", 1]]), mirrors: new Map() }, "id"),
    () => store.forgetDownloads?.("id"),
    () => drain(store.allFileDownloads([DAY, ""])),
    () => store.countedPeriods(),
    () => store.removeCounted("counters", DAY),
    () => store.addEvent({ type: "added", mirrorId: 1, time: 0 }),
    () => store.events(1, 5),
    () => store.lock("source").then((lock) => lock?.[Symbol.asyncDispose]()),
    () => store.cluster?.send("hello"),
  ];
}

function readerQuestions(reader: StoreReader): (() => unknown)[] {
  return [
    () => reader.lookup("/a"),
    () => reader.fileDownloads("/a", [DAY, ""]),
    () => reader.mirrorDownloads([DAY, ""]),
    () => reader.downloadsByPeriod(null, [DAY]),
    () => reader.downloadsByPeriod(1, [DAY]),
    () => reader.totalDownloads(),
    () => reader.series([DAY], ["downloads"]),
    () => reader.seriesSums([DAY]),
    () => drain(reader.allFileDownloads([DAY])),
    () => reader.events(1, 5),
  ];
}

for (const odd of [...ODD, ...ODDER]) {
  Deno.test(`a Redis that answers ${JSON.stringify(odd.slice(0, 80))} to every command cannot be used, and ends nothing`, async () => {
    let reply: string | null = null;
    await using server = oddRedis(() => reply);
    // The connection that listens is asked for a sign of life as well.
    const timings = { firstRetry: 20, lastRetry: 50, connect: 5_000, answer: 300, ping: 20 };
    const options = redisOptions(server.port, { timings: { ...timings, look: 20 } });
    await using store = await openRedisStore(options);
    await using reader = await openRedisReader(redisOptions(server.port, { timings }));
    // On a busy machine, even what is well answers late, and is tried again.
    await waitFor(() => store.available && reader.available, { what: "the connections" });
    reply = odd;
    for (
      const ask of [...questions(store), ...readerQuestions(reader), ...readerQuestions(store)]
    ) {
      const error = await (async () => await ask())().then(() => null, (error: unknown) => error);
      const known = error === null || error instanceof StoreUnavailableError ||
        // What was asked for is not there, as far as such a Redis tells.
        (error instanceof Error && /NameTaken|NoSuchMirror/.test(error.name));
      assert(known, `${ask}: ${error instanceof Error ? error.stack : error}`);
    }
    if (ODD.includes(odd)) {
      await waitFor(() => store.trouble === "the store cannot be reached", { what: "the look" });
      assert(shown(options.log).some((line) => line.includes("makes no sense")));
    }
    // Also from the start.
    const late = redisOptions(server.port, { timings });
    await using other = await openRedisStore(late);
    assertEquals(other.available, false);
  });
}

Deno.test("a Redis that answers an empty list to every command has nothing, and nobody believes it", async () => {
  for (const scripts of [true, false]) {
    let reply: string | null = null;
    await using server = oddRedis(() => reply, scripts);
    const options = redisOptions(server.port);
    await using reader = await openRedisReader(options);
    // Without scripts there is no such store.
    await using store = scripts ? await openRedisStore(options) : null;
    assertEquals(reader.available, true);
    reply = "*0\r\n";
    const asked = store === null ? [] : [
      () => store.mirrors(),
      () => store.mirror(1),
      () => store.countFiles(),
      () => drain(store.sourceFiles()),
      () => drain(store.sourceFilesAt(["/a"])),
      () => drain(store.copiesOf(1)),
      () => store.sharedFiles(1, 3, Math.random),
      () => store.events(1, 5),
      () => drain(store.allFileDownloads([DAY])),
    ];
    for (const ask of [...asked, () => reader.lookup("/a"), () => reader.goneFile("/a")]) {
      await assertRejects(async () => await ask(), StoreUnavailableError, "makes no sense");
    }
  }
});

Deno.test("a new mirror's ID that no Redis gives is no ID", async () => {
  for (const odd of [":-7\r\n", ":99999999999999999999\r\n", "$1\r\n7\r\n"]) {
    let reply: string | null = null;
    await using server = oddRedis(() => reply);
    await using store = await openRedisStore(redisOptions(server.port));
    reply = odd;
    await assertRejects(
      () => store.addMirror(sampleMirror("m")),
      StoreUnavailableError,
      "makes no",
    );
  }
});

Deno.test("a number of files that there cannot be is none", async () => {
  for (const odd of [":-7\r\n", ":99999999999999999999\r\n", "$1\r\n7\r\n", "$-1\r\n"]) {
    let reply: string | null = null;
    await using server = oddRedis(() => reply);
    await using store = await openRedisStore(redisOptions(server.port));
    reply = odd;
    await assertRejects(() => store.countFiles(), StoreUnavailableError, "a count was asked for");
  }
});

Deno.test("afterMessages() skips messages, whole or in parts, and finds what is none", () => {
  const message = `*3\r\n${respText("message")}${respText("channel")}${respText("/ü\r\n*0\r\n")}`;
  const bytes = new TextDecoder("latin1").decode(new TextEncoder().encode(message));
  const pong = `*2\r\n${respText("pong")}${respText("")}`;
  const subscribed = `*3\r\n${respText("subscribe")}${respText("channel")}:1\r\n`;
  assertEquals(afterMessages(bytes + pong + subscribed + "-NOPERM no\r\n"), "");
  for (let cut = 1; cut < bytes.length; cut++) {
    const rest = afterMessages(pong + bytes.slice(0, cut));
    assertEquals(rest, bytes.slice(0, cut));
    assertEquals(afterMessages(rest! + bytes.slice(cut)), "");
  }
  for (
    const odd of [...ODD, "*3\r\n$-1\r\n", "*2\r\n:1\r\n", "*3\r\n$1\r\na\r\n$-1\r\n", "?\r\n"]
  ) {
    assertEquals(afterMessages(pong + odd), null, odd);
  }
});
