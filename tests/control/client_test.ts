import { FakeClock } from "../support/fake_clock.ts";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HEALTHY } from "./fake_services.ts";
import { ControlClient } from "../../lib/control/client.ts";
import { mirrorToJson } from "../../lib/control/mirror_json.ts";
import { fakeMirror } from "../support/fake_store.ts";
import { ControlClientError } from "../../lib/control/control_client_error.ts";

function client(
  answer: (request: Request) => Response | Promise<Response>,
  options: { readonly hostname?: string; readonly password?: string } = {},
): ControlClient {
  const { hostname = "localhost", password = "" } = options;
  const fetch: typeof globalThis.fetch = async (input, init) =>
    await answer(new Request(input as string, init as RequestInit));
  return new ControlClient({ hostname, port: 3390, password, fetch, clock: systemClock });
}

const MIRROR = mirrorToJson(fakeMirror());
const LIST = { asOf: null, staleAfter: 1, scanOverdue: 1 };
const PROGRESS = '{"type":"progress","progress":{"phase":"hashing","files":1,"total":null}}';

function ndjson(text: string): Response {
  return new Response(text, { headers: { "content-type": "application/x-ndjson" } });
}

async function failure(answer: Parameters<typeof client>[0]): Promise<ControlClientError> {
  return await assertRejects(
    () => client(answer).list(),
    ControlClientError,
  ) as ControlClientError;
}

Deno.test("ControlClient asks the daemon that was named, IPv6 addresses included", async () => {
  const asked: string[] = [];
  const answer = (request: Request): Response => {
    asked.push(request.url, request.headers.get("authorization") ?? "");
    return Response.json({ ...LIST, mirrors: [] });
  };
  await client(answer).list({ down: true });
  await client(answer, { hostname: "::1", password: "a b" }).list();
  await client(answer, { hostname: "[fd00::1]" }).list();
  assertEquals(asked, [
    ...["http://localhost:3390/api/v1/mirrors?down=true", ""],
    ...["http://[::1]:3390/api/v1/mirrors", "Bearer a%20b"],
    ...["http://[fd00::1]:3390/api/v1/mirrors", ""],
  ]);
});

Deno.test("ControlClient says why there is no connection, and what to do", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const unreachable = new ControlClient({
    hostname: "127.0.0.1",
    port,
    password: "",
    fetch,
    clock: systemClock,
  });
  const error = await assertRejects(
    () => unreachable.list(),
    ControlClientError,
    `Cannot connect to the daemon at 127.0.0.1:${port}: connection refused`,
  ) as ControlClientError;
  assertEquals(error.code, "connection");
  assertEquals(
    error.hint,
    'Start one with "mirrorbits daemon", or name another with -h HOST -p PORT',
  );
});

Deno.test("ControlClient recognises that something else answers", async () => {
  const page = await failure(() => new Response("<html>", { status: 404 }));
  assertEquals(page.message.includes("no daemon of this program"), true);
  const json = await failure(() => Response.json({ error: "nope" }, { status: 500 }));
  assertEquals(json.message.includes("no daemon of this program"), true);
  const ok = await failure(() => new Response("<html>"));
  assertEquals(ok.message.includes("no daemon of this program"), true);
  const cut = await failure(() => ndjson('{"mirrors'));
  assertEquals(cut.message, "The connection to the daemon at localhost:3390 was lost");
});

Deno.test("ControlClient recognises a daemon that speaks HTTP/2 only, as the original does", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const settings = new Uint8Array([0, 0, 0, 4, 0, 0, 0, 0, 0]);
  const served = (async () => {
    using connection = await listener.accept();
    await connection.write(settings);
    await connection.read(new Uint8Array(1024));
  })();
  const { port } = listener.addr;
  const other = new ControlClient({
    hostname: "127.0.0.1",
    port,
    password: "",
    fetch,
    clock: systemClock,
  });
  const error = await assertRejects(
    () => other.list(),
    ControlClientError,
    "no daemon of this program",
  ) as ControlClientError;
  assertEquals(error.hint?.endsWith("the original has its own command line"), true);
  await served;
});

Deno.test("ControlClient gives a daemon up that does not answer, and says where it looked", async () => {
  const silent: typeof globalThis.fetch = (_input, init) =>
    new Promise((_resolve, reject) => {
      const { signal } = init as RequestInit;
      signal!.addEventListener("abort", () => reject(signal!.reason));
    });
  const clock = new FakeClock();
  const where = { hostname: "::1", port: 3390, password: "", clock };
  const refused = assertRejects(
    () => new ControlClient({ ...where, fetch: silent }).list(),
    ControlClientError,
    "The daemon at [::1]:3390 does not answer: waited 30 seconds",
  );
  await clock.advance(30_000);
  const error = await refused as ControlClientError;
  assertEquals(error.code, "connection");
  // An interrupt is no silence.
  const interrupted = AbortSignal.abort(new Error("Interrupted"));
  const scan = { protocol: null, enable: false, timeout: null };
  const observer = { signal: interrupted, onProgress: () => {} };
  await assertRejects(
    () => new ControlClient({ ...where, fetch }).scanMirror(1, scan, observer),
    Error,
    "Interrupted",
  );
});

Deno.test("ControlClient passes on what the daemon says", async () => {
  const error = { code: "multiple_match", message: "Multiple match", matches: ["a", "b"] };
  const refused = await failure(() => Response.json({ error }, { status: 409 }));
  assertEquals(refused.message, "Multiple match:\n  a\n  b");
  assertEquals(refused.code, "multiple_match");
});

Deno.test("ControlClient notices that a stream ended too early", async () => {
  const answer = (): Response => ndjson(`${PROGRESS}\n{"ty`);
  const { signal } = new AbortController();
  const observer = { signal, onProgress: () => {} };
  for (const body of [answer, () => ndjson("")]) {
    await assertRejects(
      () => client(body).scanSource({ rehash: false, force: false }, observer),
      ControlClientError,
      "was lost",
    );
  }
});

Deno.test("ControlClient says where an answer is not what it should be", async () => {
  const none = await failure(() => Response.json({}));
  assertEquals(
    [none.message, none.hint],
    [
      'Cannot read the answer of the daemon at localhost:3390: mirrors: expected "mirrors", found nothing',
      'Compare the versions that "mirrorbits version" prints',
    ],
  );
  const odd = await failure(() => Response.json({ mirrors: [{ ...MIRROR, enabled: "yes" }] }));
  assertStringIncludes(odd.message, 'mirrors.0.enabled: expected boolean, found "yes"');
  const line = '{"type":"result","result":{"files":"many"}}';
  const { signal } = new AbortController();
  await assertRejects(
    () =>
      client(() => ndjson(line)).scanSource(
        { rehash: false, force: false },
        { signal, onProgress: () => {} },
      ),
    ControlClientError,
    'result.files: expected number, found "many"',
  );
});

Deno.test("ControlClient shows what the store holds, and what a newer daemon adds", async () => {
  const mirror = { ...MIRROR, latitude: 91, score: 2 ** 40, mood: "good" };
  assertEquals(await client(() => Response.json({ ...LIST, mirrors: [mirror] })).list(), [mirror]);
  const error = { code: "too_late", message: "Come back tomorrow" };
  const refused = await failure(() => Response.json({ error }, { status: 409 }));
  assertEquals(refused.message, "Come back tomorrow");
});

Deno.test("ControlClient takes what an older daemon does not tell", async () => {
  const { geoip: _, ...health } = HEALTHY;
  assertEquals(await client(() => Response.json(health)).health(), health);
  const set = {
    ...{ root: "/InRelease", below: "/", present: 1, since: "2026-11-22T15:04:05.000Z", floor: 0 },
    ...{ floorAge: 0, required: null, mirrors: [] },
  };
  const list = { sets: [set] };
  assertEquals(await client(() => Response.json(list)).sets(), list);
});

Deno.test("ControlClient tells of a daemon that is older than the command", async () => {
  const older = (request: Request): Response => {
    const what = `${request.method} ${new URL(request.url).pathname}`;
    const error = { code: "not_found", message: `There is no ${what} here` };
    return Response.json({ error }, { status: 404 });
  };
  const error = await assertRejects(
    () => client(older).newerEvents(new Map(), 1),
    ControlClientError,
  ) as ControlClientError;
  assertEquals(
    error.message,
    "The daemon at localhost:3390 is older than this command: " +
      "it does not know POST /api/v1/events/newer",
  );
  assertStringIncludes(error.hint ?? "", "Upgrade the daemon");
  assertStringIncludes((await failure(older)).message, "it does not know GET /api/v1/mirrors");
});
