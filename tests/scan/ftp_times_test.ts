import { assertEquals } from "@std/assert";
import type { FtpFile } from "../../lib/scan/ftp_entry.ts";
import { FtpTimes } from "../../lib/scan/ftp_times.ts";

const MINUTE = Date.UTC(2026, 10, 14, 22, 13);
const MODIFIED = MINUTE + 20_000;
const listed: FtpFile = {
  type: "file",
  name: "x",
  size: 3,
  modTime: MINUTE,
  resolution: 60_000,
};

/** A server that tells these times, with fractions where there are some. */
function session(times: Readonly<Record<string, number>>) {
  const asked: string[] = [];
  return {
    asked,
    knowsTimes: true,
    modTime(path: string) {
      asked.push(path);
      const time = times[path]!;
      return Promise.resolve({ time, fractions: time % 1000 !== 0 });
    },
  };
}

Deno.test("FtpTimes claims no fractions for times that it knows without them", async () => {
  const times = { "/first": MODIFIED, "/known": MODIFIED, "/new": MODIFIED + 456 };
  const known = { size: 3, modTime: MODIFIED };
  for (
    const [paths, asked, precision] of [
      [["/first", "/known"], ["/first"], 1000],
      // The time of the second one, from a listing by rsync, may lack what the server would tell.
      [["/first", "/known", "/new"], ["/first", "/new"], 1000],
      [["/new", "/known"], ["/new", "/known"], 1],
      [["/first", "/new"], ["/first", "/new"], 1],
    ] as const
  ) {
    const server = session(times);
    const exact = new FtpTimes(server, (path) => path === "/known" ? known : null);
    for (const path of paths) assertEquals(await exact.timeOf(listed, path, path), times[path]);
    assertEquals([server.asked, exact.precision], [[...asked], precision]);
  }
});
