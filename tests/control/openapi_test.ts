import { assertEquals } from "@std/assert";
import type { ControlServices } from "../../lib/control/control_services.ts";
import { FILE_DIFFERENCES } from "../../lib/catalog/file_difference.ts";
import { ScanError } from "../../lib/catalog/scan_error.ts";
import { createControlApp } from "../../lib/control/server.ts";
import { type Schema, schemaOffences } from "../support/json_schema.ts";
import {
  fakeServices,
  FakeStore,
  HEALTHY,
  MIRROR_SCAN,
  NOW,
  SOURCE_SCAN,
} from "./fake_services.ts";
import { indexedFile } from "../http/fixtures.ts";

/** Asks over HTTP, and holds every answer against the document that the server itself serves. */
class Judge implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #seen = new Set<string>();
  #document: Schema | null = null;

  constructor(services: ControlServices) {
    const app = createControlApp(services);
    const listen = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(listen, (request) => app.fetch(request));
  }

  get paths(): Record<string, Record<string, Schema>> {
    return this.#document!["paths"] as Record<string, Record<string, Schema>>;
  }

  /** Operations of the document that were not asked yet, or never answered with success. */
  get unseen(): string[] {
    return Object.entries(this.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`)
    ).filter((operation) => !this.#seen.has(operation));
  }

  async load(): Promise<void> {
    const response = await this.#fetch("GET", "/openapi.json");
    this.#document = await response.json();
  }

  /** @param path of the document; its parameters are filled in with `id` */
  async ask(
    method: string,
    path: string,
    { id = 1, query = "", body }: { id?: number; query?: string; body?: unknown } = {},
  ): Promise<number> {
    const response = await this.#fetch(method, path.replace("{id}", `${id}`) + query, body);
    const { status, headers } = response;
    const responses = this.paths[path]![method.toLowerCase()]!["responses"] as Record<
      string,
      {
        content: Record<string, { schema: Schema }>;
        headers?: Record<string, { required?: boolean }>;
      }
    >;
    const described = responses[status] ?? responses["default"]!;
    if (responses[status]) this.#seen.add(`${method} ${path}`);
    else assertEquals(status >= 400, true, `${method} ${path} answered ${status}`);
    for (const [name, { required = false }] of Object.entries(described.headers ?? {})) {
      if (!required) continue;
      assertEquals(headers.has(name), true, `${method} ${path} has no ${name}`);
    }
    const type = headers.get("content-type") ?? "";
    const { schema } = described.content[type]!;
    const text = await response.text();
    const values = type === "application/json" ? [text] : text.trimEnd().split("\n");
    for (const value of values) {
      assertEquals(schemaOffences(JSON.parse(value), schema, this.#document!), [], path);
    }
    return status;
  }

  async #fetch(method: string, path: string, body?: unknown): Promise<Response> {
    return await fetch(`http://127.0.0.1:${this.#server.addr.port}/api/v1${path}`, {
      method,
      ...(body === undefined ? {} : {
        body: typeof body === "string" ? body : JSON.stringify(body),
        headers: { "content-type": typeof body === "string" ? "text/plain" : "application/json" },
      }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

const PLACED = { name: "m1", httpUrl: "http://89.160.20.112/", allowRedirects: true };

Deno.test("the control API answers every operation the way its document says", async () => {
  const store = new FakeStore();
  const indexed = indexedFile("/a.iso");
  store.indexed.set("/a.iso", { ...indexed, copies: [{ ...indexed.copies[0]!, mirrorId: 1 }] });
  store.files.set("2026-11-22", new Map([["/a.iso", 2]]));
  await using judge = new Judge(fakeServices({
    store,
    scans: {
      scanMirrorNow: (_id, { onProgress }) => {
        onProgress({ phase: "listing", files: 5, total: null });
        return Promise.resolve(MIRROR_SCAN);
      },
      scanSourceNow: ({ onProgress }) => {
        onProgress({ phase: "hashing", files: 1, total: 2, path: "/a", bytes: 1, totalBytes: 3 });
        return Promise.resolve(SOURCE_SCAN);
      },
    },
    upgrade: () => Promise.resolve({ pid: 42 }),
    testNotify: () =>
      Promise.resolve({
        messages: [{ number: 1, to: "webhook", event: "down", sent: true, answer: "200 OK" }],
      }),
  }));
  await judge.load();

  assertEquals(await judge.ask("GET", "/openapi.json"), 200);
  assertEquals(await judge.ask("GET", "/version"), 200);
  assertEquals(await judge.ask("GET", "/health"), 200);
  assertEquals(await judge.ask("POST", "/mirrors", { body: PLACED }), 201);
  const nowhere = { name: "m2", httpUrl: "192.0.2.1/" };
  assertEquals(await judge.ask("POST", "/mirrors", { body: nowhere }), 201);
  store.setState(1, { stateSince: NOW, lastSync: NOW, lastSuccessfulSync: NOW, lastModTime: NOW });
  const events = [
    { type: "error", message: "no" },
    { type: "state", protocol: "https", up: false, reason: "Unreachable" },
    { type: "scan_started", protocol: "ftp" },
    { type: "quota", of: "month", percent: 80, limit: 5e12 },
    { type: "scan_completed", indexed: 2, known: 1, removed: 0, timeZoneOffset: -3_600_000 },
  ] as const;
  for (const event of events) await store.addEvent({ ...event, mirrorId: 1, time: NOW });
  for (const action of ["enable", "disable"]) {
    assertEquals(await judge.ask("POST", `/mirrors/{id}/${action}`), 200);
  }
  const plan = { from: "2037-12-01T02:00Z", until: "2037-12-01T04:00Z", reason: "new disks" };
  assertEquals(await judge.ask("POST", "/mirrors/{id}/enable"), 200);
  assertEquals(await judge.ask("POST", "/mirrors/{id}/disable", { body: plan }), 200);
  assertEquals(await judge.ask("POST", "/mirrors/{id}/notes", { body: { text: "a word" } }), 200);
  assertEquals(await judge.ask("GET", "/mirrors", { query: "?enabled=false" }), 200);
  assertEquals(await judge.ask("GET", "/mirrors/match", { query: "?name=m1" }), 200);
  assertEquals(await judge.ask("GET", "/mirrors/{id}"), 200);
  assertEquals(await judge.ask("PATCH", "/mirrors/{id}", { body: { score: 3 } }), 200);
  assertEquals(await judge.ask("GET", "/mirrors/{id}/events"), 200);
  assertEquals(await judge.ask("POST", "/events/newer", { body: { known: {} } }), 200);
  assertEquals(await judge.ask("POST", "/events/newer", { body: { known: { 1: "x" } } }), 200);
  for (const kind of FILE_DIFFERENCES) {
    const query = `?kind=${kind}&after=/a&limit=2`;
    assertEquals(await judge.ask("GET", "/mirrors/{id}/files", { query }), 200);
  }
  assertEquals(await judge.ask("GET", "/mirrors/{id}/location"), 200);
  assertEquals(await judge.ask("GET", "/mirrors/{id}/location", { id: 2 }), 200);
  assertEquals(await judge.ask("GET", "/mirrors/{id}/stats"), 200);
  assertEquals(await judge.ask("GET", "/stats/files", { query: "?pattern=iso" }), 200);
  assertEquals(await judge.ask("GET", "/stats", { query: "?from=2026-11-21&by=day" }), 200);
  assertEquals(await judge.ask("GET", "/stats/mirrors", { query: "?by=month" }), 200);
  assertEquals(await judge.ask("POST", "/stats/prune", { body: { dryRun: true } }), 200);
  assertEquals(await judge.ask("GET", "/geoip"), 200);
  assertEquals(await judge.ask("GET", "/geoip", { query: "?address=89.160.20.112" }), 200);
  assertEquals(await judge.ask("GET", "/geoip", { query: "?address=nowhere" }), 400);
  assertEquals(await judge.ask("POST", "/geoip/update"), 200);
  assertEquals(await judge.ask("GET", "/nodes"), 200);
  const simulated = { settings: { m1: { score: 5 } }, requests: [["10.0.0.1", "/a.iso", 3]] };
  assertEquals(await judge.ask("POST", "/simulate", { body: simulated }), 200);
  assertEquals(await judge.ask("PATCH", "/mirrors/{id}", { body: { maxMonth: 5e12 } }), 200);
  assertEquals(await judge.ask("GET", "/mirrors/quotas"), 200);
  assertEquals(await judge.ask("GET", "/rules", { query: "?from=10.0.0.1&path=/a.iso" }), 200);
  assertEquals(await judge.ask("GET", "/explain", { query: "?path=a.iso&from=10.0.0.1" }), 200);
  assertEquals(await judge.ask("POST", "/mirrors/{id}/scan", { body: { enable: true } }), 200);
  assertEquals(await judge.ask("POST", "/mirrors/{id}/listing", { body: "" }), 200);
  assertEquals(await judge.ask("POST", "/source/scan", { body: { rehash: true } }), 200);
  assertEquals(await judge.ask("GET", "/sets"), 200);
  assertEquals(
    await judge.ask("POST", "/sets/require", { body: { path: "/dists/a/InRelease" } }),
    200,
  );
  assertEquals(await judge.ask("POST", "/source/forget", { body: { path: "/a" } }), 200);
  assertEquals(await judge.ask("GET", "/rollout", { query: "?path=/a.iso" }), 200);
  assertEquals(await judge.ask("POST", "/rollout/watch", { body: { path: "/a.iso" } }), 200);
  const held = { path: "/a", networks: ["192.0.2.0/24"] };
  assertEquals(await judge.ask("POST", "/holds", { body: held }), 200);
  assertEquals(await judge.ask("GET", "/holds"), 200);
  assertEquals(await judge.ask("POST", "/holds/release", { body: { path: "/a/" } }), 200);
  assertEquals(await judge.ask("POST", "/check", { body: { url: "mirror.example" } }), 200);
  assertEquals(await judge.ask("POST", "/notify/test", { body: { receiver: 1 } }), 200);
  assertEquals(await judge.ask("POST", "/reload"), 200);
  assertEquals(await judge.ask("POST", "/upgrade"), 200);
  assertEquals(await judge.ask("DELETE", "/mirrors/{id}"), 200);
  assertEquals(judge.unseen, []);
});

Deno.test("the control API describes what it refuses, too", async () => {
  const store = new FakeStore();
  const failing = (): Promise<never> => Promise.reject(new ScanError("listing", "no module"));
  await using judge = new Judge(fakeServices({
    store,
    scans: { scanMirrorNow: failing, scanSourceNow: failing },
    reload: () => Promise.reject(new Error("OutputMode is wrong")),
    health: () => Promise.resolve({ ...HEALTHY, ready: false, well: false, trouble: "stopping" }),
  }));
  await judge.load();
  for (const name of ["m1", "m2"]) {
    await judge.ask("POST", "/mirrors", { body: { ...PLACED, name } });
  }
  assertEquals(await judge.ask("POST", "/mirrors", { body: PLACED }), 409);
  assertEquals(await judge.ask("POST", "/mirrors", { body: { skore: 1 } }), 400);
  assertEquals(await judge.ask("GET", "/mirrors/match", { query: "?name=m" }), 409);
  assertEquals(await judge.ask("GET", "/mirrors/match", { query: "?name=x" }), 404);
  assertEquals(await judge.ask("GET", "/mirrors/{id}", { id: 7 }), 404);
  assertEquals(await judge.ask("POST", "/mirrors/{id}/scan", { body: {} }), 200);
  assertEquals(await judge.ask("POST", "/source/scan"), 200);
  assertEquals(await judge.ask("GET", "/health"), 503);
  const nowhere = { path: "/a", networks: ["192.0.2.0/33"] };
  assertEquals(await judge.ask("POST", "/holds", { body: nowhere }), 400);
  assertEquals(await judge.ask("GET", "/rollout", { query: "?path=/none" }), 404);
  assertEquals(await judge.ask("POST", "/reload"), 422);
  assertEquals(await judge.ask("POST", "/upgrade"), 422);
});
