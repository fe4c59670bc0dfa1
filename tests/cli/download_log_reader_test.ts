import { assertEquals } from "@std/assert";
import { readDownloadLog, readLogLine } from "../../cli/download_log_reader.ts";
import { downloadLogLine } from "../../lib/stats/download_log_line.ts";
import { mirrorRecord } from "../selection/fixtures.ts";

Deno.test("readLogLine() reads what the download log writes, whatever the path is", () => {
  for (const path of ["/a b", '/"x"', "/back\\slash", "/line\nbreak", "/é🦕\u2028"]) {
    const line = downloadLogLine("2026/11/22 15:04:05.678", {
      time: 0,
      type: "REDIRECT",
      status: 302,
      method: "GET",
      path,
      address: "2001:db8::1",
      asNumber: 0,
      candidate: { mirror: mirrorRecord(1), distance: 1 },
      fallback: false,
      error: "",
      download: "whole",
      size: 1,
      country: "",
      userAgent: null,
    });
    assertEquals(readLogLine(line), { address: "2001:db8::1", path, mirror: "m1" });
  }
});

Deno.test("readDownloadLog() puts lines together, and drops the rest of endless ones", async () => {
  const line = 'x REDIRECT 302 GET "/a" ip:192.0.2.1 mirror:m1 asn:0 distance:1.00km countries:DE';
  const text = `${line}\n${"z".repeat(200_000)}\n${line}`;
  const bytes = new TextEncoder().encode(text);
  const pieces = Array.from(
    { length: Math.ceil(bytes.length / 1000) },
    (_, index) => bytes.subarray(index * 1000, (index + 1) * 1000),
  );
  const paths: string[] = [];
  await readDownloadLog(ReadableStream.from(pieces), ({ path }) => {
    paths.push(path);
  });
  assertEquals(paths, ["/a", "/a"]);
});
