import { assertEquals } from "@std/assert";
import { accepts, acceptsEncodings } from "@std/http/negotiation";

/** What Firefox sends when somebody follows a link. */
const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8";

function request(headers: Record<string, string>): Pick<Request, "headers"> {
  return { headers: new Headers(headers) };
}

Deno.test("accepts() takes what the client likes best, or nothing", () => {
  const cases: [accept: string | null, types: string[], best: string | undefined][] = [
    [null, ["text/html", "application/json"], "text/html"],
    ["*/*", ["text/html", "application/json"], "text/html"],
    ["application/json", ["text/html", "application/json"], "application/json"],
    ["application/json;q=0.5, text/html", ["application/json", "text/html"], "text/html"],
    ["application/metalink4+xml", ["text/html", "application/json"], undefined],
    ["application/json;q=0", ["application/json"], undefined],
    [BROWSER, ["application/json", "text/html"], "text/html"],
  ];
  for (const [accept, types, best] of cases) {
    const asked = request(accept === null ? {} : { Accept: accept });
    assertEquals(accepts(asked, ...types), best, `${accept}`);
  }
});

Deno.test("accepts() lists what the client names, the best first", () => {
  assertEquals(accepts(request({ Accept: "a/b;q=0.1, c/d" })), ["c/d", "a/b"]);
  assertEquals(accepts(request({})), ["*/*"]);
});

Deno.test("acceptsEncodings() takes what the client likes best, or nothing", () => {
  const cases: [accept: string, best: string | undefined][] = [
    ["gzip, deflate, br", "br"],
    ["gzip", "gzip"],
    ["br;q=0.5, gzip", "gzip"],
    ["br;q=0, gzip;q=0, identity;q=0", undefined],
    ["zstd", "identity"],
    ["*", "br"],
  ];
  for (const [accept, best] of cases) {
    const asked = request({ "Accept-Encoding": accept });
    assertEquals(acceptsEncodings(asked, "br", "gzip", "identity"), best, accept);
  }
  assertEquals(acceptsEncodings(request({ "Accept-Encoding": "br, gzip;q=0.5" })), [
    "br",
    "gzip",
    "identity",
  ]);
});
