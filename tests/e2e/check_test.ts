import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { freePort } from "../support/free_port.ts";
import { Stand } from "./clients/stand.ts";

const FILES = { "/a/large.iso": "x".repeat(5000), "/b": "small", "/c": "c" };

/** Answers as a good server does, but for what a test wants otherwise. */
function serve(
  tree: string,
  change: (path: string, headers: Headers, request: Request) => Response | null = () => null,
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const path = decodeURIComponent(new URL(request.url).pathname);
    const { size, mtime, isFile } = await Deno.stat(tree + path).catch(() => ({
      ...{ size: -1, mtime: null, isFile: false },
    }));
    const headers = new Headers();
    if (mtime !== null) headers.set("last-modified", mtime.toUTCString());
    const changed = change(path, headers, request);
    if (changed !== null) return changed;
    if (size < 0) return new Response(null, { status: 404 });
    if (!isFile) {
      return new Response("<a href=b>b</a>", { headers: { "content-type": "text/html" } });
    }
    if (request.headers.has("range")) {
      headers.set("content-range", `bytes 0-0/${size}`);
      return new Response("x", { status: 206, headers });
    }
    if (!headers.has("content-length")) headers.set("content-length", `${size}`);
    return new Response(request.method === "HEAD" ? null : await Deno.readFile(tree + path), {
      headers,
    });
  });
}

Deno.test("check tells what must be mended before a server can be a mirror", async (test) => {
  await using stand = await Stand.start(FILES, { IPFamilies: "prefer" });
  const { daemon, trees: [tree] } = stand;
  const check = async (url: string): Promise<{ code: number; text: string }> => {
    const { code, stdout, stderr } = await daemon.cli("check", url);
    return { code, text: stdout + stderr };
  };
  const checked = async (server: Deno.HttpServer<Deno.NetAddr>) => {
    await using _server = { [Symbol.asyncDispose]: () => server.shutdown() };
    return await check(`http://127.0.0.1:${server.addr.port}`);
  };

  await test.step("of one that has everything, its private address alone", async () => {
    const { code, text } = await checked(serve(tree));
    assertEquals(code, 1);
    assertEquals(
      text.replaceAll(/:\d+/g, ":PORT"),
      "http://127.0.0.1:PORT/\n" +
        "  mend    127.0.0.1 is private: clients elsewhere cannot reach it\n" +
        "  advice  No IPv6 address: clients that have nothing else get none\n" +
        "  ok      IPv4: 127.0.0.1 answers\n" +
        "  ok      3 files are there, with their sizes and times\n" +
        "  ok      Downloads can be resumed\n" +
        "  ok      It lists its directories: it can be scanned over HTTP\n" +
        "Mend that before it is added.\n",
    );
  });

  await test.step("sizes, times, parts and listings", async () => {
    const { text } = await checked(serve(tree, (path, headers, request) => {
      if (path === "/b") headers.set("content-length", "7");
      if (path === "/c") headers.set("last-modified", new Date(0).toUTCString());
      if (path === "/a/large.iso") headers.delete("last-modified");
      if (request.headers.has("range")) return new Response("all of it");
      return path === "/" ? new Response(null, { status: 403 }) : null;
    }));
    assertStringIncludes(
      text,
      "mend    1 of 3 files have another size, such as /b: 7 bytes in place of 5",
    );
    assertStringIncludes(
      text,
      "mend    1 of 3 files have another time, such as /c: 1970-01-01T00:00:00Z in",
    );
    assertStringIncludes(
      text,
      "advice  1 of 3 files come without a time (Last-Modified), such as /a/large.iso",
    );
    assertStringIncludes(text, "advice  It sends no parts of files");
    assertStringIncludes(text, "advice  It lists no directories");
  });

  await test.step("files that are not there, and redirects", async () => {
    const { text } = await checked(
      serve(
        tree,
        (path) =>
          path === "/b"
            ? new Response(null, { status: 404 })
            : path === "/c"
            ? new Response(null, { status: 302, headers: { location: "/loop" } })
            : path === "/loop"
            ? new Response(null, { status: 503 })
            : null,
      ),
    );
    assertStringIncludes(text, "advice  1 of 3 files are not there, such as /b\n");
    assertStringIncludes(text, "mend    1 of 3 files are answered with status 503, such as /c\n");
    const none = await checked(serve(tree, () => new Response(null, { status: 404 })));
    assertStringIncludes(
      none.text,
      "mend    None of 3 files is there: is it the directory that holds ",
    );
  });

  await test.step("nobody, no host, no address of HTTP", async () => {
    const nobody = await check(`http://127.0.0.1:${freePort()}/`);
    assertEquals(nobody.code, 1);
    assertStringIncludes(nobody.text, "mend    IPv4: 127.0.0.1: connection refused\n");
    assertStringIncludes(
      nobody.text,
      "mend    3 of 3 files could not be asked for (connection refused)",
    );
    const noHost = await check("https://nowhere.invalid/pub");
    assertMatch(noHost.text, /^https:\/\/nowhere\.invalid\/pub\/\n/);
    assertStringIncludes(
      noHost.text,
      "mend    nowhere.invalid: no address is known of that name\n",
    );
    const rsync = await check("rsync://mirror.example/pub/");
    assertEquals(rsync.code, 1);
    assertStringIncludes(rsync.text, "The HTTP URL has an invalid scheme");
    // Both schemes are tried, and each is named.
    const both = await check(`127.0.0.1:${freePort()}`);
    assertStringIncludes(both.text, "mend    http: IPv4: 127.0.0.1: connection refused\n");
    assertStringIncludes(both.text, "mend    https: IPv4: 127.0.0.1: connection refused\n");
    const json = JSON.parse(
      (await daemon.cli("check", "-json", "https://nowhere.invalid/")).stdout,
    );
    assertEquals([json.url, json.suitable], ["https://nowhere.invalid/", false]);
    assert(json.findings.length > 0);
  });
});
