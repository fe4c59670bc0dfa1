import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { ControlServices } from "../../lib/control/control_services.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { createControlApp } from "../../lib/control/server.ts";
import { FAKE_CONFIG, fakeServices, FakeStore } from "./fake_services.ts";

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // deno-lint-ignore no-explicit-any -- whatever the API answered
  readonly body: any;
}

type Ask = (method: string, path: string, body?: unknown, headers?: HeadersInit) => Promise<Answer>;

function api(parts: Partial<ControlServices> & { readonly store?: FakeStore } = {}): {
  readonly ask: Ask;
  readonly services: ReturnType<typeof fakeServices>;
} {
  const services = fakeServices(parts);
  const app = createControlApp(services);
  const ask: Ask = async (method, path, body, headers = {}) => {
    const all = new Headers({ host: "localhost:3390", ...headers as Record<string, string> });
    if (body !== undefined && !all.has("content-type")) all.set("content-type", "application/json");
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await app.fetch(
      new Request(`http://localhost:3390/api/v1${path}`, {
        method,
        headers: all,
        ...(body === undefined ? {} : { body: text }),
      }),
    );
    const answer = await response.text();
    const json = response.headers.get("content-type") === "application/json";
    return {
      status: response.status,
      headers: response.headers,
      body: json ? JSON.parse(answer) : answer,
    };
  };
  return { ask, services };
}

const ADDED = { name: "m1", httpUrl: "http://89.160.20.112/" };

Deno.test("the control API serves its description, with references that lead somewhere", async () => {
  const { status, body } = await api().ask("GET", "/openapi.json");
  assertEquals(status, 200);
  assertEquals(body.openapi, "3.1.0");
  const references = JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g);
  for (const [, name] of references) assert(Object.hasOwn(body.components.schemas, name!), name);
});

Deno.test("the control API tells a client of gRPC what this is, in its own terms", async () => {
  const { ask } = api();
  const headers = { "content-type": "application/grpc" };
  const refused = await ask("POST", "/../../CLI/List", "\0\0\0\0\0", headers);
  assertEquals([refused.status, refused.headers.get("grpc-status"), refused.body], [200, "12", ""]);
  assertStringIncludes(refused.headers.get("grpc-message") ?? "", "Mirrorbits for Deno");
  assertEquals((await ask("GET", "/version")).headers.get("grpc-status"), null);
});

Deno.test("the control API adds, shows, lists, edits and removes a mirror", async () => {
  const { ask, services } = api();
  const added = await ask("POST", "/mirrors", { ...ADDED, score: 7 });
  assertEquals(added.status, 201);
  assertEquals(added.headers.get("location"), "/api/v1/mirrors/1");
  assertEquals(added.body.location.country, "Sweden");
  assertEquals(added.body.warnings, []);
  assertEquals(added.body.mirror.countryCodes, ["SE"]);
  assertEquals(added.body.mirror.status, "disabled");

  const shown = await ask("GET", "/mirrors/1");
  assertEquals(shown.body, added.body.mirror);
  assertEquals((await ask("GET", "/mirrors/match?name=M")).body, shown.body);
  assertEquals((await ask("GET", "/mirrors?enabled=false")).body.mirrors, [shown.body]);
  const none = { mirrors: [], asOf: null, staleAfter: 172_800_000, scanOverdue: 3_600_000 };
  assertEquals((await ask("GET", "/mirrors?enabled=true")).body, none);

  const edited = await ask("PATCH", "/mirrors/1", { score: 9, allowRedirects: true });
  assertEquals([edited.status, edited.body.score], [200, 9]);
  const reset = await ask("PATCH", "/mirrors/1", { allowRedirects: null });
  assertEquals(reset.body.allowRedirects, null);

  assertEquals((await ask("DELETE", "/mirrors/1")).status, 200);
  assertEquals((await ask("GET", "/mirrors/1")).status, 404);
  assertEquals(services.store.allEvents.map(({ type }) => type), ["added", "edited", "edited"]);
});

Deno.test("the control API records a change once, and none where nothing changes", async () => {
  const { ask, services } = api();
  await ask("POST", "/mirrors", ADDED);
  for (const action of ["enable", "enable", "disable", "disable"]) {
    const { status, body } = await ask("POST", `/mirrors/1/${action}`);
    assertEquals([status, body.enabled], [200, action === "enable"]);
  }
  await ask("PATCH", "/mirrors/1", { score: 0, countryCodes: "se" });
  await ask("PATCH", "/mirrors/1", { enabled: true });
  assertEquals(services.store.allEvents.map(({ type }) => type), [
    ...["added", "enabled", "disabled", "edited", "enabled"],
  ]);
});

Deno.test("the control API refuses an edit of settings that were changed meanwhile", async () => {
  const { ask } = api();
  await ask("POST", "/mirrors", ADDED);
  const tag = (await ask("GET", "/mirrors/1")).headers.get("etag")!;
  const first = await ask("PATCH", "/mirrors/1", { score: 1 }, { "if-match": tag });
  assertEquals(first.status, 200);
  const second = await ask("PATCH", "/mirrors/1", { score: 2 }, { "if-match": tag });
  assertEquals([second.status, second.body.error.code], [412, "changed"]);
  assertEquals(second.body.error.mirror.score, 1);
  assertEquals((await ask("DELETE", "/mirrors/1", undefined, { "if-match": tag })).status, 412);
  const next = first.headers.get("etag")!;
  assertEquals((await ask("PATCH", "/mirrors/1", { score: 2 }, { "if-match": next })).status, 200);
  assertEquals((await ask("DELETE", "/mirrors/1", undefined, { "if-match": "*" })).status, 200);
});

Deno.test("the control API lets one of two edits at once win", async () => {
  const { ask } = api();
  await ask("POST", "/mirrors", ADDED);
  const tag = (await ask("GET", "/mirrors/1")).headers.get("etag")!;
  const answers = await Promise.all(
    [1, 2, 3].map((score) => ask("PATCH", "/mirrors/1", { score }, { "if-match": tag })),
  );
  assertEquals(answers.map(({ status }) => status), [200, 412, 412]);
});

Deno.test("the state of a mirror does not change its entity tag", async () => {
  const { ask, services } = api();
  await ask("POST", "/mirrors", ADDED);
  const tag = (await ask("GET", "/mirrors/1")).headers.get("etag");
  services.store.setState(1, { httpUp: true, stateSince: 1 });
  assertEquals((await ask("GET", "/mirrors/1")).headers.get("etag"), tag);
});

Deno.test("the control API lists the newest change of state first, then by name", async () => {
  const { ask, services } = api();
  for (const name of ["d", "c", "b", "a"]) await ask("POST", "/mirrors", { ...ADDED, name });
  services.store.setState(1, { stateSince: 1000 });
  services.store.setState(3, { stateSince: 2000 });
  services.store.setState(4, { stateSince: 1000 });
  const { body } = await ask("GET", "/mirrors");
  assertEquals(body.mirrors.map(({ name }: { name: string }) => name), ["b", "a", "d", "c"]);
  assertEquals(body.mirrors[0].stateSince, "1970-01-01T00:00:02.000Z");
});

Deno.test("the control API refuses bad requests in a sentence", async () => {
  const { ask, services } = api();
  await ask("POST", "/mirrors", ADDED);
  const json = { "content-type": "application/json" };
  const cases: [string, string, unknown, HeadersInit, number, string][] = [
    ["POST", "/mirrors", {}, {}, 400, "The identifier cannot be empty"],
    ["POST", "/mirrors", { name: "x" }, {}, 400, "You *must* pass at least an HTTP URL"],
    ["POST", "/mirrors", ADDED, {}, 409, 'Name already taken: "m1"'],
    ["POST", "/mirrors", "{", json, 400, "The body is no JSON"],
    ["POST", "/mirrors", "[]", json, 400, "The body must be a JSON object"],
    ["POST", "/mirrors", "{}", { "content-type": "text/plain" }, 400, "The content type must be"],
    ["POST", "/mirrors", `"${"x".repeat(2_000_000)}"`, json, 400, "The body is larger than"],
    ["GET", "/mirrors/7", undefined, {}, 404, "No mirror has the ID 7"],
    ["GET", "/mirrors/x", undefined, {}, 400, 'id must be a whole number above 0, found "x"'],
    ["GET", "/mirrors/match?name=zzz", undefined, {}, 404, "No match for 'zzz'"],
    ["GET", "/mirrors?enabled=maybe", undefined, {}, 400, "enabled must be true or false"],
    ["POST", "/mirrors/7/enable", undefined, {}, 404, "No mirror has the ID 7"],
    ["POST", "/mirrors/7/scan", {}, {}, 404, "No mirror has the ID 7"],
    ["POST", "/mirrors/1/scan", { protocol: "gopher" }, {}, 400, "protocol must be"],
    ["POST", "/mirrors/1/scan", { timeout: -1 }, {}, 400, "timeout must be"],
    [
      "POST",
      "/mirrors/1/scan",
      { timeout: 2_147_484 },
      {},
      400,
      "above 0 and at most 2147483, found",
    ],
    ["GET", "/mirrors/1/events?limit=-1", undefined, {}, 400, "limit must be a whole number"],
    ["GET", "/mirrors/7/events", undefined, {}, 404, "No mirror has the ID 7"],
    ["GET", "/mirrors/1/files", undefined, {}, 400, "kind is missing"],
    ["GET", "/mirrors/1/files?kind=odd", undefined, {}, 400, 'foreign, found "odd"'],
    ["GET", "/mirrors/1/files?kind=size&limit=0", undefined, {}, 400, "from 1 to 10000"],
    ["GET", "/mirrors/1/files?kind=size&limit=10001", undefined, {}, 400, "from 1 to 10000"],
    ["GET", "/mirrors/7/files?kind=size", undefined, {}, 404, "No mirror has the ID 7"],
    ["GET", "/mirrors/1/files?kind=size", undefined, {}, 409, "has not been scanned yet"],
    ["GET", "/mirrors/1/stats?start=x", undefined, {}, 400, "The start date must be a day"],
    ["GET", "/stats?from=x", undefined, {}, 400, "The start date must be a day"],
    ["GET", "/stats?from=2020-01-01&by=day", undefined, {}, 400, "A series has at most 400 steps"],
    ["GET", "/stats?csv=all", undefined, {}, 400, "csv must be series, mirrors, countries"],
    ["GET", "/stats?files=10001", undefined, {}, 400, "files must be a whole number up to 10000"],
    ["GET", "/stats/files?pattern=%5B", undefined, {}, 400, "Error parsing regexp"],
    ["GET", "/nothing", undefined, {}, 404, "There is no GET /api/v1/nothing here"],
    ["PUT", "/mirrors", {}, {}, 404, "There is no PUT /api/v1/mirrors here"],
  ];
  for (const [method, path, body, headers, status, message] of cases) {
    const answer = await ask(method, path, body, headers);
    assertEquals(answer.status, status, `${method} ${path}`);
    assertStringIncludes(answer.body.error.message, message);
  }
  assertEquals(services.log.lines.filter((line) => line.startsWith("error")), []);
});

Deno.test("the control API asks for the password before anything else", async () => {
  const { ask } = api({
    config: () => ({ ...FAKE_CONFIG, rpcPassword: "secret" }),
  });
  for (const path of ["/version", "/openapi.json", "/nothing"]) {
    const { status, headers } = await ask("GET", path);
    assertEquals([status, headers.get("www-authenticate")], [401, 'Bearer realm="mirrorbits"']);
  }
  assertEquals(
    (await ask("GET", "/version", undefined, { authorization: "Bearer no" })).status,
    401,
  );
  const answer = await ask("GET", "/version", undefined, { authorization: "Bearer secret" });
  assertEquals([answer.status, answer.body.version], [200, "1.2.3"]);
});

Deno.test("the control API refuses the pages of other sites", async () => {
  const { ask, services } = api();
  const foreign = { origin: "http://evil.example" };
  assertEquals((await ask("POST", "/mirrors", ADDED, foreign)).status, 403);
  assertEquals((await ask("GET", "/mirrors", undefined, { host: "evil.example" })).status, 403);
  assertEquals(services.store.records.size, 0);
});

Deno.test("the control API tells the store's trouble apart from its own", async () => {
  const store = new FakeStore();
  store.mirrors = () => Promise.reject(new StoreUnavailableError("connection refused"));
  const { ask, services } = api({ store });
  assertEquals((await ask("GET", "/mirrors")).status, 503);
  assertEquals(services.log.lines, []);

  store.mirrors = () => Promise.reject(new TypeError("secret detail"));
  const { status, body } = await ask("GET", "/mirrors");
  assertEquals(status, 500);
  assertEquals(body.error.message, "Internal error: the daemon's log has the details");
  assertStringIncludes(services.log.lines.join("\n"), "secret detail");
});

Deno.test("the control API says why a reload was refused", async () => {
  const { ask } = api({ reload: () => Promise.reject(new Error("OutputMode is wrong")) });
  const { status, body } = await ask("POST", "/reload");
  assertEquals([status, body.error.message], [422, "OutputMode is wrong"]);
});

Deno.test("GET /stats answers with one table as CSV where that is asked for", async () => {
  const { ask, services } = api();
  services.store.files.set("2026-11-22", new Map([["/a,b", 2], ["/c", 3]]));
  const { status, headers, body } = await ask("GET", "/stats?csv=files");
  assertEquals([status, headers.get("content-type")], [200, "text/csv; charset=utf-8"]);
  assertEquals(body, 'path,downloads\n/c,3\n"/a,b",2\n');
});
