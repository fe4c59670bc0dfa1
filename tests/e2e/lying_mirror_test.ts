import { assert, assertEquals } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { writeFile } from "./sample.ts";

const MODIFIED = Date.UTC(2026, 0, 2, 3, 4, 5);
const PATHS = Array.from({ length: 40 }, (_, n) => `/pool/${n % 4}/file-${n}.deb`).concat(
  "/README",
);

/** A file as a mirror has it. */
interface Served {
  size: number;
}

/** A mirror with listings in nginx's HTML, that can be told to lie. */
class LyingMirror implements AsyncDisposable {
  readonly files = new Map<string, Served>(PATHS.map((path) => [path, { size: path.length }]));
  /** What is answered instead; `null`: the truth. */
  lie: (request: Request, path: string) => Response | null = () => null;
  requests = 0;
  readonly #server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => this.#answer(request),
  );

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  #answer(request: Request): Response {
    this.requests++;
    const path = decodeURIComponent(new URL(request.url).pathname);
    return this.lie(request, path) ?? this.truth(request, path);
  }

  truth(request: Request, path: string): Response {
    const file = this.files.get(path);
    if (file !== undefined) {
      const headers = {
        "content-length": `${file.size}`,
        "last-modified": new Date(MODIFIED).toUTCString(),
      };
      return new Response(request.method === "HEAD" ? null : "x".repeat(file.size), { headers });
    }
    const children = new Map<string, Served | null>();
    for (const [one, file] of this.files) {
      if (!one.startsWith(path)) continue;
      const [name, ...rest] = one.slice(path.length).split("/");
      children.set(name!, rest.length === 0 ? file : null);
    }
    if (!path.endsWith("/") || children.size === 0) return new Response("", { status: 404 });
    const rows = [...children].map(([name, file]) =>
      file === null
        ? `<a href="${name}/">${name}/</a>   02-Jan-2026 03:04   -\n`
        : `<a href="${name}">${name}</a>   02-Jan-2026 03:04   ${file.size}\n`
    );
    return page(
      `<html><h1>Index of ${path}</h1><hr><pre><a href="../">../</a>\n${
        rows.join("")
      }</pre><hr></html>`,
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.shutdown();
  }
}

function page(body: string): Response {
  return new Response(body, { headers: { "content-type": "text/html" } });
}

const LOGIN = "<html><title>Log in</title><form action='/login'><input name='user'></form></html>";
const CAPTCHA = "<html><title>Are you human?</title><script src='/challenge.js'></script></html>";

Deno.test("a mirror that lies gets nothing recorded that it does not have", async () => {
  await using directory = await tempDir();
  const repository = `${directory.path}/repository`;
  for (const path of PATHS) {
    await writeFile(repository, path, { size: path.length, modified: MODIFIED });
  }
  await using other = new LyingMirror();
  const elsewhere = other.url.replace("127.0.0.1", "localhost").slice(0, -1);
  await using daemon = new Daemon({
    directory: directory.path,
    config: { Repository: repository, CheckInterval: 0, HTTPScanRate: 200, ScanInterval: 0 },
  });
  await daemon.start();
  await daemon.ok("refresh");
  let count = 0;
  const scan = async (mirror: LyingMirror, name?: string): Promise<string> => {
    const known = name ?? `lying-${++count}`;
    if (name === undefined) await daemon.ok("add", "-http", mirror.url, known);
    const { stdout, stderr } = await daemon.cli("scan", "-full", known);
    return (stdout + stderr).replaceAll(/\s+/g, " ");
  };
  const all = `${PATHS.length} files indexed, ${PATHS.length} known and 0 removed`;
  const served = async (path: string): Promise<string> =>
    (await daemon.get(`${path}?mirrorlist`, { accept: "application/json" })).text();

  const cases: readonly (readonly [string, LyingMirror["lie"], string])[] = [
    ["the truth", () => null, all],
    ["a page for all that is not there", (_, path) => {
      return truth.files.has(path) || path.endsWith("/") ? null : page(LOGIN);
    }, all],
    ["a login for everything", () => page(LOGIN), "0 files indexed, 0 known"],
    [
      "a captcha from the fifth request on",
      () => truth.requests > 5 ? page(CAPTCHA) : null,
      "The scan ended early: It says yes to everything all of a sudden",
    ],
    [
      "pages that break off",
      (_, path) =>
        path === "/pool/2/"
          ? page("<html><h1>Index of /</h1><hr><pre><a href='../'>../</a>")
          : null,
      '31 files indexed, 31 known and 0 removed ∟ Warning: Cannot read "/pool/2/": The page broke off',
    ],
    [
      "too many requests, for a while",
      () =>
        truth.requests % 5 === 0
          ? new Response("", { status: 429, headers: { "retry-after": "1" } })
          : null,
      all,
    ],
    [
      "too many requests, for long",
      () => new Response("", { status: 429, headers: { "retry-after": "86400" } }),
      "The server asks to wait (status code 429)",
    ],
    [
      "redirects of everything to another host, which is taken for the mirror's",
      (_, path) => Response.redirect(elsewhere + encodeURI(path)),
      all,
    ],
    [
      "redirects of a directory to another mirror",
      (_, path) => path === "/pool/1/" ? Response.redirect(elsewhere + path) : null,
      '31 files indexed, 31 known and 0 removed ∟ Warning: Cannot read "/pool/1/": It redirects elsewhere',
    ],
    ["errors for everything", () => new Response("", { status: 500 }), "Got status code 500"],
    ["no permission", () => new Response("", { status: 403 }), "Got status code 403"],
  ];
  let truth: LyingMirror;
  for (const [what, lie, expected] of cases) {
    await using mirror = new LyingMirror();
    truth = mirror;
    mirror.lie = lie;
    const told = await scan(mirror);
    assert(told.includes(expected), `${what}: ${told}`);
    if (expected !== all || what === "the truth") continue;
    assertEquals((await served("/pool/1/file-5.deb")).includes(mirror.url), true, what);
  }

  // Other contents at half of its names, and later the other way round.
  await using mirror = new LyingMirror();
  for (const [at, path] of PATHS.entries()) if (at % 2) mirror.files.get(path)!.size = 3;
  const told = await scan(mirror, undefined);
  assert(told.includes(`${PATHS.length} files indexed, ${PATHS.length} known`), told);
  const name = `lying-${count}`;
  await daemon.ok("enable", name);
  await waitFor(async () => (await served(PATHS[1]!)).includes("File size mismatch"), {
    what: "the mirror to be up, with another file",
  });
  for (const [at, path] of PATHS.entries()) {
    if (at % 2) mirror.files.get(path)!.size = path.length;
    else if (at % 4 === 0) mirror.files.delete(path);
  }
  const again = await scan(mirror, name);
  assert(again.includes("30 files indexed, 30 known and 11 removed"), again);
  await waitFor(async () => (await daemon.get(PATHS[1]!)).status === 302, {
    what: "the mirror to serve what it has got",
  });
});
