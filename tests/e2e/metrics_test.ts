import { assert, assertEquals, assertMatch } from "@std/assert";
import { freePort } from "../support/free_port.ts";
import { type Scrape, scrape } from "../support/metrics.ts";
import { waitFor } from "../support/wait_for.ts";
import { PLACES, Sample, type StoreKind } from "./sample.ts";

const FILE = "/pool/1/file-1.tar.gz";

/** What a board or a rule may ask of any daemon. */
const NAMES = [
  ...[
    ...["requests_total", "request_seconds", "redirects_total", "bytes_total", "excluded_total"],
    ...["clients_total", "source_files", "source_bytes", "source_scan_seconds"],
    ...["source_last_scan_timestamp_seconds", "hash_queue_bytes", "store_up", "store_seconds"],
    ...["store_errors_total", "cache_hits_total", "cache_misses_total", "cache_entries"],
    ...["cache_bytes", "threads", "thread_lag_seconds", "thread_heap_bytes"],
    ...["thread_restarts_total", "counter_queue", "notify_queue", "cluster_nodes"],
    ...["node_mirrors", "geoip_build_timestamp_seconds", "build_info", "mirror_up"],
    ...["mirror_state_seconds", "mirror_lag_seconds", "mirror_files"],
    ...["mirror_last_scan_timestamp_seconds", "mirror_scan_seconds"],
    ...["mirror_scan_failures_total", "mirror_check_seconds"],
  ].map((name) => `mirrorbits_${name}`),
  ...["cpu_seconds_total", "resident_memory_bytes", "start_time_seconds"]
    .map((name) => `process_${name}`),
];

/** The control API of a daemon. */
function controlAddress({ daemon }: Sample): string {
  return `127.0.0.1:${daemon.cliArgs[1]}`;
}

/** Asks so often, from the country of a mirror. @returns the status of the last answer */
async function ask(
  { daemon }: Sample,
  times: number,
  path: string,
  headers: Record<string, string> = {},
): Promise<number> {
  let status = 0;
  for (let i = 0; i < times; i++) {
    ({ status } = await daemon.get(path, { "X-Forwarded-For": PLACES.nl.client, ...headers }));
  }
  return status;
}

/** What was answered between two scrapes, by a label of a counter. */
function between(before: Scrape, after: Scrape, name: string, label: string): unknown {
  const [old, now] = [before.by(name, label), after.by(name, label)];
  return Object.fromEntries(
    Object.entries(now).map(([key, value]) => [key, value - (old[key] ?? 0)])
      .filter(([, value]) => value !== 0),
  );
}

for (const store of ["embedded", "redis"] as const satisfies readonly StoreKind[]) {
  Deno.test(`metrics equal what was requested (${store})`, async (t) => {
    await using sample = await Sample.start(store, {
      Workers: 2,
      MetricsCountries: true,
      Explain: "all",
      Torrents: false,
      Zsync: false,
      Refuse: [{ Client: ["JP"], Status: 451 }],
    });
    const url = `http://${controlAddress(sample)}/metrics`;
    const before = await scrape(url);

    await t.step("answers by kind, mirrors, clients, exclusions", async () => {
      assertEquals(await ask(sample, 7, FILE), 302);
      assertEquals(await ask(sample, 3, FILE, { "X-Forwarded-For": PLACES.us.client }), 302);
      assertEquals(await ask(sample, 2, FILE, { "X-Forwarded-For": PLACES.jp.client }), 451);
      assertEquals(await ask(sample, 2, FILE, { Accept: "application/json" }), 200);
      assertEquals(await ask(sample, 1, `${FILE}?mirrorlist`), 200);
      assertEquals(await ask(sample, 1, `${FILE}?explain`), 200);
      assertEquals(await ask(sample, 1, `${FILE}?stats`), 200);
      assertEquals(await ask(sample, 1, "/?mirrorstats"), 200);
      assertEquals(await ask(sample, 2, `${FILE}?sha256`), 200);
      assertEquals(await ask(sample, 1, `${FILE}?meta4`), 200);
      assertEquals(await ask(sample, 1, `${FILE}.meta4`), 200);
      assertEquals(await ask(sample, 1, "/pool/?C=N"), 200);
      assertEquals(await ask(sample, 1, "/favicon.ico"), 200);
      assertEquals(await ask(sample, 1, "/?healthz"), 200);
      assertEquals(await ask(sample, 1, "//pool//1"), 301);
      assertEquals(await ask(sample, 4, "/no/such/file"), 404);
      const since = new Date(Date.UTC(2026, 5, 1)).toUTCString();
      assertEquals(await ask(sample, 2, FILE, { "If-Modified-Since": since }), 304);

      const after = await scrape(url);
      assertEquals(between(before, after, "mirrorbits_requests_total", "answer"), {
        redirect: 10,
        json: 2,
        list: 3,
        stats: 2,
        checksum: 2,
        metalink: 2,
        file: 3,
        not_modified: 2,
        not_found: 4,
        refused: 2,
      });
      assertEquals(
        Object.values(between(before, after, "mirrorbits_redirects_total", "mirror") as object)
          .reduce((sum, one) => sum + one, 0),
        10,
      );
      // Health and what is no path ask for no client.
      assertEquals(between(before, after, "mirrorbits_clients_total", "country"), {
        NL: 25,
        US: 3,
        JP: 2,
      });
      const answered = after.sum("mirrorbits_requests_total") -
        before.sum("mirrorbits_requests_total");
      const timed = after.sum("mirrorbits_request_seconds_count") -
        before.sum("mirrorbits_request_seconds_count");
      assertEquals([answered, timed], [32, 32]);
    });

    await t.step("a mirror that lacks the file of today is left out, and counted so", async () => {
      const former = await scrape(url);
      assertEquals(await ask(sample, 5, "/changed.bin"), 302);
      assertEquals(
        await ask(sample, 1, "/changed.bin", { Accept: "application/json" }),
        200,
      );
      const after = await scrape(url);
      const left = between(former, after, "mirrorbits_excluded_total", "reason");
      assertEquals(left, { size: 6, time: 6 });
      assertEquals(between(former, after, "mirrorbits_redirects_total", "mirror"), { us: 5 });
    });

    await t.step("bytes are those of the files, however many parts they come in", async () => {
      const size = FILE.length + 100;
      const path = "/pool/2/file-2.tar.gz";
      const agent = { "User-Agent": "whole" };
      await ask(sample, 2, path, agent);
      await ask(sample, 5, "/pool/3/file-3.tar.gz", { "User-Agent": "parts", Range: "bytes=1-9" });
      // With those of the steps before.
      const expected = (10 + 3) * size + 5 * ("/changed.bin".length + 100);
      let bytes = 0;
      const counted = async (): Promise<boolean> => {
        bytes = (await scrape(url)).sum("mirrorbits_bytes_total");
        return bytes >= expected;
      };
      await waitFor(counted, { what: "all downloads to be counted" });
      assertEquals(bytes, expected);
    });

    await t.step("how mirrors are", async () => {
      await sample.servers.jp.down();
      await sample.waitForState("jp", "down");
      const seen = await scrape(url);
      const up = (mirror: string): number | undefined =>
        seen.value(`mirrorbits_mirror_up{mirror="${mirror}",scheme="http",family="any"}`);
      assertEquals([up("nl"), up("us"), up("jp")], [1, 1, 0]);
      const info = 'mirrorbits_mirror_info{mirror="us",continent="NA",country="US"}';
      assertEquals(seen.value(info), 1);
      assertEquals(seen.value('mirrorbits_mirror_files{mirror="nl",state="current"}'), 29);
      assertEquals(seen.value('mirrorbits_mirror_files{mirror="us",state="missing"}'), 1);
      for (const name of ["scan_seconds", "check_seconds", "last_scan_timestamp_seconds"]) {
        const value = seen.value(`mirrorbits_mirror_${name}{mirror="nl"}`);
        assert(value !== undefined && value > 0, `${name}: ${value}`);
      }
      const state = 'mirrorbits_mirror_state_seconds{mirror="jp",state="down"}';
      assert(seen.value(state)! >= 0);
      const failures = 'mirrorbits_mirror_scan_failures_total{mirror="jp"}';
      assertEquals(seen.value(failures), 0);
      await sample.rsyncd[Symbol.asyncDispose]();
      await sample.daemon.cli("scan", "jp");
      assertEquals((await scrape(url)).value(failures), 1);
    });

    await t.step("source, store, threads, process", async () => {
      const seen = await scrape(url);
      assertEquals(seen.value("mirrorbits_source_files"), 30);
      assert(seen.value("mirrorbits_source_bytes")! > 3000);
      assert(seen.value("mirrorbits_source_last_scan_timestamp_seconds")! > 1.7e9);
      assertEquals(seen.value("mirrorbits_hash_queue_bytes"), 0);
      assertEquals(seen.value(`mirrorbits_store_up{store="${store}"}`), 1);
      assert(seen.sum("mirrorbits_store_seconds_count") > 10);
      assert(seen.value(`mirrorbits_cache_misses_total{store="${store}"}`)! >= 4);
      assert(seen.value(`mirrorbits_cache_hits_total{store="${store}"}`)! >= 10);
      assert(seen.value(`mirrorbits_cache_entries{store="${store}"}`)! >= 4);
      assertEquals(seen.value("mirrorbits_threads"), 2);
      assertEquals(
        seen.series("mirrorbits_thread_heap_bytes").map((one) => /thread="(.*)"/.exec(one)![1]),
        ["control", "0", "1"],
      );
      for (const one of seen.series("mirrorbits_thread_lag_seconds")) {
        assert(seen.value(one)! >= 0 && seen.value(one)! < 60, one);
      }
      assertEquals(seen.value("mirrorbits_thread_restarts_total"), 0);
      assertEquals(seen.value("mirrorbits_notify_queue"), 0);
      assertEquals(seen.value("mirrorbits_cluster_nodes"), 1);
      assertEquals(seen.value("mirrorbits_node_mirrors"), 3);
      assert(seen.value("process_cpu_seconds_total")! > 0.1);
      assert(seen.value("process_resident_memory_bytes")! > 1e7);
      assert(seen.value("process_start_time_seconds")! > 1.7e9);
      if (Deno.build.os === "linux") {
        const open = seen.value("process_open_fds")!;
        assert(open > 10 && open <= seen.value("process_max_fds")!, `${open}`);
      }
      assertMatch(seen.text, /^mirrorbits_build_info\{version="[^"]+",deno="2\.[^"]+"\} 1$/m);
      assertMatch(seen.text, /^mirrorbits_geoip_build_timestamp_seconds\{role="place",/m);
      const missing = NAMES.filter((name) => !seen.types.has(name));
      assertEquals(missing, []);
    });
  });
}

Deno.test("metrics: OpenMetrics by Accept, a port of their own, a password, a reload", async (t) => {
  await using sample = await Sample.start("embedded", { Workers: 1, RPCPassword: "" });
  const { daemon } = sample;
  const url = `http://${controlAddress(sample)}/metrics`;

  await t.step("OpenMetrics", async () => {
    const response = await fetch(url, {
      headers: {
        Accept:
          "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
      },
    });
    assertMatch(response.headers.get("content-type") ?? "", /^application\/openmetrics-text; /);
    assertEquals(response.headers.get("vary"), "Accept");
    const text = await response.text();
    assertMatch(text, /^# TYPE mirrorbits_requests counter$/m);
    assertMatch(text, /^mirrorbits_requests_total\{answer="redirect"\} \d+$/m);
    assert(text.endsWith("# EOF\n"));
    const plain = await fetch(url);
    assertMatch(plain.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4; /);
    await plain.body?.cancel();
  });

  await t.step("other names than those of this machine are refused", async () => {
    // fetch() sets Host itself.
    const [hostname, port] = controlAddress(sample).split(":") as [string, string];
    using connection = await Deno.connect({ hostname, port: Number(port) });
    await connection.write(new TextEncoder().encode(
      "GET /metrics HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n",
    ));
    assertMatch(await new Response(connection.readable).text(), /^HTTP\/1\.1 403 /);
  });

  const own = `127.0.0.1:${freePort()}`;
  await t.step("a port of its own comes, moves and goes with reloads", async () => {
    daemon.configure({ MetricsListenAddress: own });
    await daemon.ok("reload");
    const seen = await scrape(`http://${own}/metrics`);
    assert(seen.sum("mirrorbits_requests_total") > 0);
    for (const path of ["/", "/api/v1/version", "/metrics/x"]) {
      const response = await fetch(`http://${own}${path}`);
      assertEquals([path, response.status], [path, 404]);
      await response.body?.cancel();
    }
    const posted = await fetch(`http://${own}/metrics`, { method: "POST" });
    assertEquals(posted.status, 405);
    await posted.body?.cancel();

    const other = `127.0.0.1:${freePort()}`;
    daemon.configure({ MetricsListenAddress: other });
    await daemon.ok("reload");
    await scrape(`http://${other}/metrics`);
    await waitFor(async () => !await reachable(own), { what: "the former port to be closed" });
    daemon.configure();
    await daemon.ok("reload");
    await waitFor(async () => !await reachable(other), { what: "the port to be closed" });
  });

  await t.step("with a password, only with it; the port of its own asks for none", async () => {
    daemon.configure({ MetricsListenAddress: own, RPCPassword: "s3cret" });
    await daemon.ok("reload");
    const refused = await fetch(url);
    assertEquals(refused.status, 401);
    await refused.body?.cancel();
    await scrape(url, { Authorization: "Bearer s3cret" });
    await scrape(`http://${own}/metrics`);
  });
});

Deno.test("metrics: further mirrors than are allowed are counted together", async () => {
  await using sample = await Sample.start("embedded", { MetricsMirrors: 2, Workers: 1 });
  const url = `http://${controlAddress(sample)}/metrics`;
  for (const { client } of Object.values(PLACES)) {
    assertEquals(await ask(sample, 4, FILE, { "X-Forwarded-For": client }), 302);
  }
  const seen = await scrape(url);
  const redirects = seen.by("mirrorbits_redirects_total", "mirror");
  assertEquals(Object.values(redirects).reduce((sum, one) => sum + one, 0), 12);
  assertEquals(seen.series("mirrorbits_redirects_total").length, 3);
  assert("other" in redirects, JSON.stringify(redirects));
  assertEquals(seen.series("mirrorbits_mirror_info").length, 2);
  assertEquals(seen.series("mirrorbits_mirror_lag_seconds").length, 2);
});

async function reachable(address: string): Promise<boolean> {
  try {
    const response = await fetch(`http://${address}/metrics`);
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
