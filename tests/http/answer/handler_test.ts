import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { RequestTally } from "../../../lib/stats/request_tally.ts";
import { StoreUnavailableError } from "../../../lib/store/store.ts";
import { mirrorRecord } from "../../selection/fixtures.ts";
import { CONFIG, FILE_TIME, indexedFile, MIRRORS, NOW, Site } from "../fixtures.ts";

const SE = "89.160.20.112";
const US = "216.160.83.56";
const FILE = "/pool/file.iso";
const FALLBACKS = [
  { url: "http://fallback-se.example/repo/", countryCode: "SE", continentCode: "EU" },
  { url: "fallback-us.example/repo/", countryCode: "US", continentCode: "NA" },
];

Deno.test("handler answers a known file at once, with a redirect to the nearest mirror", () => {
  const site = new Site();
  const response = site.ask(FILE, { from: SE });
  assert(response instanceof Response);
  assertEquals(response.status, 302);
  assertEquals(
    [...response.headers],
    [
      ["cache-control", "private, no-cache"],
      ["content-type", "text/html; charset=utf-8"],
      // The iterator joins what goes out as one line each.
      [
        "link",
        "<https://m4.example/pub/pool/file.iso>; rel=duplicate; pri=1; geo=de, " +
        "<http://m1.example/pool/file.iso>; rel=duplicate; pri=2; geo=gb, " +
        "<http://m3.example/pool/file.iso>; rel=duplicate; pri=3; geo=us",
      ],
      ["location", "http://m2.example/pool/file.iso"],
      ["server", "Mirrorbits/1.2.3"],
    ].map(([name, value]) => [name!, value!] as [string, string]),
  );
  assertEquals(response.body, null);
  assertEquals([site.lookups, site.diskLookups], [[], []]);
});

Deno.test("handler limits the Link headers", async () => {
  for (const [maxLinkHeaders, links] of [[0, 0], [2, 2], [3, 3], [10, 3]] as const) {
    const site = new Site({ config: { maxLinkHeaders } });
    const response = await site.get(FILE, { from: SE });
    const found = response.headers.get("Link") ?? "";
    assertEquals(found.split("rel=duplicate").length - 1, links);
  }
});

Deno.test("handler answers HEAD like GET", async () => {
  const site = new Site();
  const [get, head] = [
    await site.get(FILE, { from: SE }),
    await site.get(FILE, { from: SE, method: "HEAD" }),
  ];
  assertEquals([...head.headers], [...get.headers]);
  assertEquals(head.status, 302);
});

Deno.test("handler refuses other methods", async () => {
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "FOO"]) {
    const response = await new Site().get(FILE, { method });
    assertEquals(response.status, 405);
    assertEquals(response.headers.get("Allow"), "GET, HEAD");
    assertEquals(response.headers.get("Server"), "Mirrorbits/1.2.3");
  }
});

Deno.test("handler answers by path as it should", async (t) => {
  const file = { type: "file", path: "/new.iso" } as const;
  const site = () =>
    new Site({
      disk: {
        "/": { type: "directory", path: "/" },
        "/pool": { type: "directory", path: "/pool" },
        "/new.iso": file,
        "/link-to-new": file,
        "/link": { type: "file", path: FILE },
        "/dir-link/file.iso": { type: "file", path: FILE },
        "/outside": { type: "outside", path: "/outside" },
      },
    });
  const to = "http://m2.example/pool/file.iso";
  const cases: readonly (readonly [string, number, string | null])[] = [
    [FILE, 302, to],
    ["/pool/file.iso/", 302, to],
    ["/p%6fol/file.iso", 302, to],
    ["/pool%2Ffile.iso", 302, to],
    ["/pool/file.iso?a=b&c", 302, to],
    ["/link", 302, to],
    ["/dir-link/file.iso", 302, to],
    ["http://other.example/pool/file.iso", 302, to],
    ["http:///pool/file.iso", 302, to],
    ["http+unix://%2Frun%2Fsocket/pool/file.iso", 302, to],
    ["/pool/../pool/file.iso", 301, FILE],
    ["/./pool/file.iso", 301, FILE],
    ["/pool//file.iso", 301, FILE],
    ["/pool/file.iso//", 301, FILE],
    ["/pool/%2e%2E/x", 301, "/x"],
    ["/..%2fetc/passwd", 301, "/etc/passwd"],
    ["/../../etc/passwd?a=/../b&c", 301, "/etc/passwd?a=/../b&c"],
    ["//evil.example", 301, "/evil.example"],
    ["//evil.example/", 301, "/evil.example"],
    ["/%2fevil.example", 301, "/evil.example"],
    ["/./\\evil.example", 301, "/%5Cevil.example"],
    ["/./%5c/evil.example", 301, "/%5C/evil.example"],
    ["/./a%0d%0ab%20?x\u00fc<>", 301, "/a%0D%0Ab%20?x%C3%BC%3C%3E"],
    ["/%252e%252e/etc/passwd", 404, null],
    ["/..%5c..%5cetc/passwd", 404, null],
    ["/nope", 404, null],
    ["/file.iso%00", 404, null],
    ["/%ff%fe", 404, null],
    ["/%zz", 400, null],
    ["/a%", 400, null],
    ["/outside", 403, null],
    ["/", 503, null],
    ["/pool", 503, null],
    ["/pool/", 503, null],
    ["/new.iso", 503, null],
    ["/link-to-new", 503, null],
  ];
  for (const [target, status, location] of cases) {
    await t.step(target, async () => {
      const response = await site().get(target, { from: SE });
      assertEquals([response.status, response.headers.get("Location")], [status, location]);
      assertEquals(response.headers.get("Retry-After"), status === 503 ? "30" : null);
      await response.body?.cancel();
    });
  }
});

Deno.test("handler encodes the path so that every client reaches the right file", async () => {
  const names: readonly (readonly [string, string])[] = [
    ["/with space", "/with%20space"],
    ["/100%", "/100%25"],
    ["/a#b?c", "/a%23b%3Fc"],
    ["/plus+tilde~", "/plus+tilde~"],
    ["/\u00fcn\u00ef-\u65e5", "/%C3%BCn%C3%AF-%E6%97%A5"],
    ["/new\r\nline", "/new%0D%0Aline"],
    ['/<">', "/%3C%22%3E"],
  ];
  for (const [path, encoded] of names) {
    const site = new Site({ files: [indexedFile(path)] });
    const response = await site.get(encodeURI(path).replace(/[?#]/g, encodeURIComponent), {
      from: SE,
    });
    assertEquals(response.headers.get("Location"), `http://m2.example${encoded}`);
    assertStringIncludes(response.headers.get("Link") ?? "", `<https://m4.example/pub${encoded}>;`);
  }
});

Deno.test("handler lets no mirror's settings split a header", async () => {
  const record = mirrorRecord(1, {
    httpUrl: "http://m1.example/>\r\nSet-Cookie: a=b\u00fc/",
    countryCodes: ["D\r\nX: y"],
  });
  const site = new Site({
    mirrors: [record, { ...record, id: 2 }],
    config: { fallbacks: [{ url: "f\r\nA: b", countryCode: "A\r\nB: c", continentCode: "" }] },
  });
  const response = await site.get(FILE);
  assertEquals(response.status, 302);
  for (const [, value] of response.headers) assert(/^[\x20-\x7e]*$/.test(value), value);
});

Deno.test("handler remembers what is on disk for a moment, and until the index changes", async () => {
  const site = new Site({ disk: { "/link": { type: "file", path: FILE } } });
  for (const target of ["/link", "/nope"]) {
    await (await site.get(target)).body?.cancel();
    const again = site.ask(target);
    assert(again instanceof Response);
    await again.body?.cancel();
  }
  assertEquals(site.diskLookups, ["/link", "/nope"]);
  site.side.receive({ type: "paths", paths: ["/other"] });
  await (await site.get("/nope")).body?.cancel();
  assertEquals(site.diskLookups, ["/link", "/nope", "/nope"]);
  site.now += 10_000;
  await (await site.get("/nope")).body?.cancel();
  assertEquals(site.diskLookups.length, 4);
});

Deno.test("handler follows known links without the disk", () => {
  const site = new Site();
  const aliases = new Map([["/latest", FILE], ["/current", "/pool"]]);
  site.side.receive({ type: "aliases", aliases });
  for (const target of ["/latest", "/current/file.iso"]) {
    const response = site.ask(target, { from: SE });
    assert(response instanceof Response);
    assertEquals(response.headers.get("Location"), "http://m2.example/pool/file.iso");
  }
  assertEquals([site.lookups, site.diskLookups], [[], []]);
});

Deno.test("handler asks the store for a file it does not remember", async () => {
  const site = new Site({ cold: [indexedFile("/cold.iso")] });
  const response = await site.get("/cold.iso", { from: SE });
  assertEquals(response.headers.get("Location"), "http://m2.example/cold.iso");
  assertEquals([site.lookups, site.diskLookups], [["/cold.iso"], []]);
});

Deno.test("handler goes on without the store: memory, then fallbacks, then 503", async (t) => {
  const storeError = new StoreUnavailableError("Away");
  const disk = {
    "/cold.iso": { type: "file", path: "/cold.iso" },
    "/outside": { type: "outside", path: "/outside" },
  } as const;
  await t.step("with fallbacks", async () => {
    const site = new Site({ storeError, disk, config: { fallbacks: FALLBACKS } });
    assertEquals(
      (await site.get(FILE, { from: US })).headers.get("Location"),
      "http://m3.example/pool/file.iso",
    );
    const cold = await site.get("/cold.iso", { from: US });
    assertEquals(cold.headers.get("Location"), "https://fallback-us.example/repo/cold.iso");
    assertEquals((await site.get("/nope")).status, 404);
    assertEquals((await site.get("/outside")).status, 403);
    assertEquals((await site.get("/cold.iso?sha256")).status, 503);
    assertEquals((await site.get("/pool/file.iso?sha256")).status, 200);
    assertEquals((await site.get("/pool/file.iso?stats")).status, 503);
  });
  await t.step("without", async () => {
    const response = await new Site({ storeError, disk }).get("/cold.iso");
    assertEquals([response.status, response.headers.get("Retry-After")], [503, "30"]);
    assertEquals(
      await response.text(),
      "Service Unavailable: the index of the files cannot be reached, try again later\n",
    );
  });
});

Deno.test("handler sends to the fallbacks when no mirror may serve", async () => {
  const site = new Site({
    mirrors: MIRRORS.map((mirror) => ({ ...mirror, enabled: false })),
    config: { fallbacks: FALLBACKS },
    disk: { "/pool": { type: "directory", path: "/pool" } },
  });
  const se = await site.get(FILE, { from: SE });
  assertEquals(se.headers.get("Location"), "http://fallback-se.example/repo/pool/file.iso");
  assertEquals(
    se.headers.get("Link"),
    "<https://fallback-us.example/repo/pool/file.iso>; rel=duplicate; pri=1; geo=us",
  );
  const us = await site.get(`${FILE}?https=0`, { from: US });
  assertEquals(us.headers.get("Location"), "http://fallback-us.example/repo/pool/file.iso");
  const directory = await site.get("/pool/", { from: SE });
  assertEquals(directory.headers.get("Location"), "http://fallback-se.example/repo/pool/");
  const bare = await site.get("/pool", { from: SE });
  assertEquals(bare.headers.get("Location"), "http://fallback-se.example/repo/pool");
  const file = await site.get(`${FILE}/`, { from: SE });
  assertEquals(file.headers.get("Location"), "http://fallback-se.example/repo/pool/file.iso");
});

Deno.test("handler chooses the scheme of fallbacks as it does of mirrors", async (t) => {
  const plain = "http://plain.example/r/new";
  const secure = "https://secure.example/r/new";
  const fallbacks = [
    { url: "http://plain.example/r/", countryCode: "SE", continentCode: "EU" },
    { url: "https://secure.example/r/", countryCode: "US", continentCode: "NA" },
  ];
  const cases: readonly (readonly [string, string | null, boolean, string | null])[] = [
    ["", null, true, plain],
    ["?https=1", null, true, secure],
    ["?https=0", null, true, plain],
    ["", "https", true, secure],
    ["", "http", true, plain],
    ["", "http", false, plain],
    ["?https=0", "https", true, plain],
    ["?https=1", "http", false, secure],
  ];
  for (const from of [SE, US]) {
    for (const [query, proto, allowHttpToHttpsRedirects, expected] of cases) {
      await t.step(`${from} ${query} ${proto} ${allowHttpToHttpsRedirects}`, async () => {
        const site = new Site({
          disk: { "/new": { type: "file", path: "/new" } },
          config: { fallbacks, allowHttpToHttpsRedirects },
        });
        const headers: Record<string, string> = proto === null
          ? {}
          : { "X-Forwarded-Proto": proto };
        const response = await site.get(`/new${query}`, { from, headers });
        const any = query === "" &&
          (proto === null || (proto === "http" && allowHttpToHttpsRedirects));
        const nearest = from === SE ? plain : secure;
        assertEquals(response.headers.get("Location"), any ? nearest : expected);
        assertEquals(response.headers.has("Link"), any);
      });
    }
  }
  const site = new Site({
    disk: { "/new": { type: "file", path: "/new" } },
    config: { fallbacks: fallbacks.slice(0, 1) },
  });
  assertEquals((await site.get("/new?https=1")).status, 503);
});

Deno.test("handler takes nothing but a host in the Host header", async () => {
  const site = new Site();
  const good = [
    "a.example",
    "a.example:8080",
    "192.0.2.1",
    "192.0.2.1:80",
    "[2001:db8::1]",
    "[2001:db8::1]:80",
    "my_host",
    "",
  ];
  const bad = [
    "a/evil",
    "a/README.txt?mirrorlist&x=",
    "a?b",
    "a#b",
    "user@a.example",
    "a b",
    "a.example, b.example",
    "a\\b",
    "[::1",
    "::1",
    "a:b",
    "<a>",
  ];
  for (const host of [...good, ...bad, ...good]) {
    const response = await site.get(FILE, { headers: { Host: host } });
    assertEquals(response.status, good.includes(host) ? 302 : 400, host);
    await response.body?.cancel();
  }
});

Deno.test("handler keeps the headers of a redirect below 3.5 KB, and drops the farthest", async () => {
  const wishes = { "Want-Digest": "sha-256", "Want-Repr-Digest": "sha-256=5" };
  for (let length = 10; length <= 250; length += 8) {
    const path = `/${"dir/".repeat(60)}${"\u00fc".repeat(length)}`;
    const site = new Site({ files: [indexedFile(path)], config: { fallbacks: FALLBACKS } });
    for (const mirrors of [MIRRORS, []]) {
      site.side.receive({ type: "mirrors", mirrors });
      const headers = length % 16 === 2 ? wishes : {};
      const response = await site.get(encodeURI(path), { from: SE, headers });
      assertEquals(response.status, 302);
      let bytes = "HTTP/1.1 302 Found\r\n".length + "date: \r\n".length +
        new Date(0).toUTCString().length + "content-length: 0\r\n\r\n".length;
      const links = response.headers.get("Link")?.split(/, (?=<)/) ?? [];
      for (const [name, value] of response.headers) {
        if (name !== "link") bytes += name.length + value.length + 4;
      }
      for (const link of links) bytes += "link: \r\n".length + link.length;
      assert(bytes < 3584, `${bytes}`);
      // One more would not have fitted.
      const all = mirrors.length > 0 ? 3 : 1;
      const one = (response.headers.get("Location") ?? "").length;
      if (links.length < all) assert(bytes + one > 3200, `${bytes} with ${links.length} links`);
      for (const [index, link] of links.entries()) {
        assertStringIncludes(link, `; pri=${index + 1};`);
      }
    }
  }
});

Deno.test("handler forgets what it knows of the old disk when the repository becomes another", async () => {
  const site = new Site({ disk: { "/new": { type: "file", path: "/new" } } });
  for (const [repository, lookups] of [["/srv/a", 1], ["/srv/b", 2]] as const) {
    site.side.receive({ type: "configuration", config: { ...CONFIG, repository } });
    for (let round = 0; round < 2; round++) await (await site.get("/new")).body?.cancel();
    assertEquals(site.diskLookups.length, lookups);
  }
});

Deno.test("handler answers If-Modified-Since", async () => {
  const site = new Site();
  const cases: readonly (readonly [string, number])[] = [
    ["Tue, 14 Nov 2023 23:13:20 GMT", 304],
    ["Fri, 01 Jan 2038 00:00:00 GMT", 304],
    ["Tuesday, 14-Nov-23 23:13:20 GMT", 304],
    ["Tue Nov 14 23:13:20 2023", 304],
    ["Tue, 14 Nov 2023 23:13:19 GMT", 302],
    ["Tue Nov 14 23:13:19 2023", 302],
    ["yesterday", 302],
    ["2038", 302],
    ["", 302],
  ];
  const tagged = { "If-Modified-Since": cases[0]![0], "If-None-Match": '"x"' };
  assertEquals((await site.get(FILE, { headers: tagged })).status, 302);
  for (const [date, status] of cases) {
    for (const method of ["GET", "HEAD"]) {
      site.facts.length = 0;
      const response = await site.get(FILE, { method, headers: { "If-Modified-Since": date } });
      assertEquals(response.status, status, date);
      const modified = response.headers.get("Last-Modified");
      assertEquals(response.headers.get("Cache-Control"), "private, no-cache");
      assertEquals(modified, status === 304 ? "Tue, 14 Nov 2023 23:13:20 GMT" : null);
      assertEquals(site.facts.length, status === 304 ? 0 : 1);
    }
  }
});

Deno.test("handler believes forwarding headers of trusted peers only", async (t) => {
  const tcp = (hostname: string): Deno.Addr => ({ transport: "tcp", hostname, port: 1 });
  const cases: readonly (readonly [string, Deno.Addr, string | null, string])[] = [
    ["none", tcp("127.0.0.1"), null, "127.0.0.1"],
    ["trusted", tcp("127.0.0.1"), SE, SE],
    ["mapped", tcp("::ffff:127.0.0.1"), SE, SE],
    ["the right-most", tcp("10.1.2.3"), ` ${SE} , ${US}`, US],
    ["before trusted ones", tcp("10.1.2.3"), `${US}, ${SE}, 127.0.0.1,10.9.9.9`, SE],
    ["all trusted", tcp("10.1.2.3"), "10.7.7.7, 10.8.8.8", "10.7.7.7"],
    ["junk before it", tcp("127.0.0.1"), `unknown, ${SE}`, SE],
    ["junk before trusted ones", tcp("127.0.0.1"), `${US}, unknown, 10.8.8.8`, "10.8.8.8"],
    ["with a port", tcp("127.0.0.1"), `${SE}:443`, SE],
    ["bracketed", tcp("127.0.0.1"), "[2001:DB8::0:1]:443", "2001:db8::1"],
    ["quoted", tcp("127.0.0.1"), `"[2001:db8::1]"`, "2001:db8::1"],
    ["mapped client", tcp("127.0.0.1"), `::ffff:${SE}`, SE],
    ["junk", tcp("127.0.0.1"), "unknown", "127.0.0.1"],
    ["empty entry", tcp("127.0.0.1"), `, ${SE}`, SE],
    ["empty entry at the end", tcp("127.0.0.1"), `${SE},`, "127.0.0.1"],
    ["untrusted", tcp("192.0.2.1"), SE, "192.0.2.1"],
    ["untrusted IPv6", tcp("2001:db8::9"), SE, "2001:db8::9"],
    ["Unix socket", { transport: "unix", path: "/run/s" }, SE, SE],
    ["Unix socket without", { transport: "unix", path: "/run/s" }, null, ""],
    ["Unix socket, junk", { transport: "unix", path: "/run/s" }, "junk", ""],
  ];
  for (const [name, remote, from, address] of cases) {
    await t.step(name, async () => {
      const headers: Record<string, string> = { Accept: "application/json" };
      if (from !== null) headers["X-Forwarded-For"] = from;
      const response = await new Site().get(FILE, { headers, remote });
      assertEquals((await response.json()).IP, address);
    });
  }
});

Deno.test("handler believes everyone when told so", async () => {
  const site = new Site({ config: { trustedProxies: "all" } });
  const remote: Deno.Addr = { transport: "tcp", hostname: "192.0.2.1", port: 1 };
  const headers = { Accept: "application/json" };
  for (const from of [SE, `${SE}, ${US}`]) {
    const response = await site.get(FILE, { from, remote, headers });
    assertEquals((await response.json()).IP, SE);
  }
  const secure = await site.get(FILE, {
    remote,
    headers: { "X-Forwarded-Proto": "https, http" },
  });
  assertEquals(secure.headers.get("Location")?.startsWith("https:"), true);
});

Deno.test("handler reads the one header that it is told to", async (t) => {
  const forwarded = `for=${US}, for=${SE};proto=https;by=10.0.0.1`;
  const all = { "X-Forwarded-For": "192.0.2.1", "Forwarded": forwarded, "X-Real-IP": "192.0.2.2" };
  const cases: readonly (readonly [string, Record<string, string>, string])[] = [
    ["X-Forwarded-For", all, "192.0.2.1"],
    ["Forwarded", all, SE],
    ["FORWARDED", { Forwarded: `for="[2001:db8::1]:4711"` }, "2001:db8::1"],
    ["x-real-ip", all, "192.0.2.2"],
    ["Forwarded", { "X-Forwarded-For": SE }, "127.0.0.1"],
    ["X-Real-IP", { "X-Forwarded-For": SE }, "127.0.0.1"],
  ];
  for (const [forwardedHeader, headers, address] of cases) {
    await t.step(`${forwardedHeader}: ${address}`, async () => {
      const site = new Site({ config: { forwardedHeader } });
      const response = await site.get(FILE, {
        headers: { ...headers, Accept: "application/json" },
      });
      assertEquals((await response.json()).IP, address);
    });
  }
  await t.step("the scheme", async () => {
    const site = new Site({ config: { forwardedHeader: "Forwarded" } });
    const to = async (headers: Record<string, string>): Promise<string | undefined> =>
      (await site.get(FILE, { headers })).headers.get("Location")?.split(":")[0];
    assertEquals(
      await to({ Forwarded: `for=${SE};proto=https`, "X-Forwarded-Proto": "http" }),
      "https",
    );
    assertEquals(await to({ Forwarded: `for=${SE}`, "X-Forwarded-Proto": "https" }), "https");
    assertEquals(await to({ Forwarded: `proto=https;for=${US}, for=${SE};proto=http` }), "http");
  });
});

Deno.test("handler follows another configuration of proxies at once", async () => {
  const site = new Site();
  const address = async (): Promise<string> => {
    const headers = { Accept: "application/json", Forwarded: `for=${US}` };
    return (await (await site.get(FILE, { from: `${SE}, 192.0.2.1`, headers })).json()).IP;
  };
  assertEquals(await address(), "192.0.2.1");
  const trustedProxies = ["127.0.0.0/8", "192.0.2.0/24"];
  site.side.receive({ type: "configuration", config: { ...CONFIG, trustedProxies } });
  assertEquals(await address(), SE);
  site.side.receive({
    type: "configuration",
    config: { ...CONFIG, trustedProxies, forwardedHeader: "Forwarded" },
  });
  assertEquals(await address(), US);
});

Deno.test("handler notices who forwards without being trusted to", async () => {
  const site = new Site();
  const from = (hostname: string): Deno.Addr => ({ transport: "tcp", hostname, port: 1 });
  const asked: readonly (readonly [string | undefined, string | undefined, string | null])[] = [
    [undefined, undefined, null],
    [SE, undefined, null],
    [`${SE}, ${US}`, undefined, "216.160.83.0/24"],
    [`unknown, ${US}, 10.0.0.1`, undefined, "216.160.83.0/24"],
    [`${SE}, 192.168.1.1`, undefined, null],
    [`${SE}, 10.0.0.1`, undefined, null],
    [undefined, "192.0.2.9", null],
    [SE, "192.0.2.9", "192.0.2.0/24"],
    [SE, "2001:db8:1:2::3", "2001:db8:1::/48"],
    [SE, "192.168.1.1", null],
  ];
  for (const [header, remote] of asked) {
    const peer = remote === undefined ? {} : { remote: from(remote) };
    await site.get(FILE, { ...(header === undefined ? {} : { from: header }), ...peer });
  }
  assertEquals(site.forwarders, asked.map(([, , network]) => network));
});

Deno.test("handler shows the mirror list of another address, and nothing else", async () => {
  const site = new Site();
  const list = async (query: string) => await (await site.get(FILE + query, { from: SE })).text();
  assertStringIncludes(await list(`?mirrorlist&fromip=${US}`), "Milton");
  assertStringIncludes(await list("?mirrorlist&fromip=junk"), "Linköping");
  assertStringIncludes(await list("?mirrorlist&fromip=2001%3Adb8%3A%3A1"), "2001:db8::1");
  const json = await site.get(`${FILE}?fromip=${US}`, {
    from: SE,
    headers: { Accept: "application/json" },
  });
  assertEquals((await json.json()).IP, SE);
});

Deno.test("handler chooses the scheme", async (t) => {
  const https = "https://m4.example/pub/pool/file.iso";
  const cases: readonly (readonly [string, string, string | null, boolean, string])[] = [
    ["https=1", "?https=1", null, true, https],
    ["https=1 over http", "?https=1", "http", false, https],
    ["https=0 over https", "?https=0", "https", true, "http://m2.example/pool/file.iso"],
    ["https", "", "https", true, https],
    ["http, HTTPS", "", "http, HTTPS", true, https],
    ["https, http", "", "https, http", true, "http://m2.example/pool/file.iso"],
    ["http, allowed", "", "http", true, "http://m2.example/pool/file.iso"],
    ["http", "", "http", false, "http://m2.example/pool/file.iso"],
    ["other value", "?https=2", null, true, "http://m2.example/pool/file.iso"],
  ];
  for (const [name, query, proto, allowHttpToHttpsRedirects, location] of cases) {
    await t.step(name, async () => {
      const site = new Site({ config: { allowHttpToHttpsRedirects } });
      const headers: Record<string, string> = proto === null ? {} : { "X-Forwarded-Proto": proto };
      const response = await site.get(FILE + query, { from: SE, headers });
      assertEquals(response.headers.get("Location"), location);
      assert(!(response.headers.get("Link") ?? "").includes("https:") || allowHttpToHttpsRedirects);
    });
  }
  await t.step("untrusted", async () => {
    const response = await new Site().get(FILE, {
      headers: { "X-Forwarded-Proto": "https" },
      remote: { transport: "tcp", hostname: "192.0.2.1", port: 1 },
    });
    assert(response.headers.get("Location")?.startsWith("http://"));
  });
});

Deno.test("handler answers by query as it should", async (t) => {
  const cases: readonly (readonly [string, number, string, string])[] = [
    ["?sha256", 200, "text/plain; charset=UTF-8", `${"ab".repeat(32)}  file.iso`],
    ["?md5=", 200, "text/plain; charset=UTF-8", `${"cd".repeat(16)}  file.iso`],
    ["?sha256&md5", 200, "text/plain; charset=UTF-8", `${"cd".repeat(16)}  file.iso`],
    ["?sha1", 404, "text/plain; charset=utf-8", "Hash type not supported\n"],
    [
      "?stats&md5",
      200,
      "text/plain; charset=utf-8",
      `{\n    "Today": 10,\n    "Month": 7,\n    "Year": 4,\n    "Total": 0\n}`,
    ],
    [
      "?stats=2026-11",
      200,
      "text/plain; charset=utf-8",
      `{\n    "Period": "2026-11",\n    "Downloads": 7\n}`,
    ],
    [
      "?stats=2026-1",
      200,
      "text/plain; charset=utf-8",
      `{\n    "Period": "2026-1",\n    "Downloads": 7\n}`,
    ],
    ["?stats=0000", 400, "text/plain; charset=utf-8", "Invalid period\n"],
    ["?stats=0000-02-03", 400, "text/plain; charset=utf-8", "Invalid period\n"],
    ["?stats=2026-13", 400, "text/plain; charset=utf-8", "Invalid period\n"],
    ["?stats=2026-00", 400, "text/plain; charset=utf-8", "Invalid period\n"],
    ["?stats=2026-02-29", 400, "text/plain; charset=utf-8", "Invalid period\n"],
    ["?stats=2026-04-31", 400, "text/plain; charset=utf-8", "Invalid period\n"],
    ["?stats=20261", 400, "text/plain; charset=utf-8", "Invalid period\n"],
    ["?stats=26", 400, "text/plain; charset=utf-8", "Invalid period\n"],
    [
      "?stat%73=2028-02-29",
      200,
      "text/plain; charset=utf-8",
      `{\n    "Period": "2028-02-29",\n    "Downloads": 10\n}`,
    ],
    ["?stats=x", 400, "text/plain; charset=utf-8", "Invalid period\n"],
    ["?stats=2020-xx", 400, "text/plain; charset=utf-8", "Invalid period\n"],
    ["?stats=2020-01-1x", 400, "text/plain; charset=utf-8", "Invalid period\n"],
    ["?stats=2020-", 400, "text/plain; charset=utf-8", "Invalid period\n"],
    ["?stats=2020-1-1-1", 400, "text/plain; charset=utf-8", "Invalid period\n"],
  ];
  for (const [query, status, type, body] of cases) {
    await t.step(query, async () => {
      const site = new Site();
      const response = await site.get(FILE + query);
      assertEquals([response.status, response.headers.get("Content-Type")], [status, type]);
      assertEquals(await response.text(), body);
      assertEquals(site.facts, []);
    });
  }
  await t.step("a file that was not scanned yet", async () => {
    const site = new Site({ disk: { "/new.iso": { type: "file", path: "/new.iso" } } });
    const response = await site.get("/new.iso?sha256");
    assertEquals([response.status, response.headers.get("Retry-After")], [503, "30"]);
    assertEquals(await response.text(), "Service Unavailable: this file is not scanned yet\n");
  });
  await t.step("other paths", async () => {
    const site = new Site({
      disk: {
        "/pool": { type: "directory", path: "/pool" },
        "/link": { type: "file", path: FILE },
      },
    });
    assertStringIncludes(await (await site.get("/nope?sha256")).text(), "Not Found: ");
    assertEquals(await (await site.get("/pool?sha256")).text(), "Hash type not supported\n");
    assertStringIncludes(await (await site.get("/link?sha256")).text(), "  file.iso");
    assertEquals((await (await site.get("/nope?stats")).json()).Total, 0);
    assertEquals((await site.get("/nope?mirrorlist")).status, 404);
    assertEquals((await site.get("/pool?mirrorlist")).status, 503);
  });
});

Deno.test("handler chooses between redirect and JSON", async () => {
  const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp," +
    "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7";
  const cases = [
    ["auto", null, 302],
    ["auto", "", 302],
    ["auto", "*/*", 302],
    ["auto", browser, 302],
    ["auto", "application/*", 302],
    ["auto", "application/octet-stream, application/metalink4+xml", 302],
    ["auto", "application/json", 200],
    ["auto", "Application/JSON; charset=utf-8", 200],
    ["auto", "application/json, text/plain, */*", 200],
    ["auto", "text/html, application/json", 200],
    ["auto", "text/html;q=0.5, application/json;q=0.5", 200],
    ["auto", "text/html;q=0.4, application/json;q=0.5", 200],
    ["auto", "text/html, application/json;q=0.9", 302],
    ["auto", "application/json;q=0.1, */*", 302],
    ["auto", "application/json;q=0", 302],
    ["auto", "application/json;q=0.0, text/html;q=0", 302],
    // What has no weight that can be read is as if it were not there.
    ["auto", "text/html;q=abc, application/json;q=0.5", 200],
    ["auto", "application/json;q=abc", 302],
    ["auto", "application/json;q=", 302],
    ["auto", "application/json;q", 302],
    ["auto", "application/json;q=2", 302],
    ["auto", "application/json;q=-0.1", 302],
    ["auto", "application/json;q=0.5.5", 302],
    ["auto", "application/json; Q = .5, */*;q=.25", 200],
    ["auto", "application/json;q=1.000, text/html;q=0.9999", 200],
    ["json", null, 200],
    ["json", "text/html", 200],
    ["redirect", "application/json", 302],
  ] as const;
  for (const [outputMode, accept, status] of cases) {
    const headers: Record<string, string> = accept === null ? {} : { Accept: accept };
    const response = await new Site({ config: { outputMode } }).get(FILE, { headers });
    assertEquals(response.status, status, accept ?? "none");
    await response.body?.cancel();
  }
});

Deno.test("handler records standard answers, and what counts as a download", async () => {
  const site = new Site({
    config: { fallbacks: FALLBACKS },
    disk: { "/pool": { type: "directory", path: "/pool" }, "/new": { type: "file", path: "/new" } },
  });
  const json = { Accept: "application/json" };
  const range = { Range: "bytes=0-1", "User-Agent": "curl" };
  await site.get(FILE, { from: SE });
  await site.get(FILE, { from: SE, method: "HEAD" });
  await (await site.get(FILE, { from: SE, headers: json })).body?.cancel();
  await site.get(FILE, { from: SE, headers: range });
  await site.get("/pool", { from: SE });
  await site.get("/new", { from: SE });
  await (await site.get("/nope", { from: SE })).body?.cancel();
  await (await site.get(`${FILE}?mirrorlist`, { from: SE })).body?.cancel();
  const summary = site.facts.map((
    facts,
  ) => [
    facts.type,
    facts.status,
    facts.method,
    facts.path,
    facts.download,
    facts.candidate?.mirror.name ?? null,
  ]);
  assertEquals(summary, [
    ["REDIRECT", 302, "GET", FILE, "whole", "m2"],
    ["REDIRECT", 302, "HEAD", FILE, "none", "m2"],
    ["JSON", 200, "GET", FILE, "none", "m2"],
    ["REDIRECT", 302, "GET", FILE, "ranged", "m2"],
    ["REDIRECT", 302, "GET", "/pool", "none", "fallback0"],
    ["REDIRECT", 302, "GET", "/new", "whole", "fallback0"],
    ["REDIRECT", 404, "GET", "/nope", "none", null],
  ]);
  const [first] = site.facts;
  assertEquals([first?.time, first?.address, first?.asNumber, first?.size], [NOW, SE, 29518, 1000]);
  assertEquals(site.facts.map(({ userAgent }) => userAgent), [
    "",
    null,
    null,
    "curl",
    null,
    "",
    null,
  ]);
});

Deno.test("handler counts every ranged request when SameDownloadInterval is 0", async () => {
  const site = new Site({ config: { sameDownloadInterval: 0 } });
  await site.get(FILE, { headers: { Range: "bytes=0-1" } });
  assertEquals([site.facts[0]?.download, site.facts[0]?.userAgent], ["whole", null]);
});

Deno.test("handler answers 500 to a failure, keeps the detail for the logs, and goes on", async () => {
  const site = new Site({ diskError: new Error("Input/output error\nat secret") });
  const response = await site.get("/broken");
  assertEquals([response.status, await response.text()], [
    500,
    "Internal Server Error: this request failed\n",
  ]);
  assertEquals(site.log.lines, [
    `error: Cannot answer GET "/broken": Input/output error\nat secret`,
  ]);
  assertEquals([site.facts[0]?.status, site.facts[0]?.error], [
    500,
    "Input/output error\nat secret",
  ]);
  assertEquals((await site.get(FILE)).status, 302);
});

Deno.test("handler follows messages", async () => {
  const site = new Site();
  const location = async () => (await site.get(FILE, { from: SE })).headers.get("Location");
  site.side.receive({ type: "mirror_removed", id: 2 });
  assertEquals(await location(), "https://m4.example/pub/pool/file.iso");
  site.side.receive({ type: "mirror", mirror: MIRRORS[1]! });
  assertEquals(await location(), "http://m2.example/pool/file.iso");
  site.side.receive({ type: "configuration", config: { ...CONFIG, outputMode: "json" } });
  assertEquals(await location(), null);
  assertEquals(site.side.config.outputMode, "json");
  site.side.receive({ type: "configuration", config: CONFIG });
  site.side.receive({ type: "everything" });
  await location();
  assertEquals(site.lookups, [FILE]);
  site.side.receive({ type: "mirrors", mirrors: [] });
  site.side.receive({ type: "stop" });
  assertEquals(site.flushes, 1);
});

Deno.test("handler knows a file's time even when it is odd", async () => {
  for (const modTime of [null, 0, -1, 8.64e15, FILE_TIME]) {
    const site = new Site({ files: [indexedFile(FILE, { modTime })] });
    const headers = {
      Accept: "application/json",
      "If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT",
    };
    assert([200, 304].includes((await site.get(FILE, { headers })).status));
    assertEquals((await site.get(`${FILE}?mirrorlist`)).status, 200);
  }
});

Deno.test("handler lets no cache keep what may be another answer the next moment", async () => {
  const site = new Site({ disk: { "/new": { type: "file", path: "/new" } } });
  const cases: readonly (readonly [string, number])[] = [
    ["/nope", 404],
    ["/pool/../pool/file.iso", 301],
    ["/new", 503],
    ["/new?sha256", 503],
    [FILE, 302],
    [FILE, 304],
    [`${FILE}?sha256`, 200],
    [`${FILE}?sha1`, 404],
    [`${FILE}?stats`, 200],
    [`${FILE}?stats=x`, 400],
    [`${FILE}?mirrorlist`, 200],
    [`${FILE}?mirrorlist`, 304],
    ["/?mirrorstats", 200],
    ["/%zz", 400],
  ];
  for (const [target, status] of cases) {
    for (const accept of ["text/html", "application/json"]) {
      const headers: Record<string, string> = { Accept: accept };
      if (status === 304 && target === FILE) {
        headers["If-Modified-Since"] = new Date(NOW).toUTCString();
      } else if (status === 304) headers["If-None-Match"] = "*";
      else if (status === 302) delete headers["Accept"];
      const response = await site.get(target, { headers });
      assertEquals(response.status, status, target);
      assert(response.headers.get("Cache-Control")?.includes("no-cache"), target);
      await response.body?.cancel();
    }
  }
});

Deno.test("what the handler counts is what select() says of the same requests", async () => {
  const tally = new RequestTally();
  const mirrors = MIRRORS.map((mirror, index) =>
    index === 0
      ? { ...mirror, enabled: false }
      : index === 1
      ? { ...mirror, countryOnly: true }
      : mirror
  );
  const site = new Site({ mirrors, tally });
  // By the quick way, over and over, and by the thorough one.
  for (let i = 0; i < 3; i++) await site.get("/pool/file.iso", { from: "216.160.83.56" });
  const quick = tally.take();
  assertEquals(quick.answers, { redirect: 3 });
  assertEquals(quick.excluded, { disabled: 3, country: 3 });
  assertEquals(quick.continents, { NA: 3 });
  assertEquals(Object.values(quick.mirrors), [3]);
  await site.get("/pool/file.iso", {
    from: "216.160.83.56",
    headers: { Accept: "application/json" },
  });
  const thorough = tally.take();
  assertEquals(thorough.answers, { json: 1 });
  assertEquals(thorough.excluded, { disabled: 1, country: 1 });
  assertEquals(thorough.mirrors, {});
});
