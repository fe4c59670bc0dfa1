import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { publicCause } from "../../lib/catalog/down_cause.ts";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { checkHealth } from "../../lib/monitor/health_check.ts";
import { createMonitorHttpClient } from "../../lib/monitor/http_client.ts";
import { Authority, type IssuedCertificate } from "../support/authority.ts";
import { makeCertificate } from "../support/certificate.ts";
import { fakeFile, fakeMirror, FakeStore } from "../support/fake_store.ts";
import { freePort } from "../support/free_port.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";
import { assertFaces } from "./cause_faces.ts";

const ADDRESSES = ["127.0.0.1", "::1"];

interface Checked {
  readonly kind: string;
  readonly text: string;
  readonly address: string;
  readonly reason: string;
  readonly log: string;
  readonly words: string;
}

/** What a check of a mirror says. */
async function check(
  httpUrl: string,
  options: {
    certificates?: string[];
    connectTimeout?: number;
    disallowRedirects?: boolean;
    timeout?: number;
  } = {},
): Promise<Checked> {
  const { certificates = [], connectTimeout = 20_000, timeout } = options;
  const { disallowRedirects = false } = options;
  using client = createMonitorHttpClient({ clock: systemClock, certificates, connectTimeout });
  const store = new FakeStore(fakeMirror({ name: "one", httpUrl }));
  store.addFiles(fakeFile("/a", { size: 5 }));
  store.addCopies(1, { path: "/a", size: 5, modTime: 0 });
  const log = new MemoryLog();
  await checkHealth({
    clock: systemClock,
    mirror: store.records.get(1)!,
    store,
    fetch: client.fetch,
    resolve: (host) =>
      Deno.resolveDns(host, "A").catch(() => [host === "localhost" ? "127.0.0.1" : host]),
    config: { disallowRedirects, disableOnMissingFile: false },
    log,
    now: systemClock.now,
    random: () => 0,
    signal: new AbortController().signal,
    ...(timeout === undefined ? {} : { timeout }),
  });
  const record = store.records.get(1)!;
  const secure = httpUrl.startsWith("https:");
  const cause = secure ? record.httpsDownCause : record.httpDownCause;
  const reason = secure ? record.httpsDownReason : record.httpDownReason;
  if (cause === null) throw new Error(`no cause: ${reason} ${log.lines.join("\n")}`);
  assertEquals([cause.reason, cause.since], [reason, record.stateSince]);
  const { kind, text, address } = cause;
  const warning = log.lines.find((line) => line.startsWith("warn:")) ?? "";
  const words = publicCause(cause);
  const open = await assertFaces({
    mirror: record,
    events: store.log,
    ...{ reason, text, address, log: warning },
  });
  assertEquals(open, words);
  return { kind, text, address, reason, log: warning, words };
}

/** A server that does as told to each connection. */
function serve(
  hostname: string,
  talk: (connection: Deno.Conn) => Promise<void>,
  certificate?: IssuedCertificate,
): AsyncDisposable & { readonly port: number } {
  const listener = certificate
    ? Deno.listenTls({ hostname, port: 0, ...certificate })
    : Deno.listen({ hostname, port: 0 });
  const work: Promise<unknown>[] = [];
  const accepting = (async () => {
    for await (const connection of listener) {
      work.push(
        talk(connection).catch(() => {}).finally(() => {
          try {
            connection.close();
          } catch {
            // The other side was faster.
          }
        }),
      );
    }
  })().catch(() => {});
  return {
    port: (listener.addr as Deno.NetAddr).port,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.allSettled(work);
    },
  };
}

const say = (text: string) => async (connection: Deno.Conn): Promise<void> => {
  await connection.read(new Uint8Array(4096));
  await connection.write(new TextEncoder().encode(text));
};

const hostOf = (address: string): string => address.includes(":") ? `[${address}]` : address;

/** Until the other side goes. */
async function drain(connection: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(4096);
  while (await connection.read(buffer) !== null);
}

for (const address of ADDRESSES) {
  const host = hostOf(address);

  Deno.test(`causes over ${address}: connection refused`, async () => {
    const { log, ...cause } = await check(`http://${host}:${freePort()}/`);
    assertEquals(cause, {
      kind: "connect",
      text: "connection refused",
      address,
      reason: "Unreachable",
      words: "connection refused",
    });
    assertMatch(
      log,
      /^warn: Mirror one is down \(http\): Unreachable: connection refused \(\S+, \d+ ms\)$/,
    );
    assertStringIncludes(log, `(${address}, `);
  });

  Deno.test(`causes over ${address}: what is answered is no answer`, async (t) => {
    const answers: Record<string, (connection: Deno.Conn) => Promise<void>> = {
      "not HTTP": say("220 mail.example ESMTP\r\n"),
      "connection closed": async (connection) => void await connection.read(new Uint8Array(9999)),
      "headers too large": async (connection) => {
        await say("HTTP/1.1 200 OK\r\n")(connection);
        const line = new TextEncoder().encode(`X-Endless: ${"a".repeat(1000)}\r\n`);
        while (true) await connection.write(line);
      },
      "too many redirects": say("HTTP/1.1 302 Found\r\nLocation: /a\r\nConnection: close\r\n\r\n"),
      "no answer within 40 s": drain,
    };
    for (const [text, talk] of Object.entries(answers)) {
      await t.step(text, async () => {
        await using server = serve(address, talk);
        const timeout = talk === drain ? 200 : 40_000;
        const found = await check(`http://${host}:${server.port}/`, { timeout });
        assertEquals(
          [found.kind, found.text, found.address, found.reason],
          ["answer", text, address, "Unreachable"],
        );
      });
    }
  });

  Deno.test(`causes over ${address}: certificates`, async (t) => {
    await using authority = await Authority.found();
    const days = (count: number): string =>
      new Date(Date.now() + count * 86_400_000).toISOString().slice(0, 10);
    const cases: [string, Parameters<Authority["issue"]>[1], string][] = [
      ["expired", { from: "2020-01-01", until: days(-2) }, "certificate expired 2 days ago"],
      ["future", { from: days(3), until: days(9) }, "certificate not yet valid"],
      ["wrong", { names: "DNS:other.example" }, "certificate is for other.example"],
      ["unknown", {}, "unknown authority"],
    ];
    for (const [name, wishes, text] of cases) {
      await t.step(text, async () => {
        const issued = await authority.issue(name, wishes);
        await using server = serve(address, drain, issued);
        const certificates = name === "unknown" ? [] : [authority.certificate];
        const url = `https://${host}:${server.port}/`;
        const found = await check(url, { certificates });
        assertEquals(
          [found.kind, found.text, found.address, found.reason],
          ["tls", text, address, "Unreachable"],
        );
        assertEquals(found.words.includes("other.example"), false);
      });
    }
    await t.step("the handshake fails", async () => {
      await using server = serve(address, say("HTTP/1.1 400 Bad Request\r\n\r\n"));
      const { kind, text, words } = await check(`https://${host}:${server.port}/`);
      assertEquals([kind, words], ["tls", "handshake failed"]);
      assertStringIncludes(text, "InvalidContentType");
    });
  });

  Deno.test(`causes over ${address}: TLS 1.1 only`, async () => {
    await using authority = await Authority.found();
    await using directory = await tempDir();
    const { cert, key } = await authority.issue("old");
    Deno.writeTextFileSync(`${directory.path}/both.pem`, cert + key);
    const port = freePort();
    await using server = new Deno.Command("openssl", {
      args: [
        ...["s_server", "-accept", `${host}:${port}`, "-cert", `${directory.path}/both.pem`],
        ...["-tls1_1", "-cipher", "ALL:@SECLEVEL=0", "-quiet"],
      ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    let found = await check(`https://${host}:${port}/`);
    for (let tries = 0; found.kind === "connect" && tries < 600; tries++) {
      await systemClock.delay(100);
      found = await check(`https://${host}:${port}/`);
    }
    server.kill();
    assertEquals(found.kind, "tls");
    assertStringIncludes(found.text, "handshake failed: ");
    assertStringIncludes(found.text, "ProtocolVersion");
  });

  Deno.test(`causes over ${address}: a black hole`, async () => {
    // An address for documentation; where a machine has no way there at all it says so.
    const nowhere = address === "::1" ? "2001:db8::7" : "192.0.2.7";
    const { kind, text, address: tried } = await check(`http://${hostOf(nowhere)}/`, {
      connectTimeout: 200,
    });
    assertEquals(kind, "connect");
    assertMatch(text, /^(not connected within 20 s|(network|host) unreachable)$/);
    assertEquals(tried, nowhere);
  });

  Deno.test(`causes over ${address}: a status says all itself`, async () => {
    await using server = serve(
      address,
      say("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n"),
    );
    const { log, ...found } = await check(`http://${host}:${server.port}/`);
    assertEquals(found, {
      kind: "status",
      text: "Got status code 403",
      address,
      reason: "Got status code 403",
      words: "Got status code 403",
    });
    assertMatch(log, /is down \(http\): Got status code 403 \(\S+, \d+ ms\)$/);
  });

  Deno.test(`causes over ${address}: a redirect where none is allowed`, async () => {
    const to = "https://elsewhere.example/a";
    await using server = serve(
      address,
      say(`HTTP/1.1 302 Found\r\nLocation: ${to}\r\nConnection: close\r\n\r\n`),
    );
    const url = `http://${host}:${server.port}/`;
    const found = await check(url, { disallowRedirects: true });
    assertEquals([found.text, found.words], [`redirected to ${to}`, "redirected"]);
  });
}

Deno.test("causes: a self-signed certificate that is an authority, too", async () => {
  await using directory = await tempDir();
  const issued = await makeCertificate(directory.path);
  await using server = serve("127.0.0.1", drain, issued);
  const { kind } = await check(`https://127.0.0.1:${server.port}/`);
  assertEquals(kind, "tls");
});

Deno.test("causes: a host that has no address", async () => {
  const { kind, text, address } = await check("http://no-such-host.invalid/");
  assertEquals([kind, text, address], ["dns", "host not found", ""]);
});

Deno.test("causes: a port that the runtime blocks", async () => {
  const { kind, text } = await check("http://127.0.0.1:9/");
  assertEquals(kind, "connect");
  // Deno before 2.6 blocks none.
  assertMatch(text, /^(port blocked by the runtime|connection refused)$/);
});
