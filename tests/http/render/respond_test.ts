import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { encodePath } from "../../../lib/catalog/encode_path.ts";
import { type Header, serverHeader } from "../../../lib/http/render/headers.ts";
import { redirectTexts } from "../../../lib/http/render/redirect_texts.ts";
import { renderRedirect } from "../../../lib/http/render/redirect.ts";
import { respond, respondChecked } from "../../../lib/http/render/respond.ts";
import { mirrorRecord } from "../../selection/fixtures.ts";

const SHARED: readonly Header[] = [["Server", "Mirrorbits/1.2.3"], ["Cache-Control", "no-cache"]];

Deno.test("respond() does the same as where the runtime checks every header", () => {
  const own: Header[] = [["Location", "http://m1.example/a"], ["Link", "<b>; x"], ["Link", "<c>"]];
  for (const make of [respond, respondChecked]) {
    for (const headers of [own, own.slice(0, 1), []]) {
      const response = make(302, SHARED, headers);
      const links = headers.slice(1).map(([, value]) => value).join(", ");
      assertEquals(response.status, 302);
      assertEquals(response.body, null);
      assertEquals([...response.headers], [
        ["cache-control", "no-cache"],
        ...(links === "" ? [] : [["link", links]]),
        ...(headers.length === 0 ? [] : [["location", "http://m1.example/a"]]),
        ["server", "Mirrorbits/1.2.3"],
      ]);
    }
  }
});

Deno.test("respond() keeps the headers of one response apart from those of the next", () => {
  for (const make of [respond, respondChecked]) {
    const first = make(302, SHARED, [["Location", "http://m1.example/"]]);
    const second = make(307, SHARED, [["Location", "http://m2.example/"]]);
    second.headers.append("Server", "other");
    assertEquals(first.headers.get("location"), "http://m1.example/");
    assertEquals(first.headers.get("server"), "Mirrorbits/1.2.3");
    assertEquals([first.status, second.status], [302, 307]);
  }
});

Deno.test("respond() sends what it is given, in its order, over and over", async () => {
  const own: Header[] = [["Location", "http://m1.example/a"], ["Link", "<b>"], ["Link", "<c>"]];
  for (const make of [respond, respondChecked]) {
    const response = make(302, SHARED, own);
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      () => response,
    );
    for (let round = 0; round < 2; round++) {
      using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.addr.port });
      const request = "GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n";
      await connection.write(new TextEncoder().encode(request));
      const text = await new Response(connection.readable).text();
      const lines = text.split("\r\n").map((line) =>
        line.replace(/^[^:]+/, (name) => name.toLowerCase())
      );
      const expected = [...SHARED, ...own].map(([name, value]) =>
        `${name.toLowerCase()}: ${value}`
      );
      assertEquals(lines.filter((line) => expected.includes(line)), expected);
    }
  }
});

Deno.test("renderRedirect() gives the runtime printable ASCII, whatever names and settings hold", () => {
  const text = fc.string({ unit: "binary" });
  const setting = fc.oneof(
    text,
    fc.webUrl(),
    fc.constantFrom("\r\nX: y", "\0", "é", "\ud800", " a "),
  );
  const mirrors = fc.array(fc.record({ url: setting, country: setting }), { minLength: 1 });
  fc.assert(fc.property(setting, mirrors, (path, all) => {
    const texts = all.map(({ url, country }) =>
      redirectTexts({ mirror: mirrorRecord(1, { countryCodes: [country] }), url })
    );
    const { headers } = renderRedirect(serverHeader("1.2.3"), encodePath(path), texts);
    let links = 0;
    for (const [name, value] of headers) {
      assertMatch(value, /^[\x20-\x7e]*$/, name);
      assertEquals(value, value.trim());
      if (name === "link") links = value.split("; rel=duplicate; ").length - 1;
    }
    assertEquals(links, all.length - 1);
    assert(headers.has("location"));
  }));
});
