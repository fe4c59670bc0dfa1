import { assert, assertEquals } from "@std/assert";
import type { LargeRedirect } from "../../lib/catalog/large_redirect.ts";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { createMonitorHttpClient } from "../../lib/monitor/http_client.ts";
import { MOST_WAITING, Verifier, type VerifierOptions } from "../../lib/monitor/verifier.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { fakeFile, fakeMirror, FakeStore } from "../support/fake_store.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { waitFor } from "../support/wait_for.ts";

const ISO = "/iso/a b.iso";
const SIZE = 60_000_000;

/** Mirrors on one real server, and who verifies them. */
class Verified implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly log = new MemoryLog();
  readonly store = new FakeStore();
  readonly asked: string[] = [];
  answer: (path: string) => Response | Promise<Response> = () => sized(SIZE);
  verify: { from: number } | null = { from: 50_000_000 };
  readonly verifier: Verifier;
  readonly #end = new AbortController();
  readonly #client = createMonitorHttpClient({ clock: systemClock });
  readonly #server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      const { pathname } = new URL(request.url);
      this.asked.push(`${request.method} ${decodeURIComponent(pathname)}`);
      return this.answer(decodeURIComponent(pathname));
    },
  );

  constructor(mirrors = 1, options: Partial<VerifierOptions> = {}) {
    for (let id = 1; id <= mirrors; id++) {
      const httpUrl = `http://127.0.0.1:${this.#server.addr.port}/m${id}/`;
      this.store.records.set(id, fakeMirror({ id, httpUrl, httpUp: true }));
    }
    this.add(ISO);
    this.verifier = new Verifier({
      store: this.store,
      config: () => ({ disallowRedirects: false, scanInterval: 30, verify: this.verify }),
      rule: () => ({ fetch: this.#client.fetch, resolve: () => Promise.resolve([]) }),
      log: this.log,
      clock: { ...this.clock, timeout: systemClock.timeout },
      signal: this.#end.signal,
      ...options,
    });
  }

  /** A file that every mirror has. */
  add(path: string, size = SIZE): void {
    this.store.addFiles(fakeFile(path, { size }));
    for (const id of this.store.records.keys()) {
      this.store.addCopies(id, { path, size, modTime: 0 });
    }
  }

  /** The redirects led there; waits until so many requests were made in all, and nothing is asked. */
  async redirected(redirects: readonly LargeRedirect[], requests: number): Promise<void> {
    this.verifier.take(redirects);
    await this.until(requests);
  }

  async until(requests: number): Promise<void> {
    await waitFor(() => this.asked.length >= requests, { what: `${requests} requests` });
    await this.settled();
    assertEquals(this.asked.length, requests);
  }

  /** Nothing is asked any more. */
  async settled(): Promise<void> {
    await this.verifier[Symbol.asyncDispose]();
  }

  get copies(): string[] {
    return [...this.store.copies.get(1)?.keys() ?? []];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.settled();
    this.#client[Symbol.dispose]();
    await this.#server.shutdown();
  }
}

function sized(size: number): Response {
  return new Response(null, { headers: { "content-length": `${size}` } });
}

const TO_ISO = [{ mirrorId: 1, path: ISO }];

Deno.test("Verifier asks once for a file, a mirror and a version", async () => {
  await using site = new Verified(2);
  await site.redirected([...TO_ISO, ...TO_ISO], 1);
  site.clock.tick(10_000);
  await site.redirected(TO_ISO, 1);
  await site.redirected([{ mirrorId: 2, path: ISO }], 2);
  assertEquals(site.asked, ["HEAD /m1/iso/a b.iso", "HEAD /m2/iso/a b.iso"]);
  // Another scan, or another daemon: the store remembers.
  site.store.publish({ type: "missed" });
  site.clock.tick(10_000);
  await site.redirected(TO_ISO, 2);
  // Another version of the file.
  site.store.addFiles(fakeFile(ISO, { size: SIZE, modTime: 5000 }));
  site.store.publish({ type: "files", paths: [ISO] });
  site.clock.tick(10_000);
  await site.redirected(TO_ISO, 3);
  assertEquals(site.store.log, []);
  assertEquals(site.copies, [ISO]);
});

Deno.test("Verifier forgets what is not there, or of another size, until the next scan", async () => {
  for (
    const [answer, why] of [
      [() => sized(7), "size"],
      [() => new Response(null, { status: 404 }), "missing"],
      [() => new Response(null, { status: 410 }), "missing"],
    ] as const
  ) {
    await using site = new Verified();
    site.answer = answer;
    await site.redirected(TO_ISO, 1);
    assertEquals(site.copies, []);
    const time = site.clock.now();
    assertEquals(site.store.log, [
      { type: "copy_forgotten", mirrorId: 1, time, path: ISO, why },
    ]);
    const log = JSON.stringify(site.log);
    assert(log.includes(`${ISO}: forgotten until its next scan`), log);
    // The next scan finds it, and somebody is sent there again.
    site.add(ISO);
    site.store.publish({ type: "copies", mirrorId: 1, paths: [ISO] });
    site.answer = () => sized(SIZE);
    site.clock.tick(1000);
    await site.redirected(TO_ISO, 2);
    assertEquals(site.copies, [ISO]);
    assertEquals(site.store.log.length, 1);
  }
});

Deno.test("Verifier keeps what it cannot tell, and asks again after a scan interval", async () => {
  for (
    const answer of [
      () => new Response(null, { status: 503, headers: { "retry-after": "1" } }),
      () => new Response(null, { status: 403 }),
      () => Response.redirect("http://127.0.0.1:1/"),
    ]
  ) {
    await using site = new Verified();
    site.answer = answer;
    await site.redirected(TO_ISO, 1);
    assertEquals([site.copies, site.store.log], [[ISO], []]);
    assertEquals(site.store.claimed.size, 0);
    site.clock.tick(29 * 60_000);
    await site.redirected(TO_ISO, 1);
    site.clock.tick(61_000);
    site.answer = () => sized(7);
    await site.redirected(TO_ISO, 2);
    assertEquals(site.copies, []);
  }
});

Deno.test("Verifier takes an outdated copy for right that is as its listing said", async () => {
  await using site = new Verified();
  site.store.addCopies(1, { path: ISO, size: SIZE - 5, modTime: 0 });
  site.answer = () => sized(SIZE - 5);
  await site.redirected(TO_ISO, 1);
  assertEquals(site.copies, [ISO]);
});

Deno.test("Verifier asks a mirror twice a second at most, and others meanwhile", async () => {
  await using site = new Verified(2);
  const paths = Array.from({ length: 4 }, (_, i) => `/${i}.iso`);
  for (const path of paths) site.add(path);
  await site.redirected(paths.map((path) => ({ mirrorId: 1, path })), 1);
  await site.redirected([{ mirrorId: 2, path: "/0.iso" }], 2);
  for (let n = 3; n <= 5; n++) {
    site.verifier.take([]);
    site.clock.tick(499);
    assertEquals(site.asked.length, n - 1);
    site.clock.tick(1);
    await site.until(n);
  }
  site.clock.tick(10_000);
  await site.until(5);
});

Deno.test("Verifier asks ten mirrors at once, and lets no more than a thousand copies wait", async () => {
  await using site = new Verified(12);
  const gate = Promise.withResolvers<void>();
  site.answer = async () => {
    await gate.promise;
    return sized(SIZE);
  };
  const paths = Array.from({ length: MOST_WAITING }, (_, i) => `/${i}.iso`);
  for (const path of paths) site.add(path);
  site.verifier.take(Array.from({ length: 12 }, (_, i) => ({ mirrorId: i + 1, path: ISO })));
  await waitFor(() => site.asked.length === 10, { what: "ten to be asked" });
  // Two mirrors wait; further copies find room up to the limit.
  site.verifier.take(paths.map((path) => ({ mirrorId: 12, path })));
  gate.resolve();
  await waitFor(() => site.asked.length === 12, { what: "the others to be asked" });
  await site.settled();
  for (let more = 0; more < MOST_WAITING + 10; more++) {
    site.verifier.take([]);
    site.clock.tick(500);
    await site.settled();
  }
  // Of a thousand there was no room for two.
  assertEquals(site.asked.length, 10 + MOST_WAITING);
});

Deno.test("Verifier leaves alone who is gone, disabled, or not concerned", async () => {
  await using site = new Verified();
  const disabled: Partial<MirrorRecord> = { enabled: false };
  site.store.change(1, disabled);
  site.add("/small", 49_999_999);
  for (const [mirrorId, path] of [[1, ISO], [2, ISO], [1, "/small"], [1, "/nowhere"]] as const) {
    await site.redirected([{ mirrorId, path }], 0);
    site.store.change(1, { enabled: true });
    site.clock.tick(500);
  }
  site.add("/asked.iso");
  site.store.change(1, { wholeTree: true });
  await site.redirected([{ mirrorId: 1, path: "/asked.iso" }], 0);
  site.store.change(1, { wholeTree: false });
  site.clock.tick(500);
  site.verify = null;
  site.add("/other.iso");
  await site.redirected([{ mirrorId: 1, path: "/other.iso" }], 0);
});

Deno.test("Verifier asks nothing while file descriptors are short", async () => {
  await using site = new Verified(1, { pressure: () => true });
  await site.redirected(TO_ISO, 0);
});
