import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { INITIAL_STATE } from "../../lib/catalog/mirror_state_fields.ts";
import { parseEvent } from "../../lib/store/redis/event_json.ts";
import { formatFloat32 } from "../../lib/store/redis/go_float.ts";
import { periodSuffix } from "../../lib/store/redis/keys.ts";
import { mirrorRecord } from "../../lib/store/redis/mirror_hash.ts";
import { isForbidden, meansDown, reasonOf } from "../../lib/store/redis/redis_error.ts";
import { isRecentEnough, parseServerInfo } from "../../lib/store/redis/server_info.ts";

Deno.test("formatFloat32() writes numbers as Go prints a float32", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [-0, "0"],
    [46, "46"],
    [58.4167, "58.4167"],
    [35.68536, "35.68536"],
    [139.7531, "139.7531"],
    [-0.0931, "-0.0931"],
    [Math.fround(51.5142), "51.5142"],
    [0.1 + 0.2, "0.3"],
    [0.00012, "0.00012"],
    [0.00001, "1e-05"],
    [-1.5e-7, "-1.5e-07"],
  ];
  for (const [value, text] of cases) assertEquals(formatFloat32(value), text);
});

Deno.test("formatFloat32() keeps the float32, in nine digits at most", () => {
  fc.assert(fc.property(fc.double({ min: -180, max: 180, noNaN: true }), (value) => {
    const text = formatFloat32(value);
    assertEquals(Math.fround(Number(text)), Math.fround(value) + 0);
    assertEquals(text.replaceAll(/e.*|\D/g, "").replace(/^0+/, "").length <= 9, true, text);
  }));
});

Deno.test("mirrorRecord() takes what is missing for nothing", () => {
  const record = mirrorRecord(7, { ID: "7", name: "m", countryCodes: "DE,FR  GB" });
  const { httpUp, stateSince, lastSync, lastModTime, lastSuccessfulSyncPrecision } = record;
  assertEquals(
    { httpUp, stateSince, lastSync, lastModTime, lastSuccessfulSyncPrecision },
    {
      httpUp: INITIAL_STATE.httpUp,
      stateSince: null,
      lastSync: null,
      lastModTime: null,
      lastSuccessfulSyncPrecision: 0,
    },
  );
  assertEquals(record.countryCodes, ["DE", "FR", "GB"]);
  assertEquals([record.id, record.score, record.allowRedirects], [7, 0, null]);
});

Deno.test("mirrorRecord() takes zero, nothing and Go's zero time for a time that never was", () => {
  for (const text of ["0", "", "-62135596800", "?"]) {
    const { stateSince, lastSync } = mirrorRecord(1, { stateSince: text, lastSync: "1795345445" });
    assertEquals([stateSince, lastSync], [null, 1_795_345_445_000]);
  }
});

Deno.test("mirrorRecord() takes numbers that nothing can be for none", () => {
  const numbers = { current: 1, older: 2, size: 3, newer: 4, missing: 5, foreign: 6 };
  const times = { behindSince: null, scan: 1_795_345_445_000 };
  const read = (changes: object): unknown =>
    mirrorRecord(1, { scanNumbers: JSON.stringify({ ...numbers, ...times, ...changes }) })
      .scanNumbers;
  assertEquals(read({}), { ...numbers, ...times });
  for (const odd of [-7, 1e20, 0.5, "1", null]) {
    assertEquals(read({ current: odd }), null, `${odd}`);
  }
  for (const odd of [1e20, 8.64e15 + 1, "now"]) assertEquals(read({ scan: odd }), null, `${odd}`);
  for (const text of ["1e20", "-1e20", "Infinity", "-Infinity", "NaN", "x"]) {
    const { score, latitude, lastSync, timeZoneOffset, lastSuccessfulSyncPrecision } = mirrorRecord(
      1,
      {
        ...{ score: text, lastSync: text, tzoffset: text },
        lastSuccessfulSyncPrecision: text.replace("1e20", "1e30"),
        latitude: text.replace(/^-?1e20$/, ""),
      },
    );
    const found = [score, latitude, lastSync, timeZoneOffset, lastSuccessfulSyncPrecision];
    assertEquals(found.map((value) => Number(value) || 0), [0, 0, 0, 0, 0], text);
    assertEquals(found.map((value) => value === null ? null : Number.isFinite(value)), [
      ...[true, true, null, true, true],
    ], text);
  }
  // The last moment that there is.
  assertEquals(mirrorRecord(1, { lastSync: "8640000000000" }).lastSync, 8.64e15);
  assertEquals(mirrorRecord(1, { lastSync: "8640000000001" }).lastSync, null);
});

Deno.test("mirrorRecord() cuts what is only shown", () => {
  const record = mirrorRecord(1, {
    httpDownReason: "x".repeat(100_000),
    downtime: JSON.stringify({
      ...{ from: 1, until: null, started: true, by: "" },
      reason: "ü".repeat(10_000),
    }),
    comment: "x".repeat(100_000),
  });
  assertEquals(record.httpDownReason, `${"x".repeat(8_189)}…`);
  assertEquals(record.downtime?.reason, `${"ü".repeat(4_094)}…`);
  assertEquals(record.comment.length, 100_000);
});

Deno.test("parseEvent() takes counts that nothing can be for none", () => {
  const event = parseEvent(
    1,
    `{"Type":8,"Timestamp":"2026-11-22T14:04:05Z","FilesIndexed":-7,"KnownIndexed":1e20,` +
      `"Removed":"3","TZOffset":-3600000,"Numbers":{"current":-1}}`,
  );
  assertEquals(event, {
    ...{ mirrorId: 1, time: Date.UTC(2026, 10, 22, 14, 4, 5), type: "scan_completed" },
    ...{ indexed: 0, known: 0, removed: 0, timeZoneOffset: -3_600_000 },
  });
});

Deno.test("parseEvent() leaves out what it does not know", () => {
  const time = `"Timestamp":"2026-11-22T14:04:05Z"`;
  for (
    const text of [
      `{"Type":9,"MirrorID":1,${time}}`,
      `{"MirrorID":1,${time}}`,
      `{"Type":2,"MirrorID":1}`,
      `{"Type":2,"MirrorID":1,"Timestamp":"yesterday"}`,
      "null",
      "[]",
      "2",
      "",
      "{",
    ]
  ) assertEquals(parseEvent(1, text), null, text);
  assertEquals(parseEvent(1, `{"Type":6,${time}}`), {
    mirrorId: 1,
    time: Date.UTC(2026, 10, 22, 14, 4, 5),
    type: "state",
    protocol: "http",
    up: false,
    reason: "",
  });
});

Deno.test("periodSuffix() gives the ending of a counter's key", () => {
  assertEquals(
    ["", "2026", "2026-11", "2026-11-22"].map(periodSuffix),
    ["", "_2026", "_2026_11", "_2026_11_22"],
  );
});

Deno.test("meansDown() tells a server that cannot be used now from a command that failed", () => {
  for (
    const message of [
      "LOADING Redis is loading the dataset in memory",
      "READONLY You can't write against a read only replica.",
      "MASTERDOWN Link with MASTER is down",
      "NOAUTH Authentication required.",
    ]
  ) assertEquals(meansDown(new Error(message)), true, message);
  for (const message of ["WRONGTYPE Operation against", "ERR LOADING", "Connection is closed."]) {
    assertEquals(meansDown(new Error(message)), false, message);
  }
});

Deno.test("isForbidden() tells a right that is missing", () => {
  assertEquals(isForbidden(new Error("NOPERM this user has no permissions to run 'eval'")), true);
  assertEquals(isForbidden(new Error("ERR unknown command 'SCRIPT'")), true);
  assertEquals(isForbidden(new Error("ERR syntax error")), false);
});

Deno.test("reasonOf() says it in words, on one line, without the password", () => {
  const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  assertEquals(reasonOf(refused, ""), "connection refused");
  assertEquals(
    reasonOf(new Error("ERR unknown command `AUTH`, with\r\nargs: `s3cret`."), "s3cret"),
    "ERR unknown command `AUTH`, with args: `***`",
  );
});

Deno.test("parseServerInfo() reads what servers tell", () => {
  assertEquals(
    parseServerInfo("# Server\r\nredis_version:3.2.12\r\nredis_mode:standalone\r\nrole:master\r\n"),
    { name: "Redis 3.2.12", version: "3.2.12", loading: false, primary: null, sentinel: false },
  );
  assertEquals(
    parseServerInfo(
      "redis_version:7.2.4\nserver_name:valkey\nvalkey_version:8.0.1\nloading:1\n" +
        "role:slave\nmaster_host:10.0.0.1\nmaster_port:6379",
    ),
    {
      name: "Valkey 8.0.1",
      version: "7.2.4",
      loading: true,
      primary: "10.0.0.1:6379",
      sentinel: false,
    },
  );
  assertEquals(parseServerInfo("redis_mode:sentinel").sentinel, true);
  assertEquals(parseServerInfo("").version, null);
});

Deno.test("isRecentEnough() wants Redis 3.2", () => {
  const cases = { "2.8.24": false, "3.0.7": false, "3.2.0": true, "4.0": true, "7.2.4": true };
  for (const [version, enough] of Object.entries(cases)) {
    assertEquals(isRecentEnough(version), enough, version);
  }
});
