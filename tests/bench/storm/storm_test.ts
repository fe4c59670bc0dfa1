import { assertEquals } from "@std/assert";
import { readListings } from "./listings.ts";
import type { ServedRequest } from "./logged_server.ts";
import { whyUnlisted } from "./unlisted.ts";
import { deadFor, isOurs } from "./verdict.ts";

/** Requests of one update, one in each second from 1 on. */
function requests(...servers: string[]): ServedRequest[] {
  return servers.map((server, i) => ({
    ...{ update: 2, time: 1000 * (i + 1), server, path: "/InRelease", status: 200 },
  }));
}

Deno.test("A failure is ours when two servers gave files that did not change meanwhile", () => {
  const old = new Map([["m1", [[0, 900] as const]], ["m2", [[4000, 5000] as const]]]);
  assertEquals(isOurs(requests("m1", "m2"), old), true);
  assertEquals(isOurs(requests("m1", "m2", "m1"), old), true);
  assertEquals(isOurs(requests("m1", "m1"), old), false, "one server");
  assertEquals(isOurs([], old), false, "nobody was asked");
});

Deno.test("A failure is not ours while one of two servers changed", () => {
  for (const change of [[900, 1000], [1500, 1600], [2000, 9000], [0, 9000]] as const) {
    assertEquals(isOurs(requests("m1", "m2"), new Map([["m2", [change]]])), false, `${change}`);
  }
  const third = new Map([["m3", [[1500, 1600] as const]]]);
  assertEquals(isOurs(requests("m1", "m3", "m2"), third), true, "two others did not change");
});

Deno.test("How long a mirror was dead when an update was sent there", () => {
  const deaths = new Map([["http://m1/", [[5000, 13_000] as const]], ["http://m2/", []]]);
  const sent = (time: number, server: string) =>
    deadFor([{ update: 2, time, location: `http://${server}/InRelease` }], deaths);
  assertEquals(sent(5400, "m1"), 400);
  assertEquals(sent(4300, "m1"), -700, "it died while the client was on its way");
  assertEquals(sent(3900, "m1"), null, "it died later");
  assertEquals(sent(13_001, "m1"), null, "it lives again");
  assertEquals(sent(5400, "m2"), null, "another one died");
});

const LOG = `2026/11/29 12:08:04 [7] rsyncd version 3.2.7 starting, listening on port 4000
2026/11/29 12:08:05 [8] rsync on m1/repodata/ from localhost (127.0.0.1)
2026/11/29 12:08:05 [8] building file list
2026/11/29 12:08:06 [9] rsync on m2/ from localhost (127.0.0.1)
2026/11/29 12:08:06 [8] sent 374 bytes  received 39 bytes  total size 60
2026/11/29 12:08:06 [10] rsync on m1/ from localhost (127.0.0.1)
2026/11/29 12:08:07 [9] sent 374 bytes  received 39 bytes  total size 60
`;

/** A time of the log. */
function at(seconds: number): number {
  return new Date(`2026-11-29T12:08:0${seconds}`).getTime();
}

/** What the redirector said when it was done with scans. */
function scans(...done: readonly (readonly [mirror: string, seconds: number])[]): string {
  return done.map(([mirror, seconds]) => {
    const time = new Date(at(seconds)).toISOString().replaceAll("-", "/").replace("T", " ");
    return `${
      time.replace("Z", " UTC")
    } Scan of ${mirror}: 4 files indexed, 4 known and 0 removed\n`;
  }).join("");
}

const SAID = scans(["m1", 6], ["m1", 7], ["m2", 9]);

Deno.test("What a mirror's listings show is read from the logs of rsync and the redirector", () => {
  assertEquals(readListings(LOG, SAID), [
    { module: "m1", below: "/repodata/", from: at(5), to: at(7) },
    { module: "m2", below: "/", from: at(6), to: at(9) },
  ]);
  assertEquals(readListings(LOG, scans(["m1", 6])), [], "nothing was said of them");
});

Deno.test("A mirror that is not listed for a file is judged by its disk and its listings", () => {
  const listings = readListings(LOG, SAID);
  const why = (passed: string, path: string, since: number | null, time: number) =>
    whyUnlisted({ path, passed, since, time }, listings);
  const late = "It was not listed since it got the file";
  assertEquals(why("m1", "/repodata/a.xml", null, at(9)), "It did not have the file");
  assertEquals(why("m1", "/repodata/a.xml", at(5) + 1, at(9)), late, "it came during the listing");
  assertEquals(why("m1", "/repodata/a.xml", at(4), at(6)), late, "the listing was not over");
  assertEquals(why("m1", "/repodata/a.xml", at(4), at(9)), listings[0], "a listing had shown it");
  assertEquals(why("m1", "/p.rpm", at(4), at(9)), late, "the listing was of another directory");
  assertEquals(why("m2", "/p.rpm", at(4), at(9)), listings[1], "a listing of everything");
  assertEquals(why("m3", "/p.rpm", at(4), at(9)), late, "the listings were of others");
});
