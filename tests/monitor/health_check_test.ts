import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import {
  checkHealth,
  type CheckOutcome,
  type HealthCheckOptions,
} from "../../lib/monitor/health_check.ts";
import { createMonitorHttpClient } from "../../lib/monitor/http_client.ts";
import { VERSION } from "../../lib/version.ts";
import { makeCertificate } from "../support/certificate.ts";
import { fakeFile, fakeMirror, FakeStore } from "../support/fake_store.ts";
import { freePort } from "../support/free_port.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";
import { TimerRecord } from "../support/timer_record.ts";

const NOW = 1_800_000_000_000;
const PATH = "/dir/a b 100%41#?+ü.iso";

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
}

/** A mirror on a real server that answers as told, and checks of it. */
class Checked implements AsyncDisposable {
  readonly store: FakeStore;
  readonly log = new MemoryLog();
  readonly asked: Asked[] = [];
  answer: (request: Request) => Response | Promise<Response> = () => sized(5);
  now = NOW;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #client = createMonitorHttpClient({ clock: systemClock });

  constructor(mirror: Partial<MirrorRecord> = {}) {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => {
        const { method, url, headers } = request;
        this.asked.push({ method, url, headers });
        return this.answer(request);
      },
    );
    this.store = new FakeStore(fakeMirror({ name: "one", httpUrl: this.url, ...mirror }));
    this.store.addFiles(fakeFile(PATH, { size: 5 }));
    this.store.addCopies(1, { path: PATH, size: 5, modTime: 0 });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/base/`;
  }

  get record(): MirrorRecord {
    return this.store.records.get(1)!;
  }

  async check(options: Partial<HealthCheckOptions> = {}): Promise<boolean> {
    return (await this.outcomeOf(options)).asked;
  }

  outcomeOf(options: Partial<HealthCheckOptions> = {}): Promise<CheckOutcome> {
    return checkHealth({
      mirror: this.record,
      store: this.store,
      fetch: this.#client.fetch,
      resolve: () => Promise.reject(new Error("No names here")),
      config: { disallowRedirects: false, disableOnMissingFile: false },
      log: this.log,
      now: () => this.now,
      clock: systemClock,
      random: () => 0,
      signal: new AbortController().signal,
      ...options,
    });
  }

  /** Up or why not, after one more check. */
  async outcome(options: Partial<HealthCheckOptions> = {}): Promise<string> {
    await this.check(options);
    return this.record.httpUp ? "up" : this.record.httpDownReason;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client[Symbol.dispose]();
    await this.#server.shutdown();
  }
}

const sized = (size: number): Response =>
  new Response(null, { headers: { "content-length": `${size}` } });
const status = (code: number, headers: Record<string, string> = {}) => (): Response =>
  new Response(null, { status: code, headers });

Deno.test("checkHealth() asks for the head of a shared file, escaped, over a new connection", async () => {
  await using checked = new Checked();
  await checked.check();
  await checked.check();
  assertEquals(checked.asked.length, 2);
  const { method, url, headers } = checked.asked[0]!;
  assertEquals(method, "HEAD");
  assertEquals(url, `${checked.url}dir/a%20b%20100%2541%23%3F+%C3%BC.iso`);
  assertEquals(headers.get("user-agent"), `Mirrorbits/${VERSION} PING CHECK`);
  assertEquals(headers.get("accept-encoding"), "identity");
  assertMatch(checked.log.lines[0]!, /^debug: Health check of one \(http\): Up! \(\d+ms\)$/);
});

Deno.test("checkHealth() asks for any of the files that are shared", async () => {
  await using checked = new Checked();
  for (const path of ["/b", "/c"]) {
    checked.store.addFiles(fakeFile(path, { size: 5 }));
    checked.store.addCopies(1, { path, size: 5, modTime: 0 });
  }
  for (const drawn of [0.4, 0.9, 0.1]) await checked.check({ random: () => drawn });
  const names = checked.asked.map(({ url }) => url.slice(checked.url.length).slice(0, 4));
  assertEquals(names, ["b", "c", "dir/"]);
});

Deno.test("checkHealth() records the first result and each change, once", async () => {
  await using checked = new Checked();
  await checked.check();
  assertEquals([checked.record.httpUp, checked.record.stateSince], [true, NOW]);
  checked.now += 1000;
  await checked.check();
  assertEquals(checked.record.stateSince, NOW);

  checked.answer = status(500);
  await checked.check();
  await checked.check();
  assertEquals(checked.record.httpUp, false);
  assertEquals(checked.record.httpDownReason, "Got status code 500");
  assertEquals(checked.record.stateSince, NOW + 1000);
  checked.now += 1000;
  checked.answer = status(502);
  await checked.check();
  assertEquals(checked.record.httpDownReason, "Got status code 502");
  assertEquals(checked.record.stateSince, NOW + 1000);
  checked.answer = () => sized(5);
  await checked.check();
  assertEquals([checked.record.httpUp, checked.record.httpDownReason], [true, ""]);
  assertEquals(checked.record.stateSince, NOW + 2000);

  const event = { type: "state", mirrorId: 1, protocol: "http" } as const;
  assertEquals(checked.store.log, [
    { ...event, up: true, reason: "", time: NOW },
    {
      ...{ ...event, up: false, reason: "Got status code 500", time: NOW + 1000 },
      cause: {
        ...{ kind: "status", text: "Got status code 500" },
        ...{ address: "127.0.0.1", milliseconds: 0 },
      },
    },
    { ...event, up: true, reason: "", time: NOW + 2000 },
  ]);
});

Deno.test("checkHealth() records that a new mirror is down", async () => {
  await using checked = new Checked({ httpUrl: `http://127.0.0.1:${freePort()}/` });
  await checked.check();
  assertEquals(checked.record.httpDownReason, "Unreachable");
  assertEquals(checked.record.stateSince, NOW);
  assertEquals(checked.store.log.length, 1);
});

Deno.test("checkHealth() judges the answer", async () => {
  await using checked = new Checked();
  for (
    const [answer, outcome] of [
      [() => sized(5), "up"],
      [() => new Response(new ReadableStream()), "up"],
      [status(404), `File not found ${PATH} (error 404)`],
      [status(403), "Got status code 403"],
      [status(204), "Got status code 204"],
      [status(304), "Got status code 304"],
      [status(302), "Got status code 302"],
    ] as const
  ) {
    checked.answer = answer;
    assertEquals(await checked.outcome(), outcome);
  }
  assert(!checked.log.lines.some((line) => line.includes("mismatch")));
});

Deno.test("checkHealth() warns of another size, and calls the mirror up", async () => {
  await using checked = new Checked();
  checked.answer = () => sized(6);
  assertEquals(await checked.outcome(), "up");
  const warning = checked.log.lines.find((line) => line.startsWith("warn: "))!;
  assertMatch(warning, /one .*: File size mismatch! \[\/dir\/a b 100%41#\?\+ü\.iso\] \(\d+ms\)$/);
});

Deno.test("checkHealth() does not take a compressed size for the file's", async () => {
  await using checked = new Checked();
  checked.answer = () =>
    new Response(null, { headers: { "content-length": "3", "content-encoding": "gzip" } });
  assertEquals(await checked.outcome(), "up");
  assert(!checked.log.lines.some((line) => line.includes("mismatch")));
});

Deno.test("checkHealth() follows redirects as mirror and configuration allow", async () => {
  for (
    const [allowRedirects, disallowRedirects, allowed] of [
      [null, false, true],
      [null, true, false],
      [true, true, true],
      [false, false, false],
    ] as const
  ) {
    await using checked = new Checked({ allowRedirects });
    checked.answer = ({ url }) => {
      return url.endsWith("/moved") ? sized(5) : status(302, { location: "/moved" })();
    };
    const config = { disallowRedirects, disableOnMissingFile: false };
    assertEquals(await checked.outcome({ config }), allowed ? "up" : "Unauthorized redirect");
    assertEquals(checked.asked.length, allowed ? 2 : 1);
  }
});

Deno.test("checkHealth() follows ten redirects, and only over HTTP", async () => {
  await using checked = new Checked();
  const times = (count: number) => ({ url }: Request): Response => {
    const at = Number(new URL(url).searchParams.get("at"));
    return at < count ? status(301, { location: `?at=${at + 1}` })() : sized(5);
  };
  checked.answer = times(10);
  assertEquals(await checked.outcome(), "up");
  checked.answer = times(11);
  assertEquals(await checked.outcome(), "Unreachable");
  for (const location of ["file:///etc/passwd", "data:,x", "http://"]) {
    checked.answer = status(302, { location });
    assertEquals(await checked.outcome(), "Unreachable", location);
  }
});

Deno.test("checkHealth() gives up after its time", async () => {
  await using checked = new Checked();
  const { promise, resolve } = Promise.withResolvers<Response>();
  checked.answer = () => promise;
  assertEquals(await checked.outcome({ timeout: 50 }), "Unreachable");
  resolve(sized(5));
});

Deno.test("checkHealth() gives a mirror 20 s to connect and 40 s in all", async () => {
  await using checked = new Checked();
  using timers = new TimerRecord();
  await checked.check();
  assert(timers.set.has(20_000), "to connect");
  assert(timers.set.has(40_000), "in all");
});

Deno.test("checkHealth() records nothing when it is aborted", async () => {
  await using checked = new Checked();
  const stop = new AbortController();
  checked.answer = () => {
    stop.abort(new Error("Enough"));
    return sized(5);
  };
  await assertRejects(() => checked.check({ signal: stop.signal }), Error, "Enough");
  const late = new AbortController();
  const fetch = () => {
    late.abort(new Error("Enough"));
    return Promise.resolve(sized(5));
  };
  await assertRejects(() => checked.check({ signal: late.signal, fetch }), Error, "Enough");
  assertEquals(checked.record.stateSince, null);
  assertEquals(checked.store.log, []);
});

Deno.test("checkHealth() checks both schemes of a base URL without one", async () => {
  await using directory = await tempDir();
  const { cert, key } = await makeCertificate(directory.path);
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {}, cert, key },
    () => sized(5),
  );
  using client = createMonitorHttpClient({ clock: systemClock, certificates: [cert] });
  await using checked = new Checked({ httpUrl: `127.0.0.1:${server.addr.port}/` });
  await checked.check({ fetch: client.fetch });
  const { httpUp, httpsUp, httpDownReason, httpsDownReason } = checked.record;
  assertEquals({ httpUp, httpsUp }, { httpUp: false, httpsUp: true });
  assertEquals({ httpDownReason, httpsDownReason }, {
    httpDownReason: "Unreachable",
    httpsDownReason: "",
  });
  assertEquals(
    checked.store.log.map((event) => event.type === "state" && [event.protocol, event.up]),
    [["http", false], ["https", true]],
  );
});

Deno.test("checkHealth() calls a mirror with a bad certificate unreachable", async () => {
  await using directory = await tempDir();
  const { cert, key } = await makeCertificate(directory.path);
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {}, cert, key },
    () => sized(5),
  );
  await using checked = new Checked({ httpUrl: `https://127.0.0.1:${server.addr.port}/` });
  await checked.check();
  assertEquals(checked.record.httpsDownReason, "Unreachable");
  assertEquals(checked.record.httpDownReason, "");
});

Deno.test("checkHealth() disables a mirror that lacks a file, where that is configured", async () => {
  await using checked = new Checked();
  checked.answer = status(404);
  await checked.check();
  assertEquals(checked.record.enabled, true);
  await checked.check({ config: { disallowRedirects: false, disableOnMissingFile: true } });
  assertEquals(checked.record.enabled, false);
  assertEquals(checked.store.log.at(-1), { type: "disabled", mirrorId: 1, time: NOW });
});

Deno.test("checkHealth() concludes nothing from a file that source and mirror share no more", async () => {
  const config = { disallowRedirects: false, disableOnMissingFile: true };
  for (const gone of ["source", "mirror"] as const) {
    await using checked = new Checked();
    checked.answer = () => {
      if (gone === "source") checked.store.source.delete(PATH);
      else checked.store.copies.get(1)!.delete(PATH);
      return status(404)();
    };
    assertEquals(await checked.check({ config }), true);
    assertEquals([checked.record.stateSince, checked.record.enabled], [null, true], gone);
    assertEquals(checked.store.log, []);
  }
});

Deno.test("checkHealth() does not disable again what somebody disabled meanwhile", async () => {
  await using checked = new Checked();
  const mirror = checked.record;
  checked.answer = status(404);
  checked.store.change(1, { enabled: false });
  await checked.check({ mirror, config: { disallowRedirects: false, disableOnMissingFile: true } });
  assertEquals(checked.store.log.map(({ type }) => type), ["state"]);
});

Deno.test("checkHealth() asks nothing where source and mirror share no file", async () => {
  await using checked = new Checked();
  checked.store.copies.clear();
  assertEquals(await checked.check(), false);
  assertEquals(checked.asked, []);
  assertEquals(checked.record.stateSince, null);
});

Deno.test("checkHealth() forgets a mirror that was removed meanwhile", async () => {
  await using checked = new Checked();
  const mirror = checked.record;
  checked.answer = () => {
    checked.store.records.clear();
    return status(404)();
  };
  const config = { disallowRedirects: false, disableOnMissingFile: true };
  assertEquals(await checked.check({ mirror, config }), true);
  assertEquals(checked.store.log, []);
});

/** Files that both have beside the one that is drawn first, newest last. */
function addMore(checked: Checked, ...paths: string[]): void {
  paths.forEach((path, index) => {
    checked.store.addFiles(fakeFile(path, { size: 5, modTime: NOW - 1000 + index }));
    checked.store.addCopies(1, { path, size: 5, modTime: 0 });
  });
}

/** Answers 404 for these, 200 for all else. */
const lacks = (...paths: string[]) => ({ url }: Request): Response =>
  paths.some((path) => url.endsWith(path)) ? status(404)() : sized(5);

Deno.test("checkHealth() forgets a file that is missing alone", async () => {
  await using checked = new Checked();
  addMore(checked, "/b", "/c", "/d");
  checked.answer = lacks("%C3%BC.iso");
  const outcome = await checked.outcomeOf({
    config: { disallowRedirects: false, disableOnMissingFile: true },
  });
  assertEquals([checked.record.httpUp, checked.record.enabled, outcome.forgot], [true, true, true]);
  const names = checked.asked.map(({ url }) => url.slice(checked.url.length));
  assertEquals(names.slice(1).sort(), ["c", "d"], "the newest and another one");
  assertEquals(checked.store.copies.get(1)!.has(PATH), false);
  const types = checked.store.log.map(({ type }) => type);
  assertEquals(types, ["copy_forgotten", "state"]);
  assertEquals(checked.store.log[0], {
    ...{ type: "copy_forgotten", mirrorId: 1, time: NOW, path: PATH, why: "missing" },
  });
});

Deno.test("checkHealth() asks for the newest file that both have, however many there are", async () => {
  await using checked = new Checked();
  addMore(checked, ...Array.from({ length: 100 }, (_, i) => `/${i}`));
  checked.store.addFiles(fakeFile("/elsewhere", { size: 5 }));
  checked.answer = lacks("%C3%BC.iso");
  await checked.check({
    newest: () => Promise.resolve([PATH, "/elsewhere", "/gone", "/99", "/98"]),
  });
  const names = checked.asked.map(({ url }) => url.slice(checked.url.length));
  assertEquals([names.length, names.includes("99")], [3, true]);
});

Deno.test("checkHealth() takes a mirror for down that lacks two files of three", async () => {
  await using checked = new Checked();
  addMore(checked, "/b", "/c", "/d");
  checked.answer = lacks("%C3%BC.iso", "/d");
  assertEquals(await checked.outcome(), `File not found ${PATH} (error 404)`);
  assertEquals(checked.store.copies.get(1)!.has(PATH), true);
});

Deno.test("checkHealth() takes a mirror of two files for down only when both are missing", async () => {
  await using checked = new Checked();
  addMore(checked, "/b");
  checked.answer = lacks("%C3%BC.iso", "/b");
  assertEquals(await checked.outcome(), `File not found ${PATH} (error 404)`);
  checked.answer = lacks("%C3%BC.iso");
  assertEquals(await checked.outcome(), "up");
});

Deno.test("checkHealth() bears a busy mirror twice", async () => {
  for (const code of [429, 503]) {
    await using checked = new Checked();
    await checked.check();
    checked.answer = status(code, { "retry-after": "120" });
    const first = await checked.outcomeOf({ busy: 0 });
    assertEquals([first.busy, first.wait], [1, 120_000]);
    assertEquals([checked.record.httpUp, checked.record.busySince], [true, NOW]);
    const second = await checked.outcomeOf({ busy: 1 });
    assertEquals([second.busy, checked.record.httpUp], [2, true]);
    const third = await checked.outcomeOf({ busy: 2 });
    assertEquals([third.busy, checked.record.httpUp], [3, false]);
    assertEquals(checked.record.httpDownReason, `Got status code ${code}`);
    assertEquals(checked.record.busySince, null);
  }
});

Deno.test("checkHealth() leaves a busy mirror alone for five minutes at most", async () => {
  await using checked = new Checked();
  const date = new Date(NOW + 30_000).toUTCString();
  for (const [header, wait] of [["99999", 300_000], [date, 30_000], ["soon", 0]] as const) {
    checked.answer = status(503, { "retry-after": header });
    assertEquals((await checked.outcomeOf()).wait, wait, header);
  }
  checked.answer = status(503);
  assertEquals((await checked.outcomeOf()).wait, 0);
});

Deno.test("checkHealth() holds a mirror back that is up again", async () => {
  await using checked = new Checked({
    httpUp: false,
    httpDownReason: "Unreachable",
    stateSince: 1,
  });
  assertEquals((await checked.outcomeOf({ hold: true })).held, true);
  assertEquals(checked.record.httpUp, false);
  // One that is down still has nothing to be held back from.
  checked.answer = status(500);
  assertEquals((await checked.outcomeOf({ hold: true })).held, false);
  assertEquals(checked.record.httpDownReason, "Got status code 500");
  checked.answer = () => sized(5);
  assertEquals((await checked.outcomeOf({ hold: false })).held, false);
  assertEquals(checked.record.httpUp, true);
});
