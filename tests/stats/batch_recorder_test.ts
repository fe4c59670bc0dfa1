import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import type { Candidate } from "../../lib/selection/selection.ts";
import { BatchRecorder, type BatchRecorderOptions } from "../../lib/stats/batch_recorder.ts";
import { downloadLogLine } from "../../lib/stats/download_log_line.ts";
import { createLogTime } from "../../lib/stats/log_time.ts";
import type { AnswerFacts, RecordedAnswers } from "../../lib/stats/recorder.ts";
import { mirrorRecord } from "../selection/fixtures.ts";
import { clientHash } from "../../lib/stats/client_hash.ts";
import { downloadHash } from "../../lib/stats/download_hash.ts";
import { HourTally } from "../../lib/stats/hour_tally.ts";
import { RequestTally } from "../../lib/stats/request_tally.ts";
import { recordedAnswers } from "../support/recorded_answers.ts";
import { FakeClock } from "../support/fake_clock.ts";

const TIME = Date.UTC(2026, 10, 22, 15, 4, 5, 123);

function candidate(id: number, changes: Parameters<typeof mirrorRecord>[1] = {}): Candidate {
  const mirror = mirrorRecord(id, { countryCodes: ["SE", "NO"], ...changes });
  return {
    mirror,
    url: mirror.httpUrl,
    distance: 732.506,
    score: 1,
    share: null,
    group: null,
    quota: 1,
    copy: null,
  };
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
    country: "",
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
      String.raw`T REDIRECT 404 GET "quote'and\x22\x0d\x0a\u2028\x85\x1b\x5c" ip:192.0.2.1`,
    ],
  ];
  for (const [changes, line] of cases) assertEquals(downloadLogLine("T", facts(changes)), line);
});

Deno.test("downloadLogLine() is one line whose end can be told from any path", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.boolean(), (path, found) => {
    const changes = found ? {} : { status: 404, candidate: null };
    const line = downloadLogLine("T", facts({ path, ...changes }));
    assertEquals(line.split(/[\r\n\u2028\u2029\u0085]/).length, 1);
    const fields = line.split('"');
    assertEquals(fields.length, 3);
    assertMatch(fields[2]!, /^ ip:192\.0\.2\.1(?: mirror:m1 |$)/);
    const read = fields[1]!.replace(
      /\\(?:x(..)|u(....))/g,
      (_, short, long) => String.fromCharCode(parseInt(short ?? long, 16)),
    );
    assertEquals(read, path);
  }));
});

Deno.test("createLogTime() writes microseconds in UTC", () => {
  const logTime = createLogTime();
  assertEquals(logTime(TIME), "2026/11/22 15:04:05.123000");
  assertEquals(logTime(TIME + 0.456), "2026/11/22 15:04:05.123456");
  assertEquals(logTime(TIME + 999), "2026/11/22 15:04:06.122000");
  assertEquals(logTime(0), "1970/01/01 00:00:00.000000");
});

const ALL = { logDir: "/log", logRefused: "all", logAddress: "full" } as const;
const SAMPLED = { ...ALL, logRefused: "sampled" } as const;
const NO_LINES = { ...SAMPLED, logDir: null } as const;

/** A recorder on a clock that is stepped, and what it sent. */
function recorderOf(changes: Partial<BatchRecorderOptions> = {}) {
  const clock = new FakeClock();
  const sent: RecordedAnswers[] = [];
  const recorder = new BatchRecorder({
    send: (recorded) => sent.push(recorded),
    wanted: () => ALL,
    clock,
    ...changes,
  });
  return { clock, sent, recorder };
}

Deno.test("BatchRecorder adds up by day, file and mirror, and sends by itself", () => {
  const { clock, sent, recorder } = recorderOf({ interval: 1000 });
  const nextDay = Date.UTC(2026, 10, 23);
  recorder.record(facts());
  recorder.record(facts({ candidate: candidate(2), size: 7 }));
  recorder.record(facts({ path: "/other" }));
  recorder.record(facts({ candidate: candidate(0), fallback: true }));
  recorder.record(facts({ download: "none" }));
  recorder.record(facts({ time: nextDay }));
  recorder.record(facts({ time: nextDay - 1, userAgent: null }));
  recorder.record(facts({ download: "ranged", userAgent: "curl" }));
  clock.tick(499);
  assertEquals(sent.length, 0);
  clock.tick(1);
  const [{ batches, opened, ranged, lines } = recordedAnswers()] = sent;
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
  const [file, other] = ["/pool/file.iso", "/other"]
    .map((path) => downloadHash("192.0.2.1", "", path));
  assertEquals([...opened], [file, file, other, file, file]);
  assertEquals(lines.join("\n").split("\n").length, 8);
  // By then every thread has sent what the part may belong to.
  assertEquals([sent.length, ranged], [1, []]);
  clock.tick(500);
  assertEquals(sent[1]?.ranged, [{
    time: TIME,
    path: "/pool/file.iso",
    mirrorId: 1,
    size: 100,
    country: "",
    clientHash: clientHash("192.0.2.1", "curl"),
    hash: downloadHash("192.0.2.1", "curl", "/pool/file.iso"),
  }]);
  assertEquals([sent.length, clock.waiting], [2, 0]);
});

Deno.test("clientHash() is the SHA-256 that all programs on one store use", () => {
  assertEquals(
    [clientHash("192.0.2.1", "curl"), clientHash(null, "")],
    [
      "535182f31a1165cb93da9c2f58dd288586f1b29b8fbf61dcf7fe2a9d4dac1fb7",
      "8a5edab282632443219e051e4ade2d1d5bbc671c781051bf1437897cbdfea0f1",
    ],
  );
});

Deno.test("BatchRecorder sends lines before counts, which add up meanwhile", () => {
  const { clock, sent, recorder } = recorderOf();
  recorder.record(facts());
  clock.tick(100);
  recorder.record(facts());
  clock.tick(100);
  assertEquals(sent.map(({ lines, batches }) => [lines.length, batches.length]), [[1, 0], [1, 0]]);
  recorder.flush();
  assertEquals(sent[2]?.lines, []);
  assertEquals(sent[2]?.batches[0]?.files, new Map([["/pool/file.iso", 2]]));
  assertEquals(clock.waiting, 0);
});

Deno.test("BatchRecorder makes no lines that nobody wants, and sends the rest when disposed of", () => {
  const { sent, recorder } = recorderOf({ wanted: () => NO_LINES });
  {
    using used = recorder;
    used.record(facts({ download: "none" }));
    used.flush();
    assertEquals(sent.length, 0);
    used.record(facts());
    used.record(facts({ download: "ranged" }));
  }
  const [{ lines, batches, ranged } = recordedAnswers()] = sent;
  assertEquals([sent.length, lines.length, batches.length, ranged.length], [1, 0, 1, 1]);
  assert(structuredClone(sent[0]));
});

Deno.test("BatchRecorder sends thousands of lines in order, in few blocks", () => {
  const { sent, recorder } = recorderOf();
  const paths = Array.from({ length: 3001 }, (_, number) => `/pool/${number}.iso`);
  for (const path of paths) recorder.record(facts({ path }));
  recorder.flush();
  const [{ lines } = recordedAnswers()] = sent;
  assert(lines.length < 100, `${lines.length} blocks`);
  const named = lines.join("\n").split("\n").map((line) => line.split('"')[1]);
  assertEquals(named, paths);
});

Deno.test("BatchRecorder makes a hundred lines of refused answers, and counts the rest", () => {
  for (const status of [404, 503]) {
    const refused = facts({ status, candidate: null, download: "none" });
    const { clock, sent, recorder } = recorderOf({ wanted: () => SAMPLED });
    for (let i = 0; i < 250; i++) recorder.record(refused);
    recorder.record(facts({ status: 500, candidate: null, download: "none", error: "why" }));
    clock.tick(100);
    assertEquals([sent[0]?.refused.lines.length, sent[0]?.refused.more], [100, 150]);
    assertEquals(sent[0]?.lines.length, 1);
    const all = recorderOf();
    for (let i = 0; i < 250; i++) all.recorder.record(refused);
    all.clock.tick(100);
    assertEquals(all.sent[0]?.lines.join("\n").split("\n").length, 250);
    const none = recorderOf({ wanted: () => ({ ...ALL, logRefused: "none" }) });
    none.recorder.record(refused);
    none.clock.tick(100);
    assertEquals([none.sent.length, none.clock.waiting], [0, 0]);
  }
});

Deno.test("BatchRecorder writes no more of addresses than is wanted", () => {
  for (
    const [logAddress, written] of [
      ["full", "ip:192.0.2.7"],
      ["network", "ip:192.0.2.0"],
      ["none", "ip:-"],
    ] as const
  ) {
    const { clock, sent, recorder } = recorderOf({ wanted: () => ({ ...ALL, logAddress }) });
    recorder.record(facts({ address: "192.0.2.7" }));
    clock.tick(100);
    assertEquals(/ip:\S+/.exec(sent[0]!.lines[0]!)?.[0], written);
  }
});

Deno.test("BatchRecorder keeps little of long agents, and drops what a busy reader has no room for", () => {
  const { clock, sent, recorder } = recorderOf({ wanted: () => SAMPLED, limit: 100_000 });
  const userAgent = "u".repeat(7900);
  const second = (): void => {
    for (let i = 0; i < 1000; i++) {
      recorder.record(facts({ download: "ranged", userAgent: userAgent + i }));
      recorder.record(facts({ userAgent }));
    }
    clock.tick(1000);
  };
  const bytes = (): number => JSON.stringify(sent).length;
  for (let i = 0; i < 10; i++) second();
  assert(bytes() < 300_000, `${bytes()} bytes`);
  const dropped = (): number => sent.reduce((sum, { dropped }) => sum + dropped.parts, 0);
  const sentParts = (): number => sent.reduce((sum, { ranged }) => sum + ranged.length, 0);
  for (let before = -1; before !== sent.length;) {
    before = sent.length;
    for (let i = 0; i < before; i++) recorder.taken();
    clock.tick(5000);
  }
  recorder.flush();
  // Nothing is lost unnoticed, and counts never are.
  assertEquals(sentParts() + dropped(), 10_000);
  const counted = sent.flatMap(({ batches }) =>
    batches.flatMap(({ files }) => [...files.values()])
  );
  assertEquals(counted.reduce((sum, count) => sum + count, 0), 10_000);
  const lines = sent.flatMap(({ lines }) => lines.join("\n").split("\n").filter((line) => line));
  const droppedLines = sent.reduce((sum, { dropped }) => sum + dropped.lines, 0);
  assertEquals(lines.length + droppedLines, 20_000);
  assert(dropped() > 0 && droppedLines > 0);
});

Deno.test("BatchRecorder has a quarter of its room for parts, whether they are kept or on their way", () => {
  const { clock, sent, recorder } = recorderOf({ wanted: () => NO_LINES, limit: 100_000 });
  const parts = (): number => sent.reduce((sum, { ranged }) => sum + ranged.length, 0);
  const record = (): void => {
    for (let i = 0; i < 1000; i++) {
      recorder.record(facts({ download: "ranged", userAgent: `${i}`, path: "/1234567890" }));
    }
    clock.tick(2000);
  };
  record();
  assertEquals(parts(), Math.floor(25_000 / 211));
  record();
  assertEquals(parts(), Math.floor(25_000 / 211));
  for (const _ of sent) recorder.taken();
  record();
  assertEquals(parts(), 2 * Math.floor(25_000 / 211));
});

Deno.test("BatchRecorder counts a bounded number of paths at once, and mirrors whatever comes", () => {
  const { clock, sent, recorder } = recorderOf({ wanted: () => NO_LINES, paths: 100 });
  const record = (): void => {
    for (let i = 0; i < 1000; i++) recorder.record(facts({ path: `/${i % 150}` }));
    clock.tick(2000);
  };
  record();
  record();
  for (const { batches, dropped } of sent) {
    const { files, mirrors } = batches[0]!;
    const counted = [...files.values()].reduce((sum, count) => sum + count, 0);
    assertEquals([files.size, counted + dropped.files!], [100, 1000]);
    assertEquals([...mirrors.values()].map(({ downloads }) => downloads), [1000]);
  }
  assertEquals(sent.length, 2);
});

Deno.test("downloadLogLine() rounds the distance to hundredths", () => {
  const cases = [[0, "0.00"], [0.004, "0.00"], [9.096, "9.10"], [999.999, "1000.00"]] as const;
  for (const [distance, text] of [...cases, [20_015.086, "20015.09"]] as const) {
    const line = downloadLogLine("T", facts({ candidate: { ...candidate(1), distance } }));
    assertMatch(line, new RegExp(` distance:${text.replace(".", "[.]")}km `));
  }
});

Deno.test("BatchRecorder keeps a bounded number of hashes of whole downloads, and counts them all", () => {
  const { sent, recorder } = recorderOf({ wanted: () => NO_LINES, limit: 8000 });
  for (let i = 0; i < 5000; i++) recorder.record(facts({ address: `192.0.2.${i % 256}` }));
  recorder.flush();
  assertEquals(sent[0]!.opened.length, 1000);
  const counted = sent[0]!.batches.flatMap(({ files }) => [...files.values()]);
  assertEquals(counted, [5000]);
});

Deno.test("BatchRecorder tells where redirects of large files led, each once, and so many at most", () => {
  let from: number | null = 50;
  const { clock, sent, recorder } = recorderOf({ largeFrom: () => from });
  const large = { size: 50, path: "/a" };
  recorder.record(facts(large));
  recorder.record(facts(large));
  recorder.record(facts({ ...large, download: "ranged", userAgent: "x", candidate: candidate(2) }));
  recorder.record(facts({ ...large, path: "/small", size: 49 }));
  recorder.record(facts({ ...large, path: "/fallback", candidate: candidate(0), fallback: true }));
  recorder.record(facts({ ...large, path: "/head", download: "none" }));
  recorder.record(facts({ ...large, path: "/json", status: 200 }));
  recorder.record(facts({ ...large, path: "/404", status: 404, candidate: null }));
  clock.tick(1000);
  assertEquals(sent.flatMap((recorded) => recorded.large ?? []), [
    { mirrorId: 1, path: "/a" },
    { mirrorId: 2, path: "/a" },
  ]);
  // It comes again, as nobody here knows what was done about it.
  recorder.record(facts(large));
  for (let i = 0; i < 600; i++) recorder.record(facts({ ...large, path: `/${i}` }));
  clock.tick(1000);
  assertEquals(sent.flatMap((recorded) => recorded.large ?? []).length, 2 + 500);
  from = null;
  recorder.record(facts(large));
  clock.tick(1000);
  assertEquals(sent.flatMap((recorded) => recorded.large ?? []).length, 2 + 500);
});

Deno.test("BatchRecorder sends what was tallied with the rest, and has no timer for it", () => {
  const tally = new RequestTally();
  const { clock, sent, recorder } = recorderOf({ tally, wanted: () => NO_LINES });
  tally.answered("not_found");
  assertEquals(clock.waiting, 0);
  recorder.record(facts({ status: 404, download: "none", candidate: null }));
  assertEquals(clock.waiting, 0);
  tally.answered("redirect");
  recorder.record(facts());
  clock.tick(500);
  assertEquals(sent.map(({ tallied }) => tallied?.answers), [{ not_found: 1, redirect: 1 }]);
  recorder.record(facts());
  clock.tick(500);
  assertEquals(sent[1]?.tallied, undefined);
  // Whoever ends leaves nothing behind.
  tally.answered("list");
  recorder.flush();
  assertEquals(sent[2]?.tallied?.answers, { list: 1 });
  recorder.flush();
  assertEquals(sent.length, 3);
});

Deno.test("BatchRecorder sends what is counted by the hour within two seconds, or with downloads", () => {
  const hours = new HourTally();
  const { clock, sent, recorder } = recorderOf({ hours, wanted: () => NO_LINES, limit: 100 });
  const counts = (): unknown[] =>
    sent.flatMap(({ hours = [], batches }) => [hours.map(({ counts }) => counts), batches.length]);
  hours.answered("not_found", TIME, false);
  clock.tick(1999);
  assertEquals(counts(), []);
  clock.tick(1);
  assertEquals(counts(), [[{ "answer:not_found": 1 }], 0]);
  recorder.taken();
  // Downloads that wait already take it along.
  hours.answered("not_found", TIME, false);
  clock.tick(1900);
  recorder.record(facts({ userAgent: null }));
  clock.tick(499);
  assertEquals(sent.length, 1);
  clock.tick(1);
  assertEquals([sent.length, clock.waiting], [2, 0]);
  assertEquals(counts().slice(2), [
    [{ downloads: 1, bytes: 100, "answer:not_found": 1, "country:": 1 }],
    1,
  ]);
  // A reader that is behind is sent nothing more until it has taken in what it has.
  hours.answered("list", TIME, false);
  clock.tick(60_000);
  assertEquals(sent.length, 2);
  recorder.taken();
  clock.tick(500);
  assertEquals(counts().slice(4), [[{ "answer:list": 1 }], 0]);
});

Deno.test("BatchRecorder counts bytes by the hour that a mirror sends, and none of fallbacks", () => {
  const hours = new HourTally();
  const { sent, recorder } = recorderOf({ hours, wanted: () => NO_LINES });
  recorder.record(facts({ size: 7, country: "SE" }));
  recorder.record(facts({ size: 50, fallback: true, country: "SE" }));
  recorder.record(facts({ size: 900, candidate: candidate(0), country: "SE" }));
  recorder.record(facts({ size: 3000, candidate: null, country: "SE" }));
  recorder.flush();
  assertEquals(sent[0]?.hours?.map(({ counts }) => counts), [
    { downloads: 4, bytes: 7, "country:SE": 4 },
  ]);
});
