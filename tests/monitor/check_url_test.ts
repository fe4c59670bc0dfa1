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

Deno.test("checkUrl() warns of a certificate in its last 14 days, and says nothing of one that has ended", async () => {
  const certificate = async (left: number): Promise<string | undefined> =>
    (await texts({ certificateEnd: () => Promise.resolve(NOW + left) }))
      .find((one) => one.includes("certificate"));
  assertEquals(
    [await certificate(14 * DAY), await certificate(14 * DAY - 1), await certificate(0)],
    [
      "good Its certificate ends on 2026-12-06",
      "advice Its certificate ends on 2026-12-05, in 13 days",
      "advice Its certificate ends on 2026-11-22, in 0 days",
    ],
  );
  assertEquals(await certificate(-1), undefined);
  // A server without TLS has none, and one that cannot be asked for it has been told of.
  const asked = await texts({ url: "http://mirror.example/" });
  assertEquals(asked.filter((one) => one.includes("certificate")), []);
  const failing = await texts({ certificateEnd: () => Promise.reject(new Error("gone")) });
  assertEquals(failing.filter((one) => one.includes("certificate")), []);
});

/** What a server says that answers for parts as given; of a file of so many bytes. */
async function parts(
  size: number,
  answer: () => Promise<Response>,
): Promise<readonly [said: string | undefined, asked: number]> {
  let asked = 0;
  const found = await texts({
    files: [{ path: "/a", size, modTime: NOW - DAY }],
    fetch: (url, init) => {
      const head = {
        "content-length": `${size}`,
        "last-modified": new Date(NOW - DAY).toUTCString(),
      };
      if (!new Headers(init.headers).has("range")) {
        return Promise.resolve(new Response(null, url.endsWith("/a") ? { headers: head } : {}));
      }
      asked++;
      return answer();
    },
  });
  return [found.find((one) => /resumed|parts|Parts/.test(one)), asked];
}

Deno.test("checkUrl() believes that downloads can be resumed where a part of the right whole comes", async () => {
  const part = (status: number, range: string | null) => () =>
    Promise.resolve(
      new Response(null, { status, headers: range === null ? {} : { "content-range": range } }),
    );
  const none = "advice It sends no parts of files: a download that breaks off begins anew";
  const cases = [
    [2, part(206, "bytes 0-0/2"), "good Downloads can be resumed", 1],
    [2, part(206, "bytes 0-0/20"), none, 1],
    [2, part(206, "bytes 0-0/*"), none, 1],
    [2, part(206, null), none, 1],
    [2, part(200, "bytes 0-0/2"), none, 1],
    [2, () => Promise.reject(new TypeError("broken off")), none, 1],
    [1, part(200, null), "good Parts of files were not tried: none is longer than a byte", 0],
    [0, part(416, null), "good Parts of files were not tried: none is longer than a byte", 0],
  ] as const;
  for (const [size, answer, said, asked] of cases) {
    assertEquals(await parts(size, answer), [said, asked]);
  }
});

Deno.test("checkUrl() goes on to further files only where one of the first was answered", async () => {
  const files = Array.from(
    { length: 10 },
    (_, index) => ({ path: `/${index}/a`, size: 5, modTime: NOW - DAY }),
  );
  const heads = async (answers: (url: string) => boolean): Promise<number> => {
    let asked = 0;
    const { fetch } = options();
    await texts({
      files,
      clients: [],
      fetch: (url, init) => {
        if (init.method === "HEAD") asked++;
        return answers(url)
          ? fetch(url, init)
          : Promise.reject(new TypeError("Connection refused"));
      },
    });
    return asked;
  };
  assertEquals(
    [await heads(() => false), await heads((url) => url.endsWith("/3/a")), await heads(() => true)],
    [4, 10, 10],
  );
});

Deno.test("checkUrl() leaves addresses to a proxy that knows them, but for private ones", async () => {
  const about = async (proxied: boolean, addresses: readonly string[]): Promise<string[]> =>
    (await texts({ proxied, resolve: () => Promise.resolve(addresses) }))
      .filter((one) => /address|private|IPv/.test(one))
      .filter((one) => !one.includes("rsync"));
  const bare = "advice No IPv6 address: clients that have nothing else get none";
  const hidden = "mend 10.0.0.1 is private: clients elsewhere cannot reach it";
  assertEquals(await about(true, []), []);
  assertEquals(await about(false, []), ["mend mirror.example: no address is known of that name"]);
  assertEquals(await about(true, ["203.0.113.9"]), []);
  assertEquals(await about(false, ["203.0.113.9"]), [bare, "good IPv4: 203.0.113.9 answers"]);
  assertEquals(await about(true, ["10.0.0.1"]), [hidden]);
});

Deno.test("checkUrl() tells a file that is missing from a directory that is another", async () => {
  const files = ["/a", "/b", "/c"].map((path) => ({ path, size: 5, modTime: NOW - DAY }));
  const found = async (there: RegExp): Promise<string[]> => {
    const { fetch } = options();
    const said = await texts({
      files,
      fetch: (url, init) =>
        there.test(url) || url.endsWith("/")
          ? fetch(url.replace(/[bc]$/, "a"), init)
          : Promise.resolve(new Response(null, { status: 404 })),
    });
    return said.filter((one) => one.includes("files"));
  };
  assertEquals(await found(/[abc]$/), ["good 3 files are there, with their sizes and times"]);
  assertEquals(await found(/[bc]$/), ["advice 1 of 3 files are not there, such as /a"]);
  assertEquals(await found(/a$/), ["advice 2 of 3 files are not there, such as /b"]);
  assertEquals(await found(/x$/), [
    "mend None of 3 files is there: is it the directory that holds /a?",
  ]);
});

Deno.test("checkUrl() believes no size of a body that is compressed, or that is no number", async () => {
  const unsized = "advice 1 of 1 file come without a size, or compressed, such as /a";
  const there = "good 1 file is there, with its size and time";
  const cases: readonly (readonly [Record<string, string>, string])[] = [
    [{ "content-length": "5", "content-encoding": "gzip" }, unsized],
    [{ "content-length": "5", "content-encoding": "identity" }, there],
    [{ "content-length": "5x" }, unsized],
    [{}, unsized],
    [
      { "content-length": "6" },
      "mend 1 of 1 file have another size, such as /a: 6 bytes in place of 5",
    ],
  ];
  for (const [headers, said] of cases) {
    const found = await texts({
      fetch: (url) =>
        Promise.resolve(
          new Response(
            null,
            url.endsWith("/a")
              ? { headers: { ...headers, "last-modified": new Date(NOW - DAY).toUTCString() } }
              : {},
          ),
        ),
    });
    assertEquals(found.filter((one) => one.includes("1 file") || one.includes("1 of 1")), [said]);
  }
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
