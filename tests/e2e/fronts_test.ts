import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { makeCertificate } from "../support/certificate.ts";
import { Daemon } from "../support/daemon.ts";
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
        .map((name) => `${name}_temp_path ${directory}/${name} 1;`).join("\n")
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

/** Runs a front with what was printed for it, and does something once it answers. */
async function withFront(
  { word, adapt, command }: Front,
  text: string,
  directory: string,
  pem: string,
  use: (ports: Ports) => Promise<void>,
): Promise<void> {
  const ports = { http: freePort(), https: freePort() };
  const file = `${directory}/${word}.conf`;
  await Deno.writeTextFile(file, adapt(text, ports, directory, pem));
  await using program = run(command(file), directory);
  try {
    await waitFor(
      async () => (await ask(`http://localhost:${ports.http}/?healthz`)).status === 200,
      { what: `${word} to answer` },
    );
    await use(ports);
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw new Error(`${word}: ${error}\n${await program.said}`, { cause: error });
  }
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
    await Promise.all(FRONTS.map(async (front) => {
      const text = await print(front.word);
      await withFront(front, text, place.path, pem, (ports) => assertPassesOn(sample, ports));
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

Deno.test("fronts pass on what is sent from the repository, at the pace of who reads it", async (test) => {
  await using place = await tempDir("mirrorbits-fronts-");
  const repository = `${place.path}/the "repository"`;
  const size = 20_000_000;
  await Deno.mkdir(repository);
  await Deno.writeFile(`${repository}/large.iso`, new Uint8Array(size).fill(7));
  const { cert, key } = await makeCertificate(place.path);
  const pem = `${place.path}/both.pem`;
  await Deno.writeTextFile(pem, cert + key);
  const here = { Below: "1GB", MaxBytesPerSecond: "1GB" };
  await using daemon = new Daemon({
    directory: place.path,
    config: { Repository: repository, PublicURL: "https://localhost/", ServeLocally: here },
  });
  await daemon.start();
  await daemon.ok("refresh");
  const print = (word: string) =>
    daemon.cli("config", word, "-config", `${place.path}/mirrorbits.conf`);
  const fetchSlowly = async ({ http }: Ports): Promise<void> => {
    const slow = ["-m120", "--limit-rate", "10M", "-w%{size_download} %{http_code}"];
    const got = await ask(`http://localhost:${http}/large.iso`, ...slow);
    assertMatch(got.headers, new RegExp(`${size} 200$`));
  };
  const nginx = FRONTS.find(({ word }) => word === "nginx")!;

  await test.step("all of them", async () => {
    await Promise.all(FRONTS.map(async (front) => {
      const { stdout, stderr } = await print(front.word);
      assertEquals(stderr, "");
      await withFront(front, stdout, place.path, pem, fetchSlowly);
    }));
    // It makes directories there with the first file.
    assertEquals([...Deno.readDirSync(`${place.path}/proxy`)], []);
    // A file may take longer than any limit for an answer as a whole.
    assertEquals(/^ *write /m.test((await print("caddy")).stdout), false);
  });

  await test.step("nginx sends what it is told the name of", async () => {
    await reconfigure(daemon, {
      ServeLocally: { ...here, Accel: "X-Accel-Redirect /internal/" },
      TrustedProxies: ["127.0.0.1"],
    });
    const { stdout, stderr } = await print("nginx");
    assertEquals(stderr, "");
    await withFront(nginx, stdout, place.path, pem, async (ports) => {
      await fetchSlowly(ports);
      assertEquals((await ask(`http://localhost:${ports.http}/internal/large.iso`)).status, 404);
    });
    for (const word of ["haproxy", "caddy"]) {
      assertMatch((await print(word)).stderr, /^Warning: With "Accel: X-Accel-Redirect" /);
    }
    await reconfigure(daemon, { ServeLocally: { ...here, Accel: "X-Sendfile" } });
    const other = await print("nginx");
    assertMatch(other.stderr, /^Warning: With "Accel: X-Sendfile" /);
    assertEquals(other.stdout.includes("internal;"), false);
    await reconfigure(daemon, { ServeLocally: null });
    assertMatch((await print("caddy")).stdout, /^ *write 10m$/m);
  });
});

Deno.test("config nginx says what is in the way of a front", async () => {
  await using sample = await tempDir();
  const file = `${sample.path}/m.conf`;
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
  const own = await print("ServeLocally: {Below: 4kB, Accel: X-Accel-Redirect /}");
  assertMatch(own.stderr, /^Warning: With "Accel: X-Accel-Redirect \/" nginx .* \/internal\/\n$/);
  assertEquals(own.stdout.includes("internal;"), false);
});
