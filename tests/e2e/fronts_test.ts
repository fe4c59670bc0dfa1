import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { makeCertificate } from "../support/certificate.ts";
import { freePort } from "../support/free_port.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { reconfigure } from "./steady_load.ts";
import { Sample } from "./sample.ts";

const FILE = "/README.txt";

/** A client of this machine that stands in Japan, by GeoOverrides. */
const JAPANESE = "127.0.0.2";

/** The ports that a front listens on in the tests. */
interface Ports {
  readonly http: number;
  readonly https: number;
}

/** A program that is a front, and what its configuration needs to run on free ports as any user. */
interface Front {
  readonly word: "nginx" | "caddy" | "haproxy";
  /** Adapts what is printed. @param pem file of certificate and key */
  readonly adapt: (text: string, ports: Ports, directory: string, pem: string) => string;
  /** Command that runs it in the foreground with a file. */
  readonly command: (file: string) => readonly [string, ...string[]];
}

/** Replaces a text that has to be there. */
function replaced(text: string, ...pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((sum, [from, to]) => {
    assertStringIncludes(sum, from);
    return sum.replaceAll(from, to);
  }, text);
}

const LETSENCRYPT = "/etc/letsencrypt/live/localhost";

const FRONTS: readonly Front[] = [
  {
    word: "nginx",
    adapt: (text, { http, https }, directory) => `
daemon off;
${Deno.uid() === 0 ? "user root;" : ""}
worker_processes 1;
pid ${directory}/nginx.pid;
error_log stderr;
events { worker_connections 64; }
http {
    access_log off;
    ${
      ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map((name) => `${name}_temp_path ${directory}/${name};`).join("\n")
    }
${
      replaced(
        text,
        ["listen 80;", `listen 127.0.0.1:${http};`],
        ["    listen [::]:80;\n", ""],
        ["listen 443 ssl;", `listen 127.0.0.1:${https} ssl;`],
        ["    listen [::]:443 ssl;\n", ""],
        [`${LETSENCRYPT}/fullchain.pem`, `${directory}/cert.pem`],
        [`${LETSENCRYPT}/privkey.pem`, `${directory}/key.pem`],
      )
    }
}`,
    command: (file) => ["nginx", "-e", "stderr", "-c", file],
  },
  {
    word: "haproxy",
    adapt: (text, { http, https }, _directory, pem) =>
      replaced(
        text,
        ["bind :::80 v4v6", `bind 127.0.0.1:${http}`],
        ["bind :::443 v4v6", `bind 127.0.0.1:${https}`],
        ["/etc/haproxy/certs/localhost.pem", pem],
      ),
    command: (file) => ["haproxy", "-db", "-f", file],
  },
  {
    word: "caddy",
    adapt: (text, { http, https }, directory) =>
      replaced(
        text,
        [
          "\n{\n",
          `\n{
    admin off
    storage file_system ${directory}/caddy
    http_port ${http}
    https_port ${https}
`,
        ],
        ["http://localhost {", "http://localhost {\n    bind 127.0.0.1"],
        [
          "https://localhost {",
          `https://localhost {
    bind 127.0.0.1
    tls ${directory}/cert.pem ${directory}/key.pem`,
        ],
      ),
    command: (file) => ["caddy", "run", "--adapter", "caddyfile", "--config", file],
  },
];

/** What curl got: status, and the headers in lower case. */
async function ask(url: string, ...args: string[]): Promise<{ status: number; headers: string }> {
  const { stdout } = await new Deno.Command("curl", {
    args: ["-sk", "-m30", "-o/dev/null", "-D-", "-w%{http_code}", ...args, url],
    env: { no_proxy: "*" },
  }).output();
  const text = new TextDecoder().decode(stdout);
  return { status: Number(text.slice(-3)), headers: text };
}

/** Runs a program until it is disposed of. */
function run([program, ...args]: readonly [string, ...string[]], directory: string) {
  const child = new Deno.Command(program, {
    args,
    env: { HOME: directory, XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const said = new Response(child.stderr).text();
  return {
    said,
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGTERM");
      } catch {
        // It ended by itself.
      }
      await child.status;
      await said;
    },
  };
}

/** Whether a server closes a connection on which a request never ends. */
async function givesUp(port: number): Promise<boolean> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: localhost\r\n"));
  const bytes = new Uint8Array(1000);
  for (;;) {
    const count = await connection.read(bytes).catch(() => null);
    if (count === null) return true;
  }
}

/** What is wrong with how a front passes requests on, one line each. */
async function assertPassesOn(sample: Sample, { http, https }: Ports): Promise<void> {
  const plain = `http://localhost:${http}`;
  const secure = `https://localhost:${https}`;
  const { nl, jp } = sample.servers;
  const to = (url: string): RegExp => new RegExp(`^location: ${url}README.txt\r$`, "im");
  const near = await ask(plain + FILE, "--interface", JAPANESE);
  assertEquals(near.status, 302, near.headers);
  assertMatch(near.headers, to(jp.url));
  // Nobody says of himself where he is.
  const forged = await ask(
    ...[plain + FILE, "--interface", JAPANESE, "-HX-Forwarded-For: 193.0.6.139"] as const,
    ...["-HX-Forwarded-Proto: https", "-HX-Real-IP: 193.0.6.139"],
  );
  assertMatch(forged.headers, to(jp.url));
  assertMatch((await ask(plain + FILE, "--interface", "127.0.0.3")).headers, to(nl.url));
  // By HTTPS to mirrors with HTTPS, of which there are none.
  const safe = await ask(secure + FILE, "--interface", JAPANESE);
  assertEquals(safe.status, 302, safe.headers);
  assertMatch(safe.headers, /^location: https:\/\/fallback\.example\/README\.txt\r$/im);
  // What is awkward arrives as it was asked for.
  for (const name of ["with%20space.txt", "100%25.txt", "percent%2541.txt", "plus+plus.txt"]) {
    assertEquals((await ask(`${plain}/odd/${name}`)).status, 302, name);
  }
  assertEquals((await ask(`${plain}/?healthz`)).status, 200);
  assertEquals((await ask(`${plain}/none`)).status, 404);
  assertEquals(await givesUp(http), true);
}

Deno.test("config nginx, haproxy and caddy print fronts that work", async (test) => {
  await using sample = await Sample.start("embedded", {
    TrustedProxies: ["127.0.0.1"],
    PublicURL: "https://localhost/",
    GeoOverrides: [
      { Network: "127.0.0.2/32", Country: "JP", Latitude: 36, Longitude: 138 },
      { Network: "127.0.0.3/32", Country: "NL", Latitude: 52.1, Longitude: 5.3 },
    ],
    Fallbacks: [{ URL: "https://fallback.example/", CountryCode: "", ContinentCode: "" }],
  });
  const { daemon, directory } = sample;
  await using place = await tempDir("mirrorbits-fronts-");
  const { cert, key } = await makeCertificate(place.path);
  const pem = `${place.path}/both.pem`;
  await Deno.writeTextFile(pem, cert + key);
  const print = async (word: string): Promise<string> =>
    await daemon.ok("config", word, "-config", `${directory}/mirrorbits.conf`);

  async function tryFronts(): Promise<void> {
    await Promise.all(FRONTS.map(async ({ word, adapt, command }) => {
      const ports = { http: freePort(), https: freePort() };
      const file = `${place.path}/${word}.conf`;
      await Deno.writeTextFile(file, adapt(await print(word), ports, place.path, pem));
      await using program = run(command(file), place.path);
      try {
        await waitFor(
          async () => (await ask(`http://localhost:${ports.http}/?healthz`)).status === 200,
          { what: `${word} to answer` },
        );
        await assertPassesOn(sample, ports);
      } catch (error) {
        await program[Symbol.asyncDispose]();
        throw new Error(`${word}: ${error}\n${await program.said}`, { cause: error });
      }
    }));
  }

  await test.step("over TCP", tryFronts);

  await test.step("over a Unix socket, with a header of its own", async () => {
    await reconfigure(daemon, {
      ListenAddress: `unix:${directory}/http.sock`,
      ForwardedHeader: "X-Real-IP",
    });
    assertStringIncludes(await print("nginx"), `server unix:${directory}/http.sock;`);
    await tryFronts();
  });
});

Deno.test("config nginx says what is in the way of a front", async () => {
  await using sample = await tempDir();
  const file = `${sample.path}/m.conf`;
  const { Daemon } = await import("../support/daemon.ts");
  const daemon = new Daemon({ directory: sample.path, config: {} });
  const print = async (config: string) => {
    await Deno.writeTextFile(file, `Repository: /srv\n${config}`);
    return await daemon.cli("config", "nginx", "-config", file);
  };
  const refused = await print("ForwardedHeader: Forwarded");
  assertEquals([refused.code, refused.stdout], [1, ""]);
  assertMatch(refused.stderr, /^error: Not every front .*\nhint: Set ForwardedHeader to X-Forw/);
  const warned = await print("TrustedProxies: [192.0.2.0/24]");
  assertEquals(warned.code, 0);
  assertMatch(warned.stderr, /^Warning: TrustedProxies does not name 127\.0\.0\.1/);
  assertStringIncludes(warned.stdout, "server 127.0.0.1:8080;");
  assertStringIncludes(warned.stdout, "server_name mirrors.example.org;");
  const elsewhere = await print('ListenAddress: "[::1]:81"\nTrustedProxies: all');
  assertEquals(elsewhere.stderr, "");
  assertStringIncludes(elsewhere.stdout, "server [::1]:81;");
});
