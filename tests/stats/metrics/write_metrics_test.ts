import { assert, assertEquals, assertMatch } from "@std/assert";
import { counter, gauge, histogram } from "../../../lib/stats/metrics/metric_family.ts";
import { mirrorMetrics } from "../../../lib/stats/metrics/mirror_metrics.ts";
import { prefersOpenMetrics } from "../../../lib/stats/metrics/prefers_open_metrics.ts";
import { requestMetrics } from "../../../lib/stats/metrics/request_metrics.ts";
import { threadMetrics } from "../../../lib/stats/metrics/thread_metrics.ts";
import { writeMetrics } from "../../../lib/stats/metrics/write_metrics.ts";
import { RequestTally } from "../../../lib/stats/request_tally.ts";
import { RequestTotals } from "../../../lib/stats/request_totals.ts";
import { TotalTimes } from "../../../lib/stats/total_times.ts";
import { mirrorRecord } from "../../selection/fixtures.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { Scrape } from "../../support/metrics.ts";

const NOW = Date.UTC(2026, 10, 22, 12);

Deno.test("writeMetrics() writes the text format and OpenMetrics", async () => {
  const times = new TotalTimes();
  times.addOne(0.005);
  times.addOne(30);
  times.addOne(5_000);
  const families = [
    counter("a_total", "Some", [[3, { mirror: 'q"u\\o\nte' }], [null, { mirror: "none" }]]),
    gauge("b", "Others", [[0.5]]),
    gauge("empty", "Nothing", []),
    histogram("c_seconds", "Times", [[times, { kind: "hit" }]]),
  ];
  const { body, contentType } = await writeMetrics(families, false);
  assertMatch(contentType, /^text\/plain; version=0\.0\.4/);
  assertMatch(body, /^# TYPE a_total counter\na_total\{mirror="q\\"u\\\\o\\nte"\} 3$/m);
  assert(!body.includes("empty"));
  const seen = new Scrape(body);
  assertEquals(seen.value("b"), 0.5);
  const bucket = (le: string) => seen.value(`c_seconds_bucket{kind="hit",le="${le}"}`);
  assertEquals(["0.00001", "0.02", "0.05", "1", "+Inf"].map(bucket), [1, 1, 2, 2, 3]);
  assertEquals(seen.value('c_seconds_count{kind="hit"}'), 3);
  const open = await writeMetrics(families, true);
  assertMatch(open.contentType, /^application\/openmetrics-text/);
  assertMatch(open.body, /^# TYPE a counter\na_total\{mirror=/m);
  assert(open.body.endsWith("# EOF\n"));
});

Deno.test("prefersOpenMetrics() goes by the weights", () => {
  const cases: readonly (readonly [string | null, boolean])[] = [
    [null, false],
    ["", false],
    ["*/*", false],
    ["text/plain", false],
    ["application/openmetrics-text", true],
    ["application/openmetrics-text; version=1.0.0; charset=utf-8, text/plain;q=0.5", true],
    ["application/openmetrics-text;q=0.2, text/plain;q=0.5", false],
    ["application/openmetrics-text;q=0, text/plain;q=0", false],
    ["application/openmetrics-text; version=2.0.0", false],
    ["application/openmetrics-text;version=2.0.0;q=0.9,text/plain;q=0.5", false],
    [
      "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
      true,
    ],
    ["application/openmetrics-text;q=x", false],
  ];
  for (const [accept, expected] of cases) {
    assertEquals([accept, prefersOpenMetrics(accept)], [accept, expected]);
  }
});

Deno.test("a mirror that is called other shares the series of the others", () => {
  const totals = new RequestTotals({
    mirrors: () => 1,
    sameDownloadInterval: () => 600,
    clock: new FakeClock(),
  });
  const tally = new RequestTally();
  for (const id of [1, 1, 2]) tally.redirected(id);
  totals.addTallied(tally.take());
  const [redirects] = requestMetrics(totals, new Map([[1, "other"]]), false)
    .filter(({ name }) => name === "mirrorbits_redirects_total");
  assertEquals(redirects?.samples, [{ labels: { mirror: "other" }, value: 3 }]);
});

Deno.test("mirrorMetrics() tells how each mirror is", async () => {
  const mirrors = [
    mirrorRecord(1, {
      httpUrl: "both.example/",
      httpsUp: true,
      countryCodes: ["DE", "AT"],
      stateSince: NOW - 90_000,
      certificate: { ends: NOW + 86_400_000, warned: 0 },
      families: {
        ipv4: { state: "up", text: "", time: NOW },
        ipv6: { state: "down", text: "refused", time: NOW },
      },
    }),
    mirrorRecord(2, { enabled: false, continentCode: "nonsense of somebody else" }),
    mirrorRecord(3, { httpUrl: "https://only.example/", httpsUp: false, httpUp: false }),
    mirrorRecord(4, { networksOnly: true, unchecked: true, httpUp: false }),
  ];
  const { body } = await writeMetrics(
    mirrorMetrics(mirrors, {
      now: NOW,
      checkInterval: 1,
      work: { of: () => null },
      ratios: new Map([[1, { day: 0.25, month: null }]]),
    }),
    false,
  );
  const seen = new Scrape(body);
  const up = (mirror: string, scheme: string, family = "any") =>
    seen.value(
      `mirrorbits_mirror_up{mirror="${mirror}",scheme="${scheme}",family="${family}"}`,
    );
  assertEquals([up("m1", "http"), up("m1", "https")], [1, 1]);
  assertEquals([up("m1", "any", "ipv4"), up("m1", "any", "ipv6")], [1, 0]);
  assertEquals([up("m2", "http"), up("m2", "https")], [0, undefined]);
  assertEquals([up("m3", "http"), up("m3", "https")], [undefined, 0]);
  assertEquals(up("m4", "http"), 1);
  assertEquals(seen.value('mirrorbits_mirror_state_seconds{mirror="m1",state="up"}'), 90);
  assertEquals(
    seen.value('mirrorbits_mirror_info{mirror="m1",continent="EU",country="DE"}'),
    1,
  );
  assertMatch(body, /mirrorbits_mirror_info\{mirror="m2",continent="",/);
  assertEquals(seen.value('mirrorbits_mirror_quota_ratio{mirror="m1",of="day"}'), 0.25);
  assertEquals(seen.series("mirrorbits_mirror_quota_ratio").length, 1);
  assertEquals(
    seen.value('mirrorbits_mirror_certificate_end_timestamp_seconds{mirror="m1"}'),
    NOW / 1000 + 86_400,
  );
});

Deno.test("a thread that does not answer is late by as long as that", () => {
  const tallied = new RequestTally().take();
  const families = threadMetrics({
    http: [{ lag: 20, heap: 5, cache: { entries: 0, bytes: 0 }, tallied }, 3_000],
    control: { lag: 1, heap: 7 },
    restarts: 2,
    counterQueue: 0,
    notifyQueue: null,
  });
  const of = (name: string) =>
    families.find((one) => one.name === name)?.samples.map(({ value, labels }) => [
      labels.thread,
      value,
    ]);
  assertEquals(of("mirrorbits_thread_lag_seconds"), [["control", 0.001], ["0", 0.02], ["1", 3]]);
  assertEquals(of("mirrorbits_thread_heap_bytes"), [["control", 7], ["0", 5]]);
  assertEquals(of("mirrorbits_notify_queue"), []);
});
