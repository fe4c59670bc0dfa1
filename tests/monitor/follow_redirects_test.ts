import { assertEquals, assertRejects } from "@std/assert";
import {
  followRedirects,
  RedirectError,
  type RedirectRule,
} from "../../lib/monitor/follow_redirects.ts";

const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  "public.example": ["192.0.2.1", "2001:db8::1"],
  "other.example": ["192.0.2.2"],
  "inside.example": ["10.0.0.1"],
  "both.example": ["192.0.2.3", "127.0.0.1"],
  localhost: ["127.0.0.1", "::1"],
};

/** Where one ends up, or why not, when these places redirect. */
async function follow(
  url: string,
  places: Readonly<Record<string, string>>,
  rule: Partial<RedirectRule> = {},
): Promise<string> {
  const asked: string[] = [];
  try {
    await followRedirects(url, { method: "HEAD" }, {
      redirects: true,
      resolve: (host) => {
        const addresses = ADDRESSES[host];
        return addresses ? Promise.resolve(addresses) : Promise.reject(new Error("Not known"));
      },
      fetch: (at, init) => {
        assertEquals([init.redirect, init.method], ["manual", "HEAD"]);
        asked.push(at);
        const location = places[at];
        return Promise.resolve(
          new Response(null, location ? { status: 302, headers: { location } } : {}),
        );
      },
      ...rule,
    });
    return asked.at(-1)!;
  } catch (error) {
    return (error as Error).message;
  }
}

Deno.test("followRedirects() follows where a mirror may redirect", async () => {
  for (
    const [from, to, end] of [
      ["http://public.example/a", "/b", "http://public.example/b"],
      ["http://public.example/a", "//other.example/b", "http://other.example/b"],
      ["http://public.example/a", "https://public.example/a", "https://public.example/a"],
      ["http://public.example/a", "http://192.0.2.9/", "http://192.0.2.9/"],
      ["http://public.example/a", "http://u:p@other.example/b", "http://other.example/b"],
      // Its own port is its own affair.
      ["http://inside.example/a", "http://localhost/b", "http://localhost/b"],
      ["http://127.0.0.1:8080/a", "http://10.0.0.1/b", "http://10.0.0.1/b"],
    ] as const
  ) assertEquals(await follow(from, { [from]: to }), end);
  // Who is asked over HTTP promises nothing, whatever lies on the way.
  const there = { "http://public.example/a": "https://other.example/b" };
  const back = { ...there, "https://other.example/b": "http://public.example/c" };
  assertEquals(await follow("http://public.example/a", back), "http://public.example/c");
  const url = "http://public.example/a";
  assertEquals(await follow(url, { [url]: "/b" }, { redirects: false }), "Unauthorized redirect");
  assertEquals(await follow(url, {}, { redirects: false }), url);
});

Deno.test("followRedirects() is led from no public host to a private address", async () => {
  for (
    const target of [
      ...["http://127.0.0.1/", "http://localhost:3390/api", "http://inside.example/"],
      ...["http://both.example/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/"],
      ...["http://[fe80::1]/", "http://2130706433/", "http://0x7f.1/", "http://017700000001/"],
      ...["http://[::ffff:10.0.0.1]/", "http://192.168.1.1:8080/", "https://10.1.2.3/"],
    ]
  ) {
    for (
      const from of ["http://public.example/a", "http://192.0.2.1/a", "http://[2001:db8::1]/a"]
    ) {
      const places = { [from]: "http://other.example/b", "http://other.example/b": target };
      assertEquals(await follow(from, places), "Redirects to a private address", target);
    }
  }
  const url = "http://public.example/a";
  const unknown = { [url]: "http://nowhere.example/" };
  assertEquals(await follow(url, unknown), "Not known");
  // The proxy may know.
  assertEquals(await follow(url, unknown, { proxied: true }), "http://nowhere.example/");
});

Deno.test("followRedirects() is led from HTTPS to no HTTP", async () => {
  const url = "https://public.example/a";
  const places = { [url]: "https://other.example/b", "https://other.example/b": "http://x/" };
  assertEquals(await follow(url, places), "Redirects to HTTP");
  const own = { [url]: "http://public.example/a" };
  assertEquals(await follow(url, own), "Redirects to HTTP");
});

Deno.test("followRedirects() ends with the signal, also while it looks a name up", async () => {
  const stop = new AbortController();
  const followed = followRedirects("http://public.example/a", { signal: stop.signal }, {
    redirects: true,
    resolve: () => {
      stop.abort(new Error("Enough"));
      return new Promise(() => {});
    },
    fetch: () => Promise.resolve(Response.redirect("http://other.example/")),
  });
  await assertRejects(() => followed, Error, "Enough");
});

Deno.test("followRedirects() says whether it was a redirect that failed", async () => {
  const rule = (location: string): RedirectRule => ({
    redirects: true,
    resolve: () => Promise.resolve([]),
    fetch: () => Promise.resolve(new Response(null, { status: 301, headers: { location } })),
  });
  await assertRejects(
    () => followRedirects("https://public.example/", {}, rule("http://public.example/")),
    RedirectError,
  );
  for (const location of ["file:///etc/passwd", "/again"]) {
    const error = await assertRejects(() =>
      followRedirects("http://public.example/", {}, rule(location))
    );
    assertEquals(error instanceof RedirectError, false);
  }
});

Deno.test("followRedirects() follows ten redirects, and gives up at the next", async () => {
  const chain = (length: number): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length }, (_, i) => [`http://public.example/${i}`, `/${i + 1}`]),
    );
  assertEquals(await follow("http://public.example/0", chain(10)), "http://public.example/10");
  assertEquals(await follow("http://public.example/0", chain(11)), "Redirects without end");
});
