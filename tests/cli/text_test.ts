import { assertEquals } from "@std/assert";
import { eventText } from "../../lib/catalog/event_text.ts";
import { byteSize } from "../../lib/catalog/byte_size.ts";
import { formatDate, formatLogTime } from "../../cli/terminal/format_time.ts";
import { LineReader } from "../../cli/terminal/line_reader.ts";
import { meantWord } from "../../cli/meant_word.ts";
import { formatTable } from "../../cli/terminal/table.ts";
import type { EventJson } from "../../lib/control/api/event_schema.ts";

Deno.test("byteSize() writes sizes for people, with a digit for single bytes where asked", () => {
  const cases: [bytes: number, text: string][] = [
    [0, "0.0 bytes"],
    [1023, "1023.0 bytes"],
    [1536, "1.5 KiB"],
    [1048576, "1.0 MiB"],
    [5 * 1024 ** 4, "5.0 TiB"],
    [2 ** 70, "1024.0 EiB"],
  ];
  for (const [bytes, text] of cases) assertEquals(byteSize(bytes, 1), text);
});

Deno.test("formatDate() and formatLogTime() write times in UTC", () => {
  assertEquals(formatDate("2026-11-22T15:04:05.999Z"), "Sun, 22 Nov 2026 15:04:05 UTC");
  assertEquals(formatDate(null), "Mon, 01 Jan 0001 00:00:00 UTC");
  assertEquals(formatLogTime("2026-11-22T15:04:05.999Z"), "2026-11-22 15:04:05 UTC");
});

Deno.test("eventText() tells every kind of event in the original's words", () => {
  const base = { mirrorId: 1, time: "2026-11-22T15:04:05.000Z" };
  const scanned = { ...base, type: "scan_completed", indexed: 3, known: 2, removed: 1 } as const;
  const cases: [event: EventJson, text: string][] = [
    [{ ...base, type: "added" }, "Mirror added"],
    [{ ...base, type: "edited" }, "Mirror edited"],
    [{ ...base, type: "enabled" }, "Mirror enabled"],
    [{ ...base, type: "disabled" }, "Mirror disabled"],
    [{ ...base, type: "error", message: "rsync: Boom" }, "Error: rsync: Boom"],
    [{ ...base, type: "state", protocol: "http", up: true, reason: "" }, "HTTP mirror is up"],
    [{ ...base, type: "state", protocol: "http", up: true, reason: "why" }, "HTTP mirror is up"],
    [{ ...base, type: "state", protocol: "https", up: false, reason: "" }, "HTTPS mirror is down"],
    [
      { ...base, type: "state", protocol: "https", up: false, reason: "Unreachable" },
      "HTTPS mirror is down: Unreachable",
    ],
    [
      {
        ...{ ...base, type: "state", protocol: "http", up: false, reason: "Unreachable" },
        cause: {
          ...{ kind: "connect", text: "connection refused" },
          ...{ address: "192.0.2.7", milliseconds: 12 },
        },
      },
      "HTTP mirror is down: Unreachable: connection refused (192.0.2.7, 12 ms)",
    ],
    [
      {
        ...{ ...scanned, timeZoneOffset: 0 },
        numbers: { current: 2, older: 1, size: 0, newer: 0, missing: 4, foreign: 0 },
      },
      "Scan completed: 3 files (2 known), 1 removed: 2 current, 1 older, 4 missing",
    ],
    // Scripts know these words.
    [
      {
        ...{ ...scanned, known: 3, timeZoneOffset: 0 },
        numbers: { current: 3, older: 0, size: 0, newer: 0, missing: 0, foreign: 0 },
      },
      "Scan completed: 3 files (3 known), 1 removed",
    ],
    [
      { ...base, type: "certificate", ends: "2026-12-01T00:00:00.000Z", days: 1 },
      "The certificate ends in 1 day, on 2026-12-01",
    ],
    [
      { ...base, type: "certificate", ends: "2020-12-01T00:00:00.000Z", days: 0 },
      "The certificate ended on 2020-12-01",
    ],
    [
      { ...base, type: "copy_forgotten", path: "/a b", why: "missing" },
      "File not found /a b: forgotten until the next scan",
    ],
    [{ ...base, type: "note", text: "new disks" }, "Note: new disks"],
    [
      {
        ...{ ...base, type: "downtime", step: "planned", reason: "new disks" },
        ...{ from: "2026-12-01T02:00:00.000Z", until: "2026-12-01T04:00:00.000Z" },
      },
      "Downtime planned from 2026-12-01 02:00 UTC until 2026-12-01 04:00 UTC: new disks",
    ],
    [
      {
        ...{ ...base, type: "downtime", step: "began", reason: "" },
        ...{ from: "2026-12-01T02:00:00.000Z", until: null },
      },
      "Downtime begins",
    ],
    [{ ...base, type: "scan_started", protocol: "rsync" }, "RSYNC scan started"],
    [{ ...base, type: "scan_started", protocol: "ftp" }, "FTP scan started"],
    [{ ...scanned, timeZoneOffset: 0 }, "Scan completed: 3 files (2 known), 1 removed"],
    [
      { ...scanned, timeZoneOffset: -7_200_000 },
      "Scan completed: 3 files (2 known), 1 removed (corrected timezone offset: -2h0m0s)",
    ],
    [
      { ...scanned, timeZoneOffset: 19_800_500 },
      "Scan completed: 3 files (2 known), 1 removed (corrected timezone offset: 5h30m0.5s)",
    ],
  ];
  for (const [event, text] of cases) assertEquals(eventText(event), text);
});

Deno.test("eventText() tells of a mirror that lacks something, or has something else", () => {
  const none = { current: 2, older: 0, size: 0, newer: 0, missing: 0, foreign: 0 };
  const words = { older: "older", size: "of another size", newer: "newer" };
  for (const [kind, word] of Object.entries({ ...words, missing: "missing", foreign: "foreign" })) {
    const text = eventText({
      time: 0,
      ...{ type: "scan_completed", protocol: "rsync", indexed: 3, known: 2, removed: 0 },
      ...{ timeZoneOffset: 0, numbers: { ...none, [kind]: 1 } },
    });
    assertEquals(text, `Scan completed: 3 files (2 known), 0 removed: 2 current, 1 ${word}`);
  }
});

Deno.test("formatTable() aligns columns and leaves nothing at the ends of lines", async () => {
  assertEquals(
    await formatTable([["A", "B", ""], ["ä🎉c", "", ""], ["x", "y", "z"]]),
    "A     B\nä🎉c\nx     y  z\n",
  );
  assertEquals(await formatTable([["A", "B"], ["abc", "d"]]), "A    B\nabc  d\n");
});

Deno.test("LineReader gives line after line, also the last without an end", async () => {
  const chunks = ["one\r\ntw", "o\n", "\nlast"].map((text) => new TextEncoder().encode(text));
  const reader = new LineReader((buffer) => {
    const chunk = chunks.shift();
    if (chunk) buffer.set(chunk);
    return Promise.resolve(chunk?.length ?? null);
  });
  const lines: (string | null)[] = [];
  for (let i = 0; i < 5; i++) lines.push(await reader.readLine());
  assertEquals(lines, ["one", "two", "", "last", null]);
});

Deno.test("meantWord() finds the only word that begins so, or the nearest", () => {
  const words = ["refresh", "reload", "remove", "config", "systemd-unit"];
  assertEquals(meantWord("conf", words), "config");
  assertEquals(meantWord("SYS", words), "systemd-unit");
  assertEquals(meantWord("re", words), null);
  assertEquals(meantWord("relaod", words), "reload");
  assertEquals(meantWord("frobnicate", words), null);
  assertEquals(meantWord("", words), null);
});
