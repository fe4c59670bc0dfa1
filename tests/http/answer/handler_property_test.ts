import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { MirrorRecord } from "../../../lib/catalog/mirror_state.ts";
import { StoreUnavailableError } from "../../../lib/store/store.ts";
import { indexedFile, MIRRORS, Site } from "../fixtures.ts";

const STATUSES = [200, 301, 302, 304, 400, 403, 404, 405, 414, 503];

/** Text with everything that could break a URL, a header or a page. */
const hostileText = fc.string({
  unit: fc.constantFrom(
    ..."/.%?#&=+ab2e0\\\"'<>;:@ \r\n\t\0\u0085\u00fc\u2028\ud83d\udca9\ud800[]{}|^`~-",
  ),
  maxLength: 24,
});

const hostileQuery = fc.array(
  fc.oneof(
    fc.constantFrom(
      "mirrorlist",
      "mirrorstats",
      "stats",
      "sha256",
      "md5",
      "pretty",
      "https=1",
      "https=0",
      "fromip",
    ),
    fc.tuple(fc.constantFrom("stats", "fromip", "https", "x"), hostileText).map((pair) =>
      pair.join("=")
    ),
    hostileText,
  ),
  { maxLength: 4 },
).map((parts) => parts.join("&"));

/** What a header can hold when it comes over the wire. */
const headerValue = hostileText.map((text) => text.replace(/[^\x20-\x7e]/g, ""));

const hostileHeaders = fc.record({
  "X-Forwarded-For": headerValue,
  "X-Forwarded-Proto": fc.oneof(headerValue, fc.constant("https")),
  "If-Modified-Since": fc.oneof(headerValue, fc.constant("Tue, 14 Nov 2023 23:13:20 GMT")),
  "Accept": fc.oneof(
    headerValue,
    fc.constantFrom("application/json", "text/html", "text/html,".repeat(5000)),
  ),
  "Accept-Encoding": fc.oneof(headerValue, fc.constantFrom("gzip", "br", "br;q=0.1,*")),
  "If-None-Match": fc.oneof(headerValue, fc.constant("*")),
  "Range": headerValue,
  "User-Agent": headerValue,
}, { requiredKeys: [] });

const hostileMirror = fc.record({
  name: hostileText,
  httpUrl: fc.oneof(hostileText, hostileText.map((text) => `http://m.example/${text}`)),
  rsyncUrl: hostileText,
  sponsorName: hostileText,
  sponsorUrl: fc.oneof(hostileText, hostileText.map((text) => `https://s.example/${text}`)),
  sponsorLogoUrl: fc.oneof(
    hostileText,
    hostileText.map((text) => `https://s.example/${text}`),
    hostileText.map((text) => `data:image/png;${text}`),
  ),
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
  lastModTime: fc.option(fc.integer({ min: -1e15, max: 1e15 })),
  timeZoneOffset: fc.integer({ min: -1e8, max: 1e8 }),
  continentCode: hostileText,
  countryCodes: fc.array(hostileText, { maxLength: 2 }),
  httpDownReason: hostileText,
  httpUp: fc.boolean(),
  httpsUp: fc.boolean(),
});

const hostileRequest = fc.record({
  path: fc.oneof(hostileText, hostileText.map((text) => `/${text}`), fc.constant("/pool/file.iso")),
  query: hostileQuery,
  headers: hostileHeaders,
  method: fc.constantFrom("GET", "GET", "GET", "HEAD", "POST"),
});

function decompress(bytes: Uint8Array<ArrayBuffer>, encoding: string | null): string {
  const plain = encoding === "br"
    ? brotliDecompressSync(bytes)
    : encoding === "gzip"
    ? gunzipSync(bytes)
    : bytes;
  return new TextDecoder().decode(plain);
}

/** Checks what holds for every answer, whatever was asked. */
async function check(response: Response): Promise<void> {
  assert(STATUSES.includes(response.status), `Status ${response.status}`);
  assertEquals(response.headers.get("Server"), "Mirrorbits/1.2.3");
  for (const [name, value] of response.headers) {
    assert(/^[\x20-\x7e]*$/.test(value), `${name}: ${JSON.stringify(value)}`);
  }
  const location = response.headers.get("Location");
  if (response.status === 301) assert(/^\/(?![/\\])/.test(location ?? ""), location ?? "none");
  if (response.status === 302) assert(URL.canParse(location ?? ""), location ?? "none");
  if (response.body === null) return;
  const bytes = await response.bytes();
  if (!response.headers.get("Content-Type")?.startsWith("text/html")) return;
  const body = decompress(bytes, response.headers.get("Content-Encoding"));
  const inside = body.replace(/<style>.*?<\/style>/s, "").replace(/<script>.*?<\/script>/s, "");
  for (const [tag] of inside.matchAll(/<[^>]*>/g)) {
    assert(
      /^<(?:!DOCTYPE html|\/?[a-z]+[0-9]?(?: [a-zA-Z-]+(?:="[^"<>]*")?)*\/?)>$/.test(tag),
      tag,
    );
    for (const [, name = "", value = ""] of tag.matchAll(/ ([a-zA-Z-]+)="([^"]*)"/g)) {
      assert(!/^(?:on|style$)/.test(name), tag);
      if (name === "src") assert(value.startsWith("data:image/"), tag);
      if (name === "href") {
        assert(/^(?:https?:\/\/|data:image\/|\/(?![/\\])|#|\?)/.test(value), tag);
      }
    }
  }
}

Deno.test("handler answers any request with a documented status and whole headers", async () => {
  const site = new Site({
    disk: { "/": { type: "directory", path: "/" } },
    config: { gzip: true },
  });
  await fc.assert(
    fc.asyncProperty(hostileRequest, async ({ path, query, headers, method }) => {
      const given = headers as Record<string, string>;
      await check(await site.get(`http://a${path}?${query}`, { method, headers: given }));
    }),
    { numRuns: 2000 },
  );
  assertEquals(site.log.lines, []);
});

Deno.test("handler answers well whatever the mirrors, the files and the fallbacks are called", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(hostileMirror, { maxLength: 4 }),
      hostileText.map((text) => text.replace(/[\0\ud800/]/g, "").replace(/^\.*$/, "f")),
      fc.constantFrom("", "?mirrorlist", "?mirrorstats", "?md5"),
      fc.constantFrom("text/html", "application/json"),
      hostileText,
      async (changes, name, query, accept, fallback) => {
        const mirrors = changes.map((change, index): MirrorRecord => ({
          ...MIRRORS[index]!,
          ...change,
        }));
        const path = `/${name}`;
        const site = new Site({
          mirrors,
          files: [indexedFile(path)],
          config: {
            fallbacks: [{
              url: `http://f.example/${fallback}`,
              countryCode: fallback,
              continentCode: "",
            }],
          },
        });
        const target = `http://a/${encodeURIComponent(name)}${query}`;
        const response = await site.get(target, { headers: { Accept: accept } });
        const type = response.headers.get("Content-Type") ?? "";
        if (type.startsWith("application/json")) JSON.parse(await response.clone().text());
        await check(response);
        assertEquals(site.log.lines, []);
      },
    ),
    { numRuns: 1000 },
  );
});

Deno.test("handler answers well while the store is away", async () => {
  const site = new Site({ files: [], storeError: new StoreUnavailableError("Away") });
  await fc.assert(
    fc.asyncProperty(hostileRequest, async ({ path, query, method }) => {
      await check(await site.get(`http://a${path}?${query}`, { method }));
    }),
    { numRuns: 300 },
  );
  assertEquals(site.log.lines, []);
});
