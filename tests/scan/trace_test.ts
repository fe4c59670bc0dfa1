import { systemClock } from "../../lib/daemon/system_clock.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { readTrace } from "../../lib/scan/trace.ts";
import { VERSION } from "../../lib/version.ts";
import { FakeClock } from "../support/fake_clock.ts";

const forever = new AbortController().signal;

async function traceOf(text: string, status = 200): Promise<number> {
  const fetch = () => Promise.resolve(new Response(text, { status }));
  return await readTrace({
    httpUrl: "http://m/",
    location: "trace",
    fetch,
    signal: forever,
    clock: systemClock,
  });
}

Deno.test("readTrace() takes the first word as seconds", async () => {
  for (const text of ["1700000000", "1700000000\n", "  1700000000 by somebody\nmore"]) {
    assertEquals(await traceOf(text), 1_700_000_000_000);
  }
});

Deno.test("readTrace() refuses what is no number", async () => {
  for (const text of ["", "yesterday", "-5", "1.5", "0x10", "1e9", "9".repeat(20), "<html>"]) {
    await assertRejects(() => traceOf(text), Error, "does not start with a number of seconds");
  }
  await assertRejects(() => traceOf("1700000000", 404), Error, "Got status code 404");
});

Deno.test("readTrace() asks below the base URL, encoded, with its own User-Agent", async () => {
  const asked: string[] = [];
  const fetch = (url: string, init: RequestInit) => {
    asked.push(url, new Headers(init.headers).get("user-agent")!);
    return Promise.resolve(new Response("1"));
  };
  const location = "project/trace 100%#1";
  await readTrace({
    httpUrl: "http://m/base/",
    location,
    fetch,
    signal: forever,
    clock: systemClock,
  });
  assertEquals(asked, [
    "http://m/base/project/trace%20100%25%231",
    `Mirrorbits/${VERSION} TRACE`,
  ]);
});

Deno.test("readTrace() tries HTTPS, then HTTP, where the base URL has no scheme", async () => {
  const asked: string[] = [];
  const fetch = (url: string) => {
    asked.push(url);
    return url.startsWith("https:")
      ? Promise.reject(new TypeError("No TLS here"))
      : Promise.resolve(new Response("5"));
  };
  assertEquals(
    await readTrace({ httpUrl: "m/", location: "t", fetch, signal: forever, clock: systemClock }),
    5000,
  );
  assertEquals(asked, ["https://m/t", "http://m/t"]);
});

Deno.test("readTrace() does not read a file without end", async () => {
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode("1700000000 and on ")),
    cancel: () => void (cancelled = true),
  });
  const fetch = () => Promise.resolve(new Response(endless));
  const options = {
    httpUrl: "http://m/",
    location: "t",
    fetch,
    signal: forever,
    clock: systemClock,
  };
  assertEquals(await readTrace(options), 1_700_000_000_000);
  assertEquals(cancelled, true);
});

Deno.test("readTrace() gives a mirror 40 s, and gives up then", async () => {
  const clock = new FakeClock();
  const fetch = (_url: string, { signal }: RequestInit) =>
    new Promise<Response>((_, reject) => {
      signal!.addEventListener("abort", () => reject(signal!.reason));
    });
  const reading = assertRejects(
    () => readTrace({ httpUrl: "http://m/", location: "t", fetch, signal: forever, clock }),
    DOMException,
  );
  assertEquals(clock.next, 40_000);
  await clock.advance(40_000);
  await reading;
});
