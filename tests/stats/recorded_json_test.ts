import { assertEquals } from "@std/assert";
import { recordedFromJson, recordedToJson } from "../../lib/stats/recorded_json.ts";
import type { RecordedAnswers } from "../../lib/stats/recorder.ts";
import { recordedAnswers } from "../support/recorded_answers.ts";

Deno.test("recordedFromJson() reads what recordedToJson() wrote", () => {
  const recorded: RecordedAnswers = {
    batches: [{
      day: "2026-11-22",
      files: new Map([["/a", 2], ["/ü\n", 1]]),
      mirrors: new Map([[7, { downloads: 3, bytes: 2 ** 40 }]]),
      ranged: [{ clientHash: "x", path: "/a", mirrorId: null, size: 1, seconds: 600 }],
    }],
    ranged: [{
      ...{ time: 1.5, path: "/r", mirrorId: 7, size: 9, clientHash: "x", hash: 2 ** 53 - 1 },
      country: "SE",
    }],
    hours: [{ hour: "2026-11-22T15", counts: { downloads: 3, "country:SE": 3 } }],
    opened: Float64Array.of(1, 2 ** 53 - 1),
    lines: ["one\ntwo"],
    refused: { lines: ["three"], more: 4 },
    answers: { all: 7, fallback: 2 },
    large: [{ mirrorId: 7, path: "/ü" }],
    dropped: { parts: 5, lines: 6 },
  };
  const text = JSON.stringify(recordedToJson(recorded));
  assertEquals(recordedFromJson(JSON.parse(text)), recorded);
});

Deno.test("recordedFromJson() reads what an earlier version wrote", () => {
  const part = { time: 1, path: "/r", mirrorId: 7, size: 9, client: "::1/agent" };
  const text = JSON.stringify({ batches: [], ranged: [part], lines: ["one"] });
  assertEquals(recordedFromJson(JSON.parse(text)), recordedAnswers({ lines: ["one"] }));
  const known = { ...part, clientHash: "x", hash: 1 };
  const later = JSON.stringify({ batches: [], ranged: [known], lines: [] });
  assertEquals(recordedFromJson(JSON.parse(later)).ranged[0]?.country, "");
  // It did not count by name: its downloads count for their day all the same.
  const mirrors = [[1, { downloads: 2, bytes: 20 }], [2, { downloads: 1, bytes: 7 }]];
  const batch = { day: "2026-11-22", files: [["/a", 3], ["/b", 1]], mirrors };
  const counted = JSON.stringify({ batches: [batch], ranged: [], lines: [] });
  assertEquals(recordedFromJson(JSON.parse(counted)).hours, [
    { hour: "2026-11-22", counts: { downloads: 4, bytes: 27 } },
  ]);
});
