import { assertEquals, assertRejects } from "@std/assert";
import { checkUrl, type UrlCheckOptions } from "../../lib/monitor/check_url.ts";
import { FileTable } from "../../lib/scan/file_table.ts";
import { sourceSample } from "../../lib/scan/source_sample.ts";
import { seededRandom } from "../selection/fixtures.ts";
import { FakeClock } from "../support/fake_clock.ts";

const NOW = Date.UTC(2026, 10, 22);
const DAY = 86_400_000;
const FILES = [{ path: "/a", size: 5, modTime: NOW - DAY }];

function options(changes: Partial<UrlCheckOptions> = {}): UrlCheckOptions {
  const fetch: UrlCheckOptions["fetch"] = (url, { headers }) =>
    Promise.resolve(
      url.endsWith("/a")
        ? new Response(null, {
          status: new Headers(headers).has("range") ? 206 : 200,
          headers: {
            "content-length": "5",
            "content-range": "bytes 0-0/5",
            "last-modified": new Date(NOW - DAY).toUTCString(),
          },
        })
        : new Response("", { status: 200 }),
    );
  return {
    url: "https://mirror.example/",
    files: FILES,
    fetch,
    redirects: false,
    resolve: () => Promise.resolve(["203.0.113.9", "2606:4700::1"]),
    clients: [{ family: 4, fetch }, { family: 6, fetch }],
    tolerance: 0,
    certificateEnd: () => Promise.resolve(NOW + 5 * DAY),
    clock: new FakeClock(NOW),
    signal: new AbortController().signal,
    ...changes,
  };
}

const texts = async (changes?: Partial<UrlCheckOptions>): Promise<string[]> =>
  (await checkUrl(options(changes))).map(({ weight, text }) => `${weight} ${text}`);

Deno.test("checkUrl() finds nothing to mend at a good server, and tells when its certificate ends", async () => {
  assertEquals(await texts(), [
    "advice Its certificate ends on 2026-11-27, in 5 days",
    "good IPv4: 203.0.113.9 answers",
    "good IPv6: 2606:4700::1 answers",
    "good 1 file is there, with its size and time",
    "good Downloads can be resumed",
    "good It lists its directories: it can be scanned over HTTP",
  ]);
  const later = await texts({ certificateEnd: () => Promise.resolve(NOW + 60 * DAY) });
  assertEquals(later.at(-1), "good Its certificate ends on 2027-01-21");
  const unknown = await texts({ certificateEnd: () => Promise.resolve(null) });
  assertEquals(unknown.length, 5);
});

Deno.test("checkUrl() tells families apart, and what this machine cannot try", async () => {
  const failing = (message: string): UrlCheckOptions["fetch"] => () =>
    Promise.reject(new TypeError(message));
  const { fetch } = options();
  const found = await texts({
    clients: [
      { family: 4, fetch: failing("tcp connect error: Connection refused (os error 111)") },
      { family: 6, fetch: failing("tcp connect error: Network is unreachable (os error 101)") },
    ],
    fetch,
  });
  assertEquals(found.slice(0, 2), [
    "mend IPv4: 203.0.113.9: connection refused",
    "advice IPv6: 2606:4700::1: not tried, this machine reaches nothing over IPv6",
  ]);
});

Deno.test("checkUrl() allows times to differ by the tolerance, and ends when it is told to", async () => {
  const files = [{ ...FILES[0]!, modTime: NOW - DAY + 1500 }];
  const bad = (found: readonly string[]): boolean => found.some((one) => one.startsWith("mend"));
  assertEquals([bad(await texts({ files })), bad(await texts({ files, tolerance: 1000 }))], [
    ...[true, false],
  ]);
  const reason = new Error("enough");
  const error = await assertRejects(() => checkUrl(options({ signal: AbortSignal.abort(reason) })));
  assertEquals(error, reason);
});

Deno.test("sourceSample() takes the largest, the newest, and some by chance, none twice", () => {
  const table = new FileTable();
  for (let i = 0; i < 5000; i++) table.add(`/${i}`, i === 77 ? 1e9 : 1, i === 4242 ? 9 : 1);
  const counts = new Map<string, number>();
  const random = seededRandom(1);
  for (let round = 0; round < 200; round++) {
    const sample = sourceSample(table, 8, random);
    assertEquals(sample.slice(0, 2).map(({ path }) => path), ["/77", "/4242"]);
    assertEquals(new Set(sample.map(({ path }) => path)).size, sample.length);
    assertEquals(sample.length >= 8 && sample.length <= 10, true);
    for (const { path } of sample) counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  // By chance alone: no file comes up much more often than others, late ones as often as early ones.
  const late = [...counts].filter(([path]) => Number(path.slice(1)) >= 2500).length;
  assertEquals(late > 600 && late < 1000, true);
  assertEquals(sourceSample(new FileTable(), 8, random), []);
});
