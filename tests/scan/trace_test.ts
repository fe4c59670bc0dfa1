import { assertEquals, assertRejects } from "@std/assert";
import { readTrace } from "../../lib/scan/trace.ts";
import { VERSION } from "../../lib/version.ts";
import { TimerRecord } from "../support/timer_record.ts";

const forever = new AbortController().signal;

async function traceOf(text: string, status = 200): Promise<number> {
  const fetch = () => Promise.resolve(new Response(text, { status }));
  return await readTrace({ httpUrl: "http://m/", location: "trace", fetch, signal: forever });
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
  await readTrace({ httpUrl: "http://m/base/", location, fetch, signal: forever });
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
  assertEquals(await readTrace({ httpUrl: "m/", location: "t", fetch, signal: forever }), 5000);
  assertEquals(asked, ["https://m/t", "http://m/t"]);
});

Deno.test("readTrace() does not read a file without end", async () => {
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode("1700000000 and on ")),
    cancel: () => void (cancelled = true),
  });
  const fetch = () => Promise.resolve(new Response(endless));
  const options = { httpUrl: "http://m/", location: "t", fetch, signal: forever };
  assertEquals(await readTrace(options), 1_700_000_000_000);
  assertEquals(cancelled, true);
});

Deno.test("readTrace() gives up after its time", async () => {
  const fetch = (_url: string, { signal }: RequestInit) =>
    new Promise<Response>((_, reject) => {
      signal!.addEventListener("abort", () => reject(signal!.reason));
    });
  const options = { httpUrl: "http://m/", location: "t", fetch, signal: forever, timeout: 20 };
  await assertRejects(() => readTrace(options), DOMException);
});

Deno.test("readTrace() gives a mirror 40 s", async () => {
  using timers = new TimerRecord();
  await traceOf("1");
  assertEquals([...timers.set], [40_000]);
});
