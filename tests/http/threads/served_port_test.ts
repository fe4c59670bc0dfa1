import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { listen } from "../../../lib/http/threads/listener.ts";
import { ServedPort } from "../../../lib/http/threads/served_port.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { freePort } from "../../support/free_port.ts";
import { askOnce, IdleConnections } from "../../support/idle_connections.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { waitFor } from "../../support/wait_for.ts";

const clock = new FakeClock();

const RESPONSE = new Response(null, { status: 204 });

/** Answers with the same object every time, as it is done with redirects that are kept. */
const handler = (): Response => RESPONSE;

Deno.test("ServedPort.leave() ends connections, and tells when nobody asks any more", async () => {
  const address = { transport: "tcp", hostname: "127.0.0.1", port: freePort() } as const;
  await using port = await ServedPort.open(address, handler, { clock });
  const ask = async (): Promise<string | null> =>
    (await fetch(`http://${port.address}/`)).headers.get("connection");
  assertEquals(await ask(), null);
  let quiet = false;
  const left = port.leave({ most: null }).then(() => quiet = true);
  assertEquals(await ask(), "close");
  await clock.advance(2000);
  assertEquals(quiet, false, "Somebody asked in the first half second");
  await clock.advance(500);
  assertEquals(quiet, true);
  await left;
  assertEquals(await ask(), "close");
  port.stay();
  assertEquals(await ask(), null);
  const late = port.leave({ most: 1000 });
  await clock.advance(500);
  await ask();
  await clock.advance(500);
  await late;
});

Deno.test("listen() takes a Unix socket over, and the one before does not remove it", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/http.sock`;
  const address = { transport: "unix", path } as const;
  const answer = async (): Promise<string> => {
    using connection = await Deno.connect(address);
    await connection.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    const buffer = new Uint8Array(100);
    const count = await connection.read(buffer) ?? 0;
    return new TextDecoder().decode(buffer.subarray(0, count)).slice(9, 12);
  };
  const first = await listen(address, () => new Response(null, { status: 201 }), { clock });
  assertEquals(await answer(), "201");
  await assertRejects(() => listen(address, handler, { clock }), Error, "the address is in use");
  const second = await listen(address, () => new Response(null, { status: 202 }), {
    clock,
    takeOver: true,
  });
  assertEquals(await answer(), "202");
  await first[Symbol.asyncDispose]();
  assertEquals(await answer(), "202");
  await second[Symbol.asyncDispose]();
  assertEquals(await Array.fromAsync(Deno.readDir(directory.path)), []);
});

Deno.test("listen() waits a minute where there is no descriptor for its first socket", async () => {
  const clock = new FakeClock();
  const address = { transport: "tcp", hostname: "127.0.0.1", port: 0 } as const;
  const serve = Deno.serve;
  let failures = 3;
  const refusals: string[] = [];
  const refused = (reason: string): void => void refusals.push(reason);
  try {
    // @ts-expect-error: it has more forms than this one
    Deno.serve = (...args: Parameters<typeof serve>) => {
      if (failures-- > 0) throw new Error("Too many open files (os error 24)");
      return serve(...args);
    };
    const listening = listen(address, handler, { clock, refused });
    await clock.advance(1_000);
    await (await listening)[Symbol.asyncDispose]();
    assertEquals(refusals.length, 3);
    assertStringIncludes(refusals[0]!, "Too many open files");
    failures = Infinity;
    const never = assertRejects(() => listen(address, handler, { clock }), Error, "Too many open");
    await clock.advance(61_000);
    await never;
  } finally {
    Deno.serve = serve;
  }
});

Deno.test("listen() uses the place of a Unix socket that a crash left", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/http.sock`;
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `Deno.serve({ path: ${
        JSON.stringify(path)
      }, onListen: () => Deno.kill(Deno.pid, "SIGKILL") }, () => new Response());`,
    ],
    stdout: "null",
    stderr: "null",
  }).output();
  assert(code !== 0);
  await using _listener = await listen({ transport: "unix", path }, handler, { clock });
  using _connection = await Deno.connect({ transport: "unix", path });
});

Deno.test("listen(): renew() ends what is used with its next answer, and cuts the rest", async () => {
  for (const shared of [true, false]) {
    const address = { transport: "tcp", hostname: "127.0.0.1", port: freePort() } as const;
    const clock = new FakeClock();
    await using listener = await listen(address, () => new Response("here"), { clock, shared });
    using idle = new IdleConnections(listener.address);
    await idle.open(3);
    using used = await Deno.connect(address);
    await used.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    await used.read(new Uint8Array(500));
    const began = Promise.withResolvers<boolean>();
    const renewed = listener.renew({ time: 2_000, listening: began.resolve });
    assertEquals(await began.promise, shared);
    await used.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    const answer = new Uint8Array(500);
    const length = await used.read(answer) ?? 0;
    let over = false;
    void renewed.then(() => over = true);
    // Where nobody else may listen there, it tries until the old socket is gone.
    await waitFor(async () => {
      await clock.advance(2_000);
      return over;
    }, { what: "the old connections to be gone" });
    await idle.cut();
    const text = new TextDecoder().decode(answer.subarray(0, length));
    assertStringIncludes(text.toLowerCase(), "connection: close");
    assertStringIncludes(await askOnce(listener.address, "/"), " 200 ");
  }
});

Deno.test("listen(): a listener that is closed while it renews ends", async () => {
  const address = { transport: "tcp", hostname: "127.0.0.1", port: freePort() } as const;
  const listener = await listen(address, handler, { clock, shared: true });
  const renewed = listener.renew({ time: 60_000 });
  await listener[Symbol.asyncDispose]();
  await renewed;
  await assertRejects(() => Deno.connect(address));
});
