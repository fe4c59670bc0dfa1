import { assertEquals } from "@std/assert";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { createMonitorHttpClient } from "../../lib/monitor/http_client.ts";
import { checkHealth } from "../../lib/monitor/health_check.ts";
import { isSelfSigned } from "../../lib/monitor/shown_certificate.ts";
import { Authority } from "../support/authority.ts";
import { makeCertificate } from "../support/certificate.ts";
import { fakeFile, fakeMirror, FakeStore } from "../support/fake_store.ts";
import { freePort } from "../support/free_port.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";

const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
const { signal } = new AbortController();

Deno.test("a certificate that signed itself is told from one of an authority nobody knows", async () => {
  await using directory = await tempDir();
  // Not one of an authority: what refuses it says only that the issuer is unknown.
  const { cert, key } = await makeCertificate(directory.path);
  await using server = Deno.serve({ ...options, cert, key }, () => new Response());
  const httpUrl = `https://127.0.0.1:${server.addr.port}/`;
  assertEquals(await isSelfSigned(httpUrl, signal), true);
  using client = createMonitorHttpClient({ clock: systemClock });
  const store = new FakeStore(fakeMirror({ httpUrl }));
  store.addFiles(fakeFile("/a"));
  store.addCopies(1, { path: "/a", size: 1, modTime: 0 });
  await checkHealth({
    ...{
      clock: systemClock,
      store,
      isSelfSigned,
      signal,
      fetch: client.fetch,
      log: new MemoryLog(),
    },
    mirror: store.records.get(1)!,
    resolve: (host) => Promise.resolve([host]),
    config: { disallowRedirects: false, disableOnMissingFile: false },
    now: systemClock.now,
    random: () => 0,
  });
  assertEquals(store.records.get(1)!.httpsDownCause?.text, "self-signed certificate");
});

Deno.test("isSelfSigned() says no of others, and of what does not tell", async () => {
  await using authority = await Authority.found();
  const { cert, key } = await authority.issue("one", {});
  await using server = Deno.serve({ ...options, cert, key }, () => new Response());
  assertEquals(await isSelfSigned(`https://127.0.0.1:${server.addr.port}/`, signal), false);
  assertEquals(await isSelfSigned(`https://127.0.0.1:${freePort()}/`, signal), false);
  assertEquals(await isSelfSigned("https://127.0.0.1:9/", AbortSignal.abort()), false);
});
