import { assertEquals, assertRejects } from "@std/assert";
import { pinnedFetch } from "../../lib/monitor/pinned_fetch.ts";
import { type Certificate, makeCertificate } from "../support/certificate.ts";
import { tempDir } from "../support/temp_dir.ts";

const DAY = 86_400_000;

function serve(
  { cert, key }: Certificate,
  handler: (request: Request) => Response | Promise<Response>,
): { readonly url: string } & AsyncDisposable {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {}, cert, key },
    handler,
  );
  return {
    url: `https://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

Deno.test("pinnedFetch() asks a server with the certificate that it was given", async () => {
  await using directory = await tempDir();
  const certificate = await makeCertificate(directory.path);
  await using server = serve(certificate, async (request) => {
    const { pathname, search } = new URL(request.url);
    if (pathname === "/long") return new Response("long".repeat(100_000));
    const said = `${request.method} ${pathname}${search} ${request.headers.get("user-agent")}`;
    await request.body?.cancel();
    return new Response(request.method === "HEAD" ? null : said, { headers: { "x-said": said } });
  });
  const headers = { "user-agent": "Test" };
  const trusted = [certificate.cert];
  const head = await pinnedFetch(
    `${server.url}/a%20b?c=d`,
    { method: "HEAD", headers },
    trusted,
    Date.now(),
  );
  assertEquals([head.status, head.headers.get("x-said")], [200, "HEAD /a%20b?c=d Test"]);
  assertEquals(await head.text(), "");
  const named = `${server.url.replace("127.0.0.1", "localhost")}/e`;
  const get = await pinnedFetch(named, { headers }, trusted, Date.now());
  assertEquals(await get.text(), "GET /e Test");
  const long = await pinnedFetch(`${server.url}/long`, {}, trusted, Date.now());
  assertEquals((await long.text()).length, 400_000);
  const unread = await pinnedFetch(`${server.url}/long`, {}, trusted, Date.now());
  await unread.body?.cancel();
});

Deno.test("pinnedFetch() refuses another certificate, one for another host, and an old one", async () => {
  await using directory = await tempDir();
  await Deno.mkdir(`${directory.path}/other`);
  const certificate = await makeCertificate(directory.path);
  const other = await makeCertificate(`${directory.path}/other`);
  let requests = 0;
  await using server = serve(certificate, () => {
    requests++;
    return new Response("yes");
  });
  const ask = (url: string, { cert }: Certificate, now: number): Promise<void> =>
    assertRejects(() => pinnedFetch(url, {}, [cert], now), Error) as unknown as Promise<void>;
  await ask(server.url, other, Date.now());
  await ask(server.url.replace("127.0.0.1", "127.0.0.2"), certificate, Date.now());
  await ask(server.url, certificate, Date.now() + 40 * DAY);
  await ask(server.url, certificate, Date.now() - DAY);
  assertEquals(requests, 0);
});

Deno.test("pinnedFetch() ends with the signal", async () => {
  await using directory = await tempDir();
  const certificate = await makeCertificate(directory.path);
  const { promise, resolve } = Promise.withResolvers<Response>();
  const asked = Promise.withResolvers<void>();
  await using server = serve(certificate, () => {
    asked.resolve();
    return promise;
  });
  const stop = new AbortController();
  const answer = pinnedFetch(
    server.url,
    { signal: stop.signal },
    [certificate.cert],
    Date.now(),
  );
  await asked.promise;
  stop.abort(new Error("Enough"));
  await assertRejects(() => answer, Error, "Enough");
  resolve(new Response("late"));
});
