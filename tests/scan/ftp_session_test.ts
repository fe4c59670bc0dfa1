import { systemClock } from "../../lib/daemon/system_clock.ts";
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { FtpLister } from "../../lib/scan/ftp_lister.ts";
import { FtpSession } from "../../lib/scan/ftp_session.ts";
import type { FtpSecurity, FtpUrl } from "../../lib/scan/ftp_url.ts";
import { ListingError } from "../../lib/scan/lister.ts";
import { makeCertificate } from "../support/certificate.ts";
import { startFtpSrv } from "../support/ftp_srv.ts";
import { FtpServer } from "../support/ftp_server.ts";
import { startPyftpdlib } from "../support/pyftpdlib.ts";
import { tempDir } from "../support/temp_dir.ts";
import { withPatience } from "../support/with_patience.ts";
import { collect } from "./listed_files.ts";

const TIME = 1_700_000_000_123;
const TIMEOUTS = { connect: 60_000, operation: 60_000 };
const forever = new AbortController().signal;

/**
 * Before Deno 2.6, sockets of node:net that are cut off leave attempts to connect and timers behind, which
 * end in a later test.
 */
const tidy = !/^2\.[0-5]\./.test(Deno.version.deno);
const SANITIZERS = { sanitizeOps: tidy, sanitizeResources: tidy };

async function repository(): Promise<{ path: string } & AsyncDisposable> {
  const root = await tempDir();
  await Deno.mkdir(`${root.path}/pool/a b`, { recursive: true });
  for (const path of ["ünï 100%.txt", "pool/a b/#file"]) {
    await Deno.writeTextFile(`${root.path}/${path}`, "12345");
    await Deno.utime(`${root.path}/${path}`, new Date(TIME), new Date(TIME));
  }
  return root;
}

const EXPECTED = [
  { path: "/pool/a b/#file", size: 5, modTime: TIME },
  { path: "/ünï 100%.txt", size: 5, modTime: TIME },
];

function url(port: number, security: FtpSecurity, host = "127.0.0.1"): FtpUrl {
  return { host, port, security, user: "anonymous", password: "x@y", path: "" };
}

Deno.test("FtpLister lists a server of another make", SANITIZERS, async () => {
  await using root = await repository();
  const login = { user: "lister", password: "se cret" };
  await using server = await startFtpSrv({ root: root.path, login });
  const lister = new FtpLister({ clock: systemClock });
  const listing = lister.list(`ftp://lister:se%20cret@127.0.0.1:${server.port}/`, forever);
  assertEquals(await collect(listing), EXPECTED);
  assertEquals(listing.precision(), 1);
  assertEquals(listing.warnings(), []);
  const wrong = `ftp://lister:wrong@127.0.0.1:${server.port}/`;
  await assertRejects(() => collect(lister.list(wrong, forever)), ListingError, "Cannot log in");
});

Deno.test(
  "FtpLister names the directory that a server of another make cannot read",
  SANITIZERS,
  async () => {
    await using root = await repository();
    await Deno.chmod(root.path, 0o755);
    await Deno.mkdir(`${root.path}/pool/secret`);
    // Whoever owns it, nobody may not.
    await Deno.chmod(`${root.path}/pool/secret`, Deno.uid() === 0 ? 0o700 : 0);
    try {
      for (const machineListings of [true, false]) {
        const options = { root: root.path, machineListings, unprivileged: true };
        await using server = await startPyftpdlib(options);
        const listing = new FtpLister({ clock: systemClock })
          .list(`ftp://127.0.0.1:${server.port}/`, forever);
        assertEquals((await collect(listing)).map(({ path }) => path), EXPECTED.map((f) => f.path));
        assertEquals(listing.unread?.(), ["/pool/secret"]);
        assertMatch(listing.warnings().join("\n"), /^Cannot list "\/pool\/secret": 550 .*denied/);
      }
    } finally {
      await Deno.chmod(`${root.path}/pool/secret`, 0o755);
    }
  },
);

Deno.test("FtpLister lists over TLS that the connection changes to", SANITIZERS, async () => {
  await using root = await repository();
  await using directory = await tempDir();
  const certificate = await makeCertificate(directory.path);
  await using server = await startPyftpdlib({
    root: root.path,
    tls: { mode: "explicit", certificate },
  });
  for (const host of ["127.0.0.1", "localhost"]) {
    const lister = new FtpLister({ clock: systemClock, certificates: [certificate.cert] });
    const listing = lister.list(`ftps://${host}:${server.port}/`, forever);
    const seconds = EXPECTED.map((file) => ({ ...file, modTime: file.modTime - 123 }));
    assertEquals(await collect(listing), seconds);
    assertEquals(listing.precision(), 1000);
    assertEquals(listing.warnings(), []);
  }
  const failure = async (url: string): Promise<string> => {
    const lister = new FtpLister({ clock: systemClock });
    return (await assertRejects(() => collect(lister.list(url, forever)), ListingError)).message;
  };
  const untrusted = await failure(`ftps://127.0.0.1:${server.port}/`);
  // Before Deno 2.6, the certificate is looked at a moment later.
  assertMatch(untrusted, /^FTP: Cannot (change to TLS|log in): .*certificate/);
  // The server insists on it, so that the listing above came over TLS.
  assertMatch(await failure(`ftp://127.0.0.1:${server.port}/`), /^FTP: Cannot log in: .*550 SSL/);
});

/** Lists over implicit TLS, and checks that a certificate that is not trusted is refused. */
async function speaksTls(port: number, certificate: string): Promise<void> {
  using session = await FtpSession.open(
    url(port, "implicit"),
    TIMEOUTS,
    [certificate],
    systemClock,
    forever,
  );
  const { lines } = await session.list("/pool");
  assertEquals([...lines].filter((line) => line.endsWith(" a b")).length, 1);
  assertEquals((await session.modTime("/pool/a b/#file"))!.time >= TIME - 123, true);
  const { message } = await assertRejects(
    () => FtpSession.open(url(port, "implicit"), TIMEOUTS, [], systemClock, forever),
    ListingError,
  );
  assertMatch(message, /^FTP: Cannot connect: /);
}

Deno.test("FtpSession speaks TLS from the start", SANITIZERS, async () => {
  await using root = await repository();
  await using directory = await tempDir();
  const certificate = await makeCertificate(directory.path);
  await using server = FtpServer.start({ root: root.path, tls: certificate });
  await speaksTls(server.port, certificate.cert);
});

Deno.test(
  "FtpSession speaks TLS from the start with a server of another make",
  SANITIZERS,
  async () => {
    await using root = await repository();
    await using directory = await tempDir();
    const certificate = await makeCertificate(directory.path);
    await using server = await startPyftpdlib({
      root: root.path,
      tls: { mode: "implicit", certificate },
    });
    await speaksTls(server.port, certificate.cert);
  },
);

Deno.test(
  "FtpLister gives up a server of another make that hangs, or dies half-way",
  SANITIZERS,
  async () => {
    await using root = await repository();
    for (let index = 0; index < 1500; index++) {
      await Deno.writeTextFile(`${root.path}/pool/${index}`, "");
    }
    for (
      const [signal, words] of [
        ["SIGSTOP", /the server does not answer$/],
        ["SIGKILL", /the server dropped the connection$|refuses connections$/],
      ] as const
    ) {
      const end = await withPatience(500, async (operation) => {
        await using server = await startPyftpdlib({ root: root.path, machineListings: false });
        const lister = new FtpLister({
          clock: systemClock,
          timeouts: { connect: 60_000, operation },
        });
        // Without MLSD each time is asked for: there are thousands of answers to come.
        const { files } = lister.list(`ftp://127.0.0.1:${server.port}/`, forever);
        let batches = 0;
        const { message } = await assertRejects(async () => {
          for await (const _ of files) if (batches++ === 0) Deno.kill(server.pid, signal);
        }, ListingError);
        return { message, batches };
      }, ({ batches }) => batches > 0);
      assertMatch(end.message, words);
      assertEquals(end.batches > 0 && end.batches < 4, true);
    }
  },
);

Deno.test(
  "FtpSession gives up a server that stops in the middle of a listing over TLS",
  SANITIZERS,
  async () => {
    await using root = await repository();
    await using directory = await tempDir();
    const certificate = await makeCertificate(directory.path);
    for (
      const [behaviour, words] of [
        [{ stalls: true }, /the server does not answer$/],
        [{ listing: () => 20 }, /the server dropped the connection$|connection/],
      ] as const
    ) {
      await using server = FtpServer.start({ root: root.path, tls: certificate, ...behaviour });
      const place = url(server.port, "implicit");
      const end = await withPatience(500, async (operation) => {
        const { message } = await assertRejects(async () => {
          const timeouts = { connect: 60_000, operation };
          using session = await FtpSession.open(
            place,
            timeouts,
            [certificate.cert],
            systemClock,
            forever,
          );
          await session.list("/");
        }, ListingError);
        return message;
      }, (message) => message.startsWith('FTP: Cannot list "/"'));
      assertMatch(end, words);
    }
  },
);
