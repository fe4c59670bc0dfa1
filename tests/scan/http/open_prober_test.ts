import { assertEquals, assertRejects } from "@std/assert";
import { isSame, type ProbeResult } from "../../../lib/scan/http/http_probe.ts";
import { EndsEarlyError } from "../../../lib/scan/http/http_requests.ts";
import { openProber, type OpenProberOptions } from "../../../lib/scan/http/open_prober.ts";
import { ScriptedMirror, TIME } from "./scripted_mirror.ts";

function optionsOf(mirror: ScriptedMirror): OpenProberOptions {
  return {
    fetch: mirror.fetch,
    clock: mirror.clock,
    random: () => 0.5,
    rate: 10,
    redirects: true,
    resolve: () => Promise.resolve(["192.0.2.1"]),
    signal: new AbortController().signal,
  };
}

Deno.test("openProber() asks for single files at the rate that is meant", async () => {
  const mirror = new ScriptedMirror();
  for (let at = 0; at < 60; at++) mirror.add(`/pool/${at}.deb`, 100 + at);
  const prober = await openProber("http://mirror.test/base/", optionsOf(mirror));
  const results: ProbeResult[] = [];
  for (const { path } of mirror.source) results.push(await prober.probe(path));
  assertEquals(
    mirror.source.map((source, at) => {
      const result = results[at]!;
      return result.type === "there" && isSame(result, source);
    }),
    mirror.source.map(() => true),
  );
  const other = results[3]!;
  assertEquals(other.type === "there" && isSame(other, { size: 104, modTime: TIME }), false);
  assertEquals(await prober.probe("/pool/none.deb"), { type: "gone" });
  for (const [at, time] of mirror.times.entries()) {
    const withinSecond = mirror.times.slice(at).filter((other) => other < time + 1000).length;
    // What was saved in a second without requests may be spent at once, and no more.
    if (withinSecond > 20) throw new Error(`${withinSecond} requests within a second`);
  }
  const seconds = (mirror.times.at(-1)! - mirror.times[0]!) / 1000;
  assertEquals(seconds >= (mirror.times.length - 1) / 10 - 1, true);
});

Deno.test("openProber() tries HTTPS first where no scheme is named", async () => {
  for (const secure of [true, false]) {
    const mirror = new ScriptedMirror();
    mirror.add("/file");
    const asked: string[] = [];
    const prober = await openProber("mirror.test/base/", {
      ...optionsOf(mirror),
      fetch: (url, init) => {
        const { protocol } = new URL(url);
        asked.push(protocol);
        if (protocol === "https:" && !secure) return Promise.reject(new TypeError("Refused"));
        return mirror.fetch(url, init);
      },
    });
    assertEquals((await prober.probe("/file")).type, "there");
    assertEquals(asked, secure ? ["https:", "https:", "https:"] : ["https:", "http:", "http:"]);
  }
});

Deno.test("openProber() gives up a mirror that answers nothing any more", async () => {
  const mirror = new ScriptedMirror();
  mirror.add("/file");
  mirror.react = () => new Response(null, { status: 500 });
  const prober = await openProber("http://mirror.test/base/", optionsOf(mirror));
  await assertRejects(async () => {
    for (let at = 0; at < 30; at++) {
      assertEquals((await prober.probe("/file")).type, "undecided");
    }
  }, EndsEarlyError);
});

Deno.test("openProber() asks no private address that a public mirror names", async () => {
  const mirror = new ScriptedMirror();
  mirror.add("/file");
  mirror.react = () =>
    new Response(null, { status: 302, headers: { location: "http://10.0.0.1/base/file" } });
  const prober = await openProber("http://mirror.test/base/", optionsOf(mirror));
  assertEquals(await prober.probe("/file"), { type: "gone" });
  assertEquals(mirror.asked.filter((one) => one.includes("//10.0.0.1")), []);
});
