import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  EndsEarlyError,
  type HttpAnswer,
  HttpRequests,
  type HttpRequestsOptions,
} from "../../../lib/scan/http/http_requests.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const MIB = 1024 * 1024;

/** What asks a mirror at `http://u:p@mirror.test/base/`, and what it asked. */
function setUp(
  answer: (url: string, init: RequestInit) => Response | Promise<Response>,
  options: Partial<HttpRequestsOptions> = {},
): { readonly clock: FakeClock; readonly requests: HttpRequests; readonly asked: string[] } {
  const clock = new FakeClock();
  const asked: string[] = [];
  const requests = new HttpRequests({
    base: new URL("http://u:p@mirror.test/base/"),
    fetch: async (url, init) => {
      asked.push(url);
      return await answer(url, init);
    },
    clock,
    rate: 200,
    redirects: true,
    mayAsk: () => Promise.resolve(true),
    signal: new AbortController().signal,
    ...options,
  });
  return { clock, requests, asked };
}

/** Steps the clock until something ends. @returns with it, how many milliseconds that took */
async function stepped<T>(
  clock: FakeClock,
  promise: Promise<T>,
  step = 1000,
): Promise<readonly [T, number]> {
  const start = clock.elapsed();
  let ended = false;
  promise.catch(() => {}).finally(() => ended = true);
  for (let steps = 0; !ended && steps < 100_000; steps++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (!ended) clock.tick(step);
  }
  return [await promise, clock.elapsed() - start];
}

/** Waits until it is aborted. */
function hang({ signal }: RequestInit): Promise<never> {
  return new Promise((_, reject) =>
    signal!.addEventListener("abort", () => reject(signal!.reason), { once: true })
  );
}

/** A body of parts that come after so many milliseconds each. */
function slowBody(
  clock: FakeClock,
  { signal }: RequestInit,
  milliseconds: (part: number) => number,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let part = 0;
  return new ReadableStream({
    start(controller) {
      signal!.addEventListener("abort", () => controller.error(signal!.reason), { once: true });
    },
    async pull(controller) {
      await clock.delay(milliseconds(part++), signal!);
      if (!signal!.aborted) controller.enqueue(new Uint8Array(10));
    },
  });
}

function reasonOf(answer: HttpAnswer): string {
  return answer.type === "failed" ? answer.reason : answer.type;
}

Deno.test("HttpRequests waits no longer than it may for a head, a part, or a page", async () => {
  const mute = setUp((_, init) => hang(init));
  const [silent, patience] = await stepped(mute.clock, mute.requests.ask("GET", "a/", {}));
  assertEquals(reasonOf(silent), "It does not answer");
  assert(patience >= 50_000 && patience <= 52_000, `${patience}`);

  const stopping = setUp((_, init) =>
    new Response(slowBody(stopping.clock, init, (part) => part < 3 ? 1000 : 1e9))
  );
  const [stopped, waited] = await stepped(stopping.clock, stopping.requests.ask("GET", "a/", {}));
  assertEquals(reasonOf(stopped), "It stopped within the page");
  assert(waited >= 32_000 && waited <= 37_000, `${waited}`);

  const dripping = setUp((_, init) => new Response(slowBody(dripping.clock, init, () => 20_000)));
  const [late, took] = await stepped(dripping.clock, dripping.requests.ask("GET", "a/", {}));
  assertEquals(reasonOf(late), "The page took longer than 120 s");
  assert(took >= 119_000 && took <= 122_000, `${took}`);
});

/** A body of so many MiB, one after the other. */
function bodyOf(mebibytes: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  const part = new Uint8Array(MIB);
  return new ReadableStream({
    pull(controller) {
      if (mebibytes-- > 0) controller.enqueue(part);
      else controller.close();
    },
  });
}

Deno.test("HttpRequests reads no page that is too large, and no more than so much in all", async () => {
  let size = 32;
  const { clock, requests, asked } = setUp(() => new Response(bodyOf(size)));
  const ask = async (): Promise<HttpAnswer> =>
    (await stepped(clock, requests.ask("GET", "a/", {}), 10))[0];
  const whole = await ask();
  assert(whole.type === "answer" && whole.body.length === 32 * MIB);
  size = 33;
  assertEquals(reasonOf(await ask()), "It has more than 33554432 bytes");
  size = 30;
  await assertRejects(
    async () => {
      while (asked.length < 100) await ask();
    },
    EndsEarlyError,
    "More than 2147483648 bytes of listings",
  );
  assertEquals(asked.length, 2 + Math.ceil((2048 - 64) / 30));
});

Deno.test("HttpRequests waits until the time that a server names, and slows down", async () => {
  let busy = true;
  const { clock, requests, asked } = setUp(() => {
    const until = new Date(clock.now() + 45_000).toUTCString();
    const answer = busy
      ? new Response("", { status: 503, headers: { "retry-after": until } })
      : new Response("there");
    busy = false;
    return answer;
  });
  const [answer, waited] = await stepped(clock, requests.ask("GET", "a/", {}));
  assert(answer.type === "answer" && answer.status === 200);
  assert(waited >= 44_000 && waited <= 47_000, `${waited}`);
  assertEquals([asked.length, requests.rate], [2, 100]);
  // Without a time it counts as an answer, and it slows down all the same.
  busy = true;
  const other = setUp(() => new Response("", { status: 429 }));
  const refused = await other.requests.ask("GET", "a/", {});
  assertEquals([refused.type === "answer" && refused.status, other.requests.rate], [429, 100]);
});

Deno.test("HttpRequests waits five minutes in all, and no longer", async () => {
  for (const [seconds, count] of [[100, 4], [299, 2], [400, 1]] as const) {
    const headers = { "retry-after": `${seconds}` };
    const { clock, requests, asked } = setUp(() => new Response("", { status: 429, headers }));
    const start = clock.elapsed();
    const ended = assertRejects(
      () => requests.ask("GET", "a/", {}),
      EndsEarlyError,
      "The server asks to wait (status code 429)",
    );
    await stepped(clock, ended);
    assertEquals(asked.length, count);
    assert(clock.elapsed() - start <= 302_000);
  }
});

Deno.test("HttpRequests ends after twenty failures in a row, and no sooner", async () => {
  let count = 0;
  const { clock, requests } = setUp(() => {
    if (++count % 20 === 0 && count < 100) return new Response("");
    if (count % 2) throw new TypeError("refused");
    return new Response("", { status: 502 });
  });
  const all = assertRejects(
    async () => {
      while (count < 1000) await requests.ask("HEAD", "a", {});
    },
    EndsEarlyError,
    "20 requests in a row failed",
  );
  await stepped(clock, all);
  assertEquals(count, 100);
});

Deno.test("HttpRequests slows down where half of the answers take long", async () => {
  for (const [seconds, rate] of [[1, 10], [3, 5]] as const) {
    const { clock, requests } = setUp(async (_, { signal }) => {
      await clock.delay(seconds * 1000, signal!);
      return new Response("");
    }, { rate: 10 });
    for (let at = 0; at < 20; at++) await stepped(clock, requests.ask("HEAD", "a", {}), 100);
    assertEquals(requests.rate, rate);
  }
});

Deno.test("HttpRequests follows no redirect that leads astray", async () => {
  for (
    const [base, path, location, asked] of [
      // Within the mirror.
      ["http://mirror.test/base/", "a/b", "https://mirror.test/base/a/b", 2],
      ["http://mirror.test/base/", "a/b", "http://mirror.test:8080/x/base/a/b", 2],
      ["http://mirror.test/base/", "a%20b", "http://mirror.test:81/base/a b", 2],
      ["http://mirror.test/base/", "a/b", "/base/a/c", 1],
      ["http://mirror.test/base/", "a/b", "/login?next=/base/a/b", 1],
      ["https://mirror.test/base/", "a/b", "http://mirror.test/base/a/b", 1],
      // To others.
      ["http://mirror.test/base/", "a/b", "ftp://mirror.test/base/a/b", 1],
      ["http://mirror.test/base/", "a/b", "https://cdn.test/pub/a/b", 2],
      ["http://mirror.test/base/", "a/b", "https://cdn.test/pub/b", 1],
      ["http://mirror.test/base/", "a/b", "http://[broken", 1],
    ] as const
  ) {
    const server = setUp(
      (url) =>
        url === base + path
          ? new Response("", { status: 302, headers: { location } })
          : new Response("there"),
      { base: new URL(base) },
    );
    const [answer] = await stepped(server.clock, server.requests.ask("GET", path, {}));
    assertEquals(answer.type, asked === 2 ? "answer" : "elsewhere", location);
    assertEquals(server.asked.length, asked, location);
  }
});

Deno.test("HttpRequests lets nobody vouch for a mirror that answered by itself", async () => {
  const { clock, requests, asked } = setUp((url) => {
    const { host, pathname } = new URL(url);
    return host === "cdn.test" || pathname === "/base/1"
      ? new Response("there")
      : Response.redirect(
        `http://cdn.test${pathname}`,
      );
  });
  const types: string[] = [];
  for (const path of ["2", "1", "2"]) {
    types.push((await stepped(clock, requests.ask("HEAD", path, {})))[0].type);
  }
  assertEquals(types, ["answer", "answer", "elsewhere"]);
  assertEquals(asked.filter((url) => url.includes("cdn.test")).length, 1);
});

Deno.test("HttpRequests follows three redirects, to one other host, and tells it no password", async () => {
  let hop = 0;
  const loop = setUp(() => {
    const location = `http://mirror.test/${++hop}/base/a`;
    return new Response("", { status: 302, headers: { location } });
  });
  const [answer] = await stepped(loop.clock, loop.requests.ask("HEAD", "a", {}));
  assertEquals(answer.type, "elsewhere");
  assertEquals(loop.asked, [
    "http://u:p@mirror.test/base/a",
    "http://u:p@mirror.test/1/base/a",
    "http://u:p@mirror.test/2/base/a",
    "http://u:p@mirror.test/3/base/a",
  ]);

  const scattered = setUp((url) => {
    const { host, pathname } = new URL(url);
    if (host !== "mirror.test") return new Response("there");
    const location = `http://x:y@cdn${pathname.at(-1)}.test${pathname}`;
    return new Response("", { status: 302, headers: { location } });
  });
  const types: string[] = [];
  for (const path of ["1", "1", "2"]) {
    const [{ type }] = await stepped(scattered.clock, scattered.requests.ask("HEAD", path, {}));
    types.push(type);
  }
  assertEquals(types, ["answer", "answer", "elsewhere"]);
  assertEquals(scattered.asked.filter((url) => url.includes("cdn")), [
    "http://cdn1.test/base/1",
    "http://cdn1.test/base/1",
  ]);
});
