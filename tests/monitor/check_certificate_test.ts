import { assertEquals } from "@std/assert";
import { certificateEnd } from "../../lib/monitor/shown_certificate.ts";
import { checkCertificate } from "../../lib/monitor/check_certificate.ts";
import { Authority } from "../support/authority.ts";
import { fakeMirror, FakeStore } from "../support/fake_store.ts";
import { freePort } from "../support/free_port.ts";
import { MemoryLog } from "../support/memory_log.ts";

const DAY = 86_400_000;
const ENDS = 1_800_000_000_000;
const { signal } = new AbortController();

Deno.test("certificateEnd() learns the end of a certificate that nobody trusts", async () => {
  await using authority = await Authority.found();
  for (const hostname of ["127.0.0.1", "::1"]) {
    const issued = await authority.issue("late", { from: "2020-01-01", until: "2021-03-04" });
    await using server = Deno.serve(
      { hostname, port: 0, onListen: () => {}, ...issued },
      () => new Response(),
    );
    const host = hostname.includes(":") ? `[${hostname}]` : hostname;
    const ends = await certificateEnd(`https://${host}:${server.addr.port}/`, signal);
    assertEquals(ends, Date.UTC(2021, 2, 4));
  }
  assertEquals(await certificateEnd(`https://127.0.0.1:${freePort()}/`, signal), null);
});

Deno.test("checkCertificate() tells of the end twice, and of another certificate's again", async () => {
  const store = new FakeStore(fakeMirror({ name: "one", httpUrl: "one.example/" }));
  let ends: number | null = ENDS;
  const check = (time: number): Promise<void> =>
    checkCertificate({
      mirror: store.records.get(1)!,
      store,
      endOf: () => Promise.resolve(ends),
      log: new MemoryLog(),
      now: () => time,
      signal,
    });
  for (const left of [20, 15, 14, 13, 4, 3, 2, -1]) await check(ENDS - left * DAY);
  const event = { type: "certificate", mirrorId: 1, ends: ENDS } as const;
  assertEquals(store.log, [
    { ...event, time: ENDS - 14 * DAY, days: 14 },
    { ...event, time: ENDS - 3 * DAY, days: 3 },
  ]);
  assertEquals(store.records.get(1)!.certificate, { ends: ENDS, warned: 3 });
  ends = ENDS + 90 * DAY;
  await check(ENDS);
  assertEquals(store.records.get(1)!.certificate, { ends, warned: 0 });
  ends = null;
  await check(ENDS);
  assertEquals(store.records.get(1)!.certificate?.ends, ENDS + 90 * DAY, "nobody answered");
  assertEquals(store.log.length, 2);
});

Deno.test("checkCertificate() asks no mirror that has HTTP only", async () => {
  const store = new FakeStore(fakeMirror({ httpUrl: "http://one.example/" }));
  await checkCertificate({
    ...{ mirror: store.records.get(1)!, store, log: new MemoryLog(), now: () => ENDS, signal },
    endOf: () => Promise.reject(new Error("asked")),
  });
  assertEquals(store.records.get(1)!.certificate, null);
});

Deno.test("checkCertificate() writes nothing of a mirror that is elsewhere meanwhile", async () => {
  const mirror = fakeMirror({ httpUrl: "one.example/" });
  const store = new FakeStore({ ...mirror, httpUrl: "other.example/" });
  await checkCertificate({
    ...{ mirror, store, log: new MemoryLog(), now: () => ENDS, signal },
    endOf: () => Promise.resolve(ENDS),
  });
  assertEquals([store.records.get(1)!.certificate ?? null, store.log], [null, []]);
});
