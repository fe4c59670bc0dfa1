import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { encodePath } from "../../../lib/catalog/encode_path.ts";
import type { Answer } from "../../../lib/http/render/answer.ts";
import { renderRedirect } from "../../../lib/http/render/redirect.ts";
import { redirectTexts } from "../../../lib/http/render/redirect_texts.ts";
import { Redirects } from "../../../lib/http/render/redirects.ts";
import { respond, type RespondOptions } from "../../../lib/http/render/respond.ts";
import { Wishes } from "../../../lib/http/request/wishes.ts";
import { mirrorRecord } from "../../selection/fixtures.ts";
import { indexedFile } from "../fixtures.ts";

const PLAIN: RespondOptions = { program: "Mirrorbits/1.2.3", gzip: false };
const GZIP: RespondOptions = { ...PLAIN, gzip: true };
const LONG = "mirror ".repeat(200);

const ANSWER: Answer = {
  status: 200,
  headers: [["Cache-Control", "no-cache"], ["Vary", "Accept"], ["Content-Type", "text/plain"]],
  body: LONG,
  tagged: false,
  compressible: true,
};

function wishes(headers: Record<string, string> = {}, method = "GET"): Wishes {
  return new Wishes({ method, headers: new Headers(headers) });
}

/** Status and headers, in alphabetical order. */
function headOf({ status, headers }: Response): [number, ...string[]] {
  return [status, ...Array.from(headers, ([name, value]) => `${name}: ${value}`)];
}

/** What goes over the wire, line by line; without the date. */
async function wire(method: string, response: () => Response | Promise<Response>): Promise<string> {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    response,
  );
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.addr.port });
  const request = `${method} / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  const text = await new Response(connection.readable).text();
  return text.replace(/^(?:date|connection):.*\r\n/gim, "");
}

Deno.test("respond() sends an answer with what belongs to its form, each header once", async (t) => {
  const common = ["cache-control: no-cache", "content-type: text/plain"];
  const tag = 'etag: W/"s9Tn92HFeX4tKTdLhM5s63"';
  const cases: readonly (readonly [string, RespondOptions, Partial<Answer>, Wishes, unknown[]])[] =
    [
      ["as it is", PLAIN, {}, wishes(), [
        200,
        common[0],
        "content-length: 1400",
        common[1],
        "server: Mirrorbits/1.2.3",
        "vary: Accept",
      ]],
      ["not compressed", PLAIN, {}, wishes({ "Accept-Encoding": "gzip" }), [
        200,
        "cache-control: no-cache, no-transform",
        "content-length: 1400",
        common[1],
        "server: Mirrorbits/1.2.3",
        "vary: Accept",
      ]],
      [
        "nothing to be compressed",
        GZIP,
        { compressible: false },
        wishes({ "Accept-Encoding": "br" }),
        [
          200,
          common[0],
          "content-length: 1400",
          common[1],
          "server: Mirrorbits/1.2.3",
          "vary: Accept",
        ],
      ],
      ["compressed", GZIP, {}, wishes({ "Accept-Encoding": "br" }), [
        200,
        common[0],
        "content-encoding: br",
        "content-length: 19",
        common[1],
        "server: Mirrorbits/1.2.3",
        "vary: Accept, Accept-Encoding",
      ]],
      ["tagged", GZIP, { tagged: true }, wishes({ "If-None-Match": '"x"' }), [
        200,
        common[0],
        "content-length: 1400",
        common[1],
        tag,
        "server: Mirrorbits/1.2.3",
        "vary: Accept, Accept-Encoding",
      ]],
      ["known already", GZIP, { tagged: true }, wishes({ "If-None-Match": tag.slice(6) }), [
        304,
        common[0],
        tag,
        "server: Mirrorbits/1.2.3",
        "vary: Accept, Accept-Encoding",
      ]],
      ["known already, not compressed", PLAIN, { tagged: true }, wishes({ "If-None-Match": "*" }), [
        304,
        common[0],
        tag,
        "server: Mirrorbits/1.2.3",
        "vary: Accept",
      ]],
      ["without a body", GZIP, { body: null, status: 302, tagged: true }, wishes(), [
        302,
        common[0],
        common[1],
        "server: Mirrorbits/1.2.3",
        "vary: Accept",
      ]],
    ];
  for (const [name, options, changes, asked, expected] of cases) {
    await t.step(name, async () => {
      const response = await respond(options, asked, { ...ANSWER, ...changes });
      assertEquals(headOf(response), expected);
      assertEquals(response.body === null, response.status !== 200);
      const head = new Wishes({ method: "HEAD", headers: asked.headers });
      const alike = await respond(options, head, { ...ANSWER, ...changes });
      assertEquals([headOf(alike), alike.body], [headOf(response), null]);
      await response.body?.cancel();
    });
  }
});

Deno.test("respond() sends text, bytes and streams, and HEAD tells their length", async () => {
  const bytes = new TextEncoder().encode("abc");
  let cancelled = 0;
  const stream = (): ReadableStream<Uint8Array<ArrayBuffer>> =>
    new ReadableStream({
      pull(controller) {
        controller.enqueue(bytes);
        controller.close();
      },
      cancel() {
        cancelled++;
      },
    }, { highWaterMark: 0 });
  const head = "HTTP/1.1 200 OK\r\nServer: Mirrorbits/1.2.3\r\nX: y\r\n";
  for (
    const [body, length, sent] of [
      [() => "abc", "Content-Length: 3\r\n", "abc"],
      [() => bytes, "Content-Length: 3\r\n", "abc"],
      [stream, "transfer-encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"],
    ] as const
  ) {
    for (const method of ["GET", "HEAD"]) {
      const text = await wire(
        method,
        () =>
          respond(GZIP, wishes({ "Accept-Encoding": "br" }, method), {
            ...ANSWER,
            headers: [["X", "y"]],
            body: body(),
            compressible: false,
          }),
      );
      const withLength = body === stream && method === "HEAD" ? "" : length;
      assertEquals(
        // Deno before 2.6 says so of whatever it might compress.
        text.toLowerCase().replace("vary: accept-encoding\r\n", ""),
        `${head}${withLength}\r\n${method === "HEAD" ? "" : sent}`.toLowerCase(),
      );
    }
  }
  assertEquals(cancelled, 1);
});

Deno.test("a header that would be split is refused, and the next request is answered", async () => {
  const split = "a\r\nSet-Cookie: b=c";
  const options = { ...PLAIN, program: split };
  assertThrows(() => respond(PLAIN, wishes(), { ...ANSWER, body: null, headers: [["X", split]] }));
  await assertRejects(async () => await respond(options, wishes(), { ...ANSWER, tagged: true }));
  const stops = [{ number: 0, mirror: mirrorRecord(1), url: "http://m1.example/" }];
  const redirect = (program: string) => new Redirects(program).to(indexedFile("/a"), stops);
  await using server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
    onError: () => new Response(null, { status: 500 }),
  }, ({ url }) => redirect(url.endsWith("/split") ? split : "Mirrorbits/1.2.3"));
  const statuses: number[] = [];
  for (const path of ["split", "good", "split", "good"]) {
    const url = `http://127.0.0.1:${server.addr.port}/${path}`;
    const response = await fetch(url, { redirect: "manual" });
    assertEquals(response.headers.get("Set-Cookie"), null);
    statuses.push(response.status);
    await response.body?.cancel();
  }
  assertEquals(statuses, [500, 302, 500, 302]);
});

Deno.test("a redirect is sent in its order, over and over", async () => {
  const stops = [1, 2, 3].map((id, number) => ({
    number,
    mirror: mirrorRecord(id, { countryCodes: ["DE"] }),
    url: `http://m${id}.example/`,
  }));
  const redirects = new Redirects("Mirrorbits/1.2.3");
  const file = indexedFile("/a b");
  for (let round = 0; round < 4; round++) {
    const sent = await wire("GET", () => redirects.to(file, stops));
    assertEquals(
      // Deno before 2.6 sends all names in lower case.
      sent.toLowerCase(),
      [
        "HTTP/1.1 302 Found",
        "Server: Mirrorbits/1.2.3",
        "Cache-Control: private, no-cache",
        "Content-Type: text/html; charset=utf-8",
        "Location: http://m1.example/a%20b",
        "Link: <http://m2.example/a%20b>; rel=duplicate; pri=1; geo=de",
        "Link: <http://m3.example/a%20b>; rel=duplicate; pri=2; geo=de",
        "content-length: 0",
        "\r\n",
      ].join("\r\n").toLowerCase(),
    );
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
    const { headers } = renderRedirect(encodePath(path), texts);
    for (const [name, value] of headers) {
      assertMatch(value, /^[\x20-\x7e]*$/, name);
      assertEquals(value, value.trim());
    }
    const names = headers.map(([name]) => name);
    assertEquals(names.filter((name) => name === "Link").length, all.length - 1);
    assertEquals(names.filter((name) => name === "Location").length, 1);
  }));
});
