import { systemClock } from "../../lib/daemon/system_clock.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { ScanProgress } from "../../lib/catalog/scan_result.ts";
import { ControlClient } from "../../lib/control/client.ts";
import { ControlClientError } from "../../lib/control/control_client_error.ts";
import { DEFAULT_SETTINGS } from "../../lib/catalog/settings/mirror_settings.ts";
import { readLines, SIGN_INTERVAL, streamResponse } from "../../lib/control/api/ndjson.ts";
import type { ScanRunner } from "../../lib/control/scan_runner.ts";
import { createControlApp } from "../../lib/control/server.ts";
import { fakeServices, FakeStore, MIRROR_SCAN, SOURCE_SCAN } from "./fake_services.ts";

const HOW = { protocol: null, enable: false, timeout: null };
const quiet = (): { signal: AbortSignal; onProgress: () => void } => ({
  signal: new AbortController().signal,
  onProgress: () => {},
});

class Daemon implements AsyncDisposable {
  readonly store: FakeStore;
  readonly client: ControlClient;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  private constructor(store: FakeStore, scans: Partial<ScanRunner>, now: () => number) {
    const { scans: others, ...services } = fakeServices({ store });
    const app = createControlApp({ ...services, now, scans: { ...others, ...scans } });
    const listen = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(listen, (request) => app.fetch(request));
    this.store = store;
    const { hostname, port } = this.#server.addr;
    this.client = new ControlClient({ hostname, port, password: "", fetch, clock: systemClock });
  }

  static async start(scans: Partial<ScanRunner>, now = (): number => 0): Promise<Daemon> {
    const store = new FakeStore();
    await store.addMirror({ ...DEFAULT_SETTINGS, name: "m1", httpUrl: "m1/" });
    return new Daemon(store, scans, now);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

Deno.test("a scan streams its progress, not more often than ten times a second", async () => {
  let time = 0;
  const scanMirrorNow: ScanRunner["scanMirrorNow"] = (_id, { onProgress, protocol }) => {
    assertEquals(protocol, "ftp");
    for (let files = 1; files <= 1000; files++) {
      time++;
      onProgress({ phase: "listing", files, total: null });
    }
    return Promise.resolve(MIRROR_SCAN);
  };
  await using daemon = await Daemon.start({ scanMirrorNow }, () => time);
  const seen: ScanProgress[] = [];
  const { signal } = new AbortController();
  const onProgress = (progress: ScanProgress): void => void seen.push(progress);
  const how = { ...HOW, protocol: "ftp" } as const;
  const outcome = await daemon.client.scanMirror(1, how, { signal, onProgress });
  assertEquals(outcome, { ...MIRROR_SCAN, enabled: false });
  assertEquals(seen.map(({ files }) => files), [1, 101, 201, 301, 401, 501, 601, 701, 801, 901]);
});

Deno.test("a scan that succeeds enables the mirror, if that was asked for", async () => {
  await using daemon = await Daemon.start({});
  assertEquals(
    (await daemon.client.scanMirror(1, { ...HOW, enable: true }, quiet())).enabled,
    true,
  );
  assertEquals(daemon.store.records.get(1)?.enabled, true);
  assertEquals(daemon.store.allEvents.map(({ type }) => type), ["enabled"]);
});

Deno.test("a scan is aborted in the daemon when whoever asked for it goes away", async () => {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const wait = async ({ signal }: { readonly signal: AbortSignal }): Promise<never> => {
    begun.resolve();
    return await untilAborted(signal).finally(ended.resolve);
  };
  await using daemon = await Daemon.start({ scanMirrorNow: (_id, options) => wait(options) });
  const aborter = new AbortController();
  const observer = { ...quiet(), signal: aborter.signal };
  const scan = daemon.client.scanMirror(1, { ...HOW, enable: true }, observer);
  await begun.promise;
  aborter.abort();
  await assertRejects(() => scan);
  await ended.promise;
  assertEquals(daemon.store.records.get(1)?.enabled, false);
});

Deno.test("a scan ends with an error after its timeout", async () => {
  const scanMirrorNow: ScanRunner["scanMirrorNow"] = (_id, { signal }) => untilAborted(signal);
  await using daemon = await Daemon.start({ scanMirrorNow });
  const error = await assertRejects(
    () => daemon.client.scanMirror(1, { ...HOW, timeout: 0.01 }, quiet()),
    ControlClientError,
    "scanning m1 failed: timed out after 0.01 s",
  );
  assertEquals((error as ControlClientError).code, "scan_failed");
});

Deno.test("a scan that the daemon's end aborts says so", async () => {
  const stopped = new DOMException("The daemon ends", "AbortError");
  await using daemon = await Daemon.start({ scanMirrorNow: () => Promise.reject(stopped) });
  await assertRejects(
    () => daemon.client.scanMirror(1, HOW, quiet()),
    ControlClientError,
    "scanning m1 failed: aborted",
  );
});

Deno.test("a source scan passes on how it is to be done", async () => {
  const asked: unknown[] = [];
  const scanSourceNow: ScanRunner["scanSourceNow"] = ({ rehash, force }) => {
    asked.push({ rehash, force });
    return Promise.resolve(SOURCE_SCAN);
  };
  await using daemon = await Daemon.start({ scanSourceNow });
  const outcome = await daemon.client.scanSource({ rehash: true, force: false }, quiet());
  assertEquals(asked, [{ rehash: true, force: false }]);
  assertEquals(outcome.files, 28);
  assert(!Object.hasOwn(outcome, "aliases"));
});

Deno.test("a scan tells what it said last, however soon after the line before", async () => {
  const ended = Promise.withResolvers<void>();
  const scanSourceNow: ScanRunner["scanSourceNow"] = async ({ onProgress }) => {
    onProgress({ phase: "hashing", files: 0, total: 2, path: "/small" });
    onProgress({ phase: "hashing", files: 1, total: 2, path: "/medium" });
    onProgress({ phase: "hashing", files: 1, total: 2, path: "/huge" });
    await ended.promise;
    return SOURCE_SCAN;
  };
  await using daemon = await Daemon.start({ scanSourceNow });
  const seen: (string | undefined)[] = [];
  await daemon.client.scanSource({ rehash: false, force: false }, {
    signal: new AbortController().signal,
    onProgress: ({ path }) => {
      seen.push(path);
      if (seen.length === 2) ended.resolve();
    },
  });
  assertEquals(seen, ["/small", "/huge"]);
});

Deno.test("a scan that has nothing to tell shows signs of life, which are no news", async () => {
  const ended = Promise.withResolvers<string>();
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => streamResponse(() => ended.promise, String, systemClock, 5),
  );
  const { body } = await fetch(`http://127.0.0.1:${server.addr.port}/`);
  const [raw, lines] = body!.tee();
  let signs = 0;
  for await (const chunk of raw) {
    if (chunk.every((byte) => byte === 10)) signs++;
    if (signs === 3) ended.resolve("done");
  }
  assert(signs >= 3);
  assertEquals(await Array.fromAsync(readLines(lines)), [{ type: "result", result: "done" }]);
});

Deno.test("a scan shows signs of life more often than connections are cut that are silent", () => {
  // Firewalls, balancers and proxies wait a minute, at least.
  assert(SIGN_INTERVAL <= 30_000);
});

Deno.test("a client that does not read has a thousand lines waiting, and then the outcome", async () => {
  let time = 0;
  const { body } = streamResponse<string, number, string>(
    ({ onProgress }) => {
      for (let count = 1; count <= 5000; count++) {
        time += 1000;
        onProgress(count);
      }
      return Promise.resolve("done");
    },
    String,
    { ...systemClock, now: () => time },
  );
  const lines = await Array.fromAsync(readLines(body!));
  assertEquals(lines.length, 1001);
  assertEquals(lines.at(-2), { type: "progress", progress: 1000 });
  assertEquals(lines.at(-1), { type: "result", result: "done" });
});

Deno.test("readLines() puts lines together however they come, and refuses those that are too long", async () => {
  const read = (chunks: readonly string[], longest?: number): Promise<unknown[]> =>
    Array.fromAsync(readLines(
      ReadableStream.from(chunks).pipeThrough(new TextEncoderStream()),
      longest,
    ));
  const text = '[1]\n\n["ä"]\n{"a":\t2}';
  for (let size = 1; size <= text.length; size++) {
    const chunks = text.match(new RegExp(`[^]{1,${size}}`, "g"))!;
    assertEquals(await read(chunks), [[1], ["ä"], { a: 2 }]);
  }
  assertEquals(await read(Array(1000).fill("12345\n"), 6), Array(1000).fill(12345));
  await assertRejects(() => read(["[", ...Array(100).fill("1,")], 99), RangeError, "99 characters");
});
