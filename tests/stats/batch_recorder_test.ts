import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import type { Candidate } from "../../lib/selection/selection.ts";
import { BatchRecorder } from "../../lib/stats/batch_recorder.ts";
import { downloadLogLine } from "../../lib/stats/download_log_line.ts";
import { createLogTime } from "../../lib/stats/log_time.ts";
import type { AnswerFacts, RecordedAnswers } from "../../lib/stats/recorder.ts";
import { mirrorRecord } from "../selection/fixtures.ts";
import { waitFor } from "../support/wait_for.ts";

const TIME = Date.UTC(2026, 10, 22, 15, 4, 5, 123);

function candidate(id: number, changes: Parameters<typeof mirrorRecord>[1] = {}): Candidate {
  const mirror = mirrorRecord(id, { countryCodes: ["SE", "NO"], ...changes });
  return { mirror, url: mirror.httpUrl, distance: 732.506, score: 1, share: null, copy: null };
}

function facts(changes: Partial<AnswerFacts> = {}): AnswerFacts {
  return {
    time: TIME,
    type: "REDIRECT",
    status: 302,
    method: "GET",
    path: "/pool/file.iso",
    address: "192.0.2.1",
    asNumber: 0,
    candidate: candidate(1),
    fallback: false,
    error: "",
    download: "whole",
    size: 100,
    userAgent: "",
    ...changes,
  };
}

Deno.test("downloadLogLine() writes one line for each kind of answer", () => {
  const start = "T REDIRECT 302 GET";
  const cases: readonly (readonly [Partial<AnswerFacts>, string])[] = [
    [
      {},
      `${start} "/pool/file.iso" ip:192.0.2.1 mirror:m1 asn:0 distance:732.51km countries:SE,NO`,
    ],
    [
      { candidate: candidate(2, { asNumber: 9 }), asNumber: 9 },
      `${start} "/pool/file.iso" ip:192.0.2.1 mirror:m2 sameasn:9 distance:732.51km countries:SE,NO`,
    ],
    [
      { candidate: candidate(2, { asNumber: 9, countryCodes: [] }), asNumber: 8 },
      `${start} "/pool/file.iso" ip:192.0.2.1 mirror:m2 asn:9 distance:732.51km countries:`,
    ],
    [
      { candidate: candidate(0, { name: "fallback0" }), fallback: true, type: "JSON", status: 200 },
      `T JSON 200 GET "/pool/file.iso" ip:192.0.2.1 mirror:fallback0 fallback:true asn:0 distance:732.51km countries:SE,NO`,
    ],
    [{ status: 404, candidate: null, address: null }, `T REDIRECT 404 GET "/pool/file.iso" ip:-`],
    [
      { status: 500, candidate: null, error: "a\nb" },
      String.raw`T REDIRECT 500 GET "/pool/file.iso" ip:192.0.2.1 mirror:unknown error:a\x0ab`,
    ],
    [
      { path: "quote'and\"\r\n\u2028\u0085\x1b\\", status: 404, candidate: null },
      String.raw`T REDIRECT 404 GET "quote'and"\x0d\x0a\u2028\x85\x1b\" ip:192.0.2.1`,
    ],
  ];
  for (const [changes, line] of cases) assertEquals(downloadLogLine("T", facts(changes)), line);
});

Deno.test("downloadLogLine() is one line whose end can be told from any path", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.boolean(), (path, found) => {
    const changes = found ? {} : { status: 404, candidate: null };
    const line = downloadLogLine("T", facts({ path, ...changes }));
    assertEquals(line.split(/[\r\n\u2028\u2029\u0085]/).length, 1);
    assertMatch(line.slice(line.lastIndexOf('" ip:')), /^" ip:192\.0\.2\.1(?: mirror:m1 |$)/);
  }));
});

Deno.test("createLogTime() writes microseconds in UTC", () => {
  const logTime = createLogTime();
  assertEquals(logTime(TIME), "2026/11/22 15:04:05.123000");
  assertEquals(logTime(TIME + 0.456), "2026/11/22 15:04:05.123456");
  assertEquals(logTime(TIME + 999), "2026/11/22 15:04:06.122000");
  assertEquals(logTime(0), "1970/01/01 00:00:00.000000");
});

Deno.test("BatchRecorder adds up by day, file and mirror, and sends by itself", async () => {
  const sent: RecordedAnswers[] = [];
  using recorder = new BatchRecorder({
    send: (recorded) => sent.push(recorded),
    wantsLines: () => true,
    interval: 1000,
    countInterval: 1,
  });
  const nextDay = Date.UTC(2026, 10, 23);
  recorder.record(facts());
  recorder.record(facts({ candidate: candidate(2), size: 7 }));
  recorder.record(facts({ path: "/other" }));
  recorder.record(facts({ candidate: candidate(0), fallback: true }));
  recorder.record(facts({ download: "none" }));
  recorder.record(facts({ time: nextDay }));
  recorder.record(facts({ time: nextDay - 1 }));
  recorder.record(facts({ download: "ranged", userAgent: "curl" }));
  await waitFor(() => sent.length > 0, { what: "the batch" });
  const [{ batches, ranged, lines } = { batches: [], ranged: [], lines: [] }] = sent;
  assertEquals(batches, [
    {
      day: "2026-11-22",
      files: new Map([["/pool/file.iso", 4], ["/other", 1]]),
      mirrors: new Map([[1, { downloads: 3, bytes: 300 }], [2, { downloads: 1, bytes: 7 }]]),
    },
    {
      day: "2026-11-23",
      files: new Map([["/pool/file.iso", 1]]),
      mirrors: new Map([[1, { downloads: 1, bytes: 100 }]]),
    },
  ]);
  assertEquals(ranged, [
    { time: TIME, path: "/pool/file.iso", mirrorId: 1, size: 100, client: "192.0.2.1/curl" },
  ]);
  assertEquals(lines.join("\n").split("\n").length, 8);
  assertEquals(sent.length, 1);
});

Deno.test("BatchRecorder sends lines before counts, which add up meanwhile", async () => {
  const sent: RecordedAnswers[] = [];
  using recorder = new BatchRecorder({
    send: (recorded) => sent.push(recorded),
    wantsLines: () => true,
    interval: 1,
    countInterval: 1_000_000,
  });
  recorder.record(facts());
  await waitFor(() => sent.length > 0, { what: "the first line" });
  recorder.record(facts());
  await waitFor(() => sent.length > 1, { what: "the second line" });
  assertEquals(sent.map(({ lines, batches }) => [lines.length, batches.length]), [[1, 0], [1, 0]]);
  recorder.flush();
  assertEquals(sent[2]?.lines, []);
  assertEquals(sent[2]?.batches[0]?.files, new Map([["/pool/file.iso", 2]]));
});

Deno.test("BatchRecorder makes no lines that nobody wants, and sends the rest when disposed of", () => {
  const sent: RecordedAnswers[] = [];
  {
    using recorder = new BatchRecorder({ send: (r) => sent.push(r), wantsLines: () => false });
    recorder.record(facts({ download: "none" }));
    recorder.flush();
    assertEquals(sent.length, 0);
    recorder.record(facts());
  }
  assertEquals([sent.length, sent[0]?.lines.length, sent[0]?.batches.length], [1, 0, 1]);
  assert(structuredClone(sent[0]));
});

Deno.test("BatchRecorder sends thousands of lines in order, in few blocks", () => {
  const sent: RecordedAnswers[] = [];
  using recorder = new BatchRecorder({ send: (r) => sent.push(r), wantsLines: () => true });
  const paths = Array.from({ length: 3001 }, (_, number) => `/pool/${number}.iso`);
  for (const path of paths) recorder.record(facts({ path }));
  recorder.flush();
  const [{ lines } = { lines: [] }] = sent;
  assert(lines.length < 100, `${lines.length} blocks`);
  const named = lines.join("\n").split("\n").map((line) => line.split('"')[1]);
  assertEquals(named, paths);
});

Deno.test("downloadLogLine() rounds the distance to hundredths", () => {
  const cases = [[0, "0.00"], [0.004, "0.00"], [9.096, "9.10"], [999.999, "1000.00"]] as const;
  for (const [distance, text] of [...cases, [20_015.086, "20015.09"]] as const) {
    const line = downloadLogLine("T", facts({ candidate: { ...candidate(1), distance } }));
    assertMatch(line, new RegExp(` distance:${text.replace(".", "[.]")}km `));
  }
});
