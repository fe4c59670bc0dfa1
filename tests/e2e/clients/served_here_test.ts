import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { freePort } from "../../support/free_port.ts";
import { ServerProcess } from "../../support/server_process.ts";
import { waitFor } from "../../support/wait_for.ts";
import { sampleBytes, Stand } from "./stand.ts";

const BIG = "/only/big file.iso";
const BIG_URL = "/only/big%20file.iso";

/** A stand whose source alone has a large file. */
async function start(here: Readonly<Record<string, unknown>>): Promise<Stand> {
  const stand = await Stand.start({ "/pool/both.iso": "x".repeat(5000), "/pool/a.asc": "sum" }, {
    ServeLocally: { LastResort: true, Patterns: ["*.asc"], ...here },
    LogDir: null,
  });
  await Deno.mkdir(`${stand.repository}/only`);
  await Deno.writeFile(stand.repository + BIG, sampleBytes(16_000_000));
  await stand.daemon.ok("refresh");
  return stand;
}

async function total(stand: Stand, target: string): Promise<number> {
  return (await (await stand.daemon.get(`${target}?stats`)).json()).Total;
}

Deno.test("clients get what no mirror has from here, byte for byte", async () => {
  await using stand = await start({});
  const url = stand.url(BIG_URL);
  await stand.ok("curl", "-sSf", "-o", "curl.iso", url);
  await stand.same("curl.iso", BIG);
  // Broken off, and gone on with.
  const source = await Deno.readFile(stand.repository + BIG);
  await Deno.writeFile(`${stand.home}/big file.iso`, source.slice(0, 1_234_567));
  assertStringIncludes(await stand.ok("wget", "-c", url), "206 Partial Content");
  await stand.same("big file.iso", BIG);
  await stand.ok("aria2c", "-q", "-x", "8", "-s", "8", "-k", "1M", "-o", "aria2.iso", url);
  await stand.same("aria2.iso", BIG);
  for (const [range, start, end] of [["0-0", 0, 1], ["100-99999", 100, 100_000]] as const) {
    await stand.ok("curl", "-sSf", "-r", range, "-o", "part", url);
    assertEquals(await Deno.readFile(`${stand.home}/part`), source.slice(start, end));
  }
  await stand.ok("curl", "-sSf", "-r", "-77", "-o", "part", url);
  assertEquals(await Deno.readFile(`${stand.home}/part`), source.slice(-77));
  const head = await stand.ok("curl", "-sSI", url);
  assertStringIncludes(head.toLowerCase(), "content-length: 16000000\r\n");
  assertEquals(stand.takeRequests(), { de: [], fr: [] });
  // Each client once, whatever parts it asks for.
  await waitFor(async () => await total(stand, BIG_URL) === 3, { what: "three downloads" });
});

Deno.test("signatures come from here, all else from mirrors, and a link out of it from nobody", async () => {
  await using stand = await start({});
  assertEquals(await stand.ok("curl", "-sSf", stand.url("/pool/a.asc")), "sum");
  assertEquals((await stand.daemon.get("/pool/both.iso")).status, 302);
  await Deno.writeTextFile(`${stand.home}/secret.asc`, "secret");
  await Deno.symlink(`${stand.home}/secret.asc`, `${stand.repository}/pool/link.asc`);
  await stand.daemon.ok("refresh");
  assertEquals((await stand.daemon.get("/pool/link.asc")).status, 403);
  const metrics = await stand.daemon.cli("stats", "file", "/pool/a.asc");
  assertEquals(metrics.code, 0);
});

Deno.test("a download goes on after the program was killed", async () => {
  await using stand = await start({ MaxBytesPerSecond: "10MB" });
  const { daemon } = stand;
  const download = stand.run("curl", "-sS", "-o", "big file.iso", stand.url(BIG_URL));
  await waitFor(async () => {
    const info = await Deno.stat(`${stand.home}/big file.iso`).catch(() => null);
    return (info?.size ?? 0) > 500_000;
  }, { what: "some of the file" });
  await daemon.stop("SIGKILL");
  assert((await download).code !== 0);
  await daemon.start();
  await waitFor(async () => (await daemon.get("/pool/both.iso")).status === 302, {
    what: "the program to answer again",
  });
  await stand.ok("wget", "-q", "-c", stand.url(BIG_URL));
  await stand.same("big file.iso", BIG);
});

Deno.test("a front sends the bytes where it is told to, and makes the parts itself", async () => {
  await using stand = await start({ Accel: "X-Accel-Redirect /internal/" });
  const port = freePort();
  const { home, repository, daemon } = stand;
  await Deno.writeTextFile(
    `${home}/nginx.conf`,
    `daemon off; pid ${home}/nginx.pid; error_log ${home}/error.log; worker_processes 1;
    ${Deno.uid() === 0 ? "user root;" : ""}
    events { worker_connections 64; }
    http {
      access_log off; client_body_temp_path ${home}/b; proxy_temp_path ${home}/p;
      fastcgi_temp_path ${home}/f; uwsgi_temp_path ${home}/u; scgi_temp_path ${home}/s;
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://${daemon.address};
          proxy_set_header Host $http_host;
          proxy_set_header X-Forwarded-For 192.0.2.7;
        }
        location /internal/ { internal; alias ${repository}/; }
      }
    }`,
  );
  const base = `http://127.0.0.1:${port}`;
  await using nginx = new ServerProcess(
    ["nginx", "-p", home, "-c", `${home}/nginx.conf`],
    async () => (await (await fetch(`${base}/?healthz`)).text()).startsWith("ok"),
  );
  await nginx.start();
  await stand.ok("aria2c", "-q", "-x", "8", "-s", "8", "-k", "1M", "-o", "x.iso", base + BIG_URL);
  await stand.same("x.iso", BIG);
  const source = await Deno.readFile(repository + BIG);
  const part = await fetch(base + BIG_URL, { headers: { Range: "bytes=5-9" } });
  assertEquals([part.status, await part.bytes()], [206, source.slice(5, 10)]);
  // The same tag as from here, so that a download may change places.
  const own = await fetch(stand.url(BIG_URL), { method: "HEAD" });
  assertEquals(own.headers.get("X-Accel-Redirect"), `/internal${BIG_URL}`);
  const bare = await start({});
  await using _bare = bare;
  await Deno.utime(bare.repository + BIG, 1_764_331_200, 1_764_331_200);
  await Deno.utime(repository + BIG, 1_764_331_200, 1_764_331_200);
  const [there, here] = await Promise.all([
    fetch(base + BIG_URL, { method: "HEAD" }),
    fetch(bare.url(BIG_URL), { method: "HEAD" }),
  ]);
  for (const name of ["ETag", "Last-Modified", "Content-Type", "Content-Length", "Accept-Ranges"]) {
    assertEquals([name, there.headers.get(name)], [name, here.headers.get(name)]);
  }
  const again = { headers: { "If-None-Match": there.headers.get("ETag")! } };
  assertEquals((await fetch(base + BIG_URL, again)).status, 304);
});
