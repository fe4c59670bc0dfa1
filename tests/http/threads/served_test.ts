import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { tempDir } from "../../support/temp_dir.ts";
import { Site } from "../fixtures.ts";

const FROM_SWEDEN = "X-Forwarded-For: 89.160.20.112\r\n";

/** Sends bytes as they are and reads until the server closes the connection. */
async function exchange(
  address: { readonly port: number } | { readonly path: string },
  request: string,
): Promise<string> {
  using connection = "path" in address
    ? await Deno.connect({ transport: "unix", path: address.path })
    : await Deno.connect({ hostname: "127.0.0.1", port: address.port });
  await connection.write(new TextEncoder().encode(request));
  return await new Response(connection.readable).text();
}

/** Serves a site on a free port, or a Unix socket. */
function serve(
  options: { readonly port: 0; readonly hostname: string } | { readonly path: string },
): Deno.HttpServer<Deno.NetAddr> {
  const { handler } = new Site().side;
  return Deno.serve({ ...options, onListen: () => {} } as Deno.ServeTcpOptions, handler);
}

Deno.test("the served handler sends each alternative as a Link header of its own", async () => {
  await using server = serve({ port: 0, hostname: "127.0.0.1" });
  const answer = await exchange(
    server.addr,
    `GET /pool/file.iso HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${FROM_SWEDEN}\r\n`,
  );
  const lines = answer.toLowerCase().split("\r\n");
  assertEquals(lines[0], "http/1.1 302 found");
  assertEquals(lines.filter((line) => line.startsWith("link: ")).length, 3);
  assertEquals(lines.filter((line) => line.startsWith("server: ")), ["server: mirrorbits/1.2.3"]);
  assertStringIncludes(answer.toLowerCase(), "content-length: 0\r\n");
});

Deno.test("the served handler serves HTTP/1.0 without a Host", async () => {
  await using server = serve({ port: 0, hostname: "127.0.0.1" });
  const answer = await exchange(server.addr, "GET /pool/file.iso HTTP/1.0\r\n\r\n");
  assertMatch(answer, /^HTTP\/1\.[01] 302 /);
});

Deno.test("the served handler sees paths as they were sent", async () => {
  await using server = serve({ port: 0, hostname: "127.0.0.1" });
  const cases = [["/../x", "/x"], ["//evil.example/x", "/evil.example/x"], [
    "/%2e%2e/x?a=%2e",
    "/x?a=%2e",
  ]];
  for (const [target, location] of cases) {
    const answer = await exchange(
      server.addr,
      `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    );
    assertMatch(answer, /^HTTP\/1\.1 301 /);
    assertEquals(/^location: (.*)\r$/im.exec(answer)?.[1], location);
  }
});

Deno.test("the served handler serves a Unix socket, with and without X-Forwarded-For", async () => {
  await using directory = await tempDir();
  await using server = serve({ path: `${directory.path}/http.sock` });
  for (const header of ["", FROM_SWEDEN]) {
    const answer = await exchange(
      server.addr,
      `GET /pool/file.iso HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${header}\r\n`,
    );
    assertMatch(answer, /^HTTP\/1\.1 302 /);
  }
});
