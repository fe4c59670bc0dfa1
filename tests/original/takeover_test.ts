import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Daemon } from "../support/daemon.ts";
import { askRaw } from "../support/raw_request.ts";
import { waitFor } from "../support/wait_for.ts";
import { differences } from "./differences.ts";
import { CLIENTS } from "./places.ts";
import { asOriginal, asOurs, WITH_ORIGINAL } from "./programs.ts";
import type { Case } from "./requests.ts";
import { FILES, Stand } from "./stand.ts";

type Dump = Record<string, unknown>;

/** What an operator reads; each line with single spaces, sorted: only `logs` has an order of its own. */
const COMMANDS = [
  ["list"],
  ["list", "-http", "-rsync", "-ftp", "-location", "-score"],
  ["show", "gb"],
  ["show", "se"],
  ["logs", "gb"],
  ["logs", "-l", "2", "se"],
  ["stats", "file", ".*"],
  ["stats", "mirror", "us"],
  ["export", "mirmon"],
];

/** Every kind of event, as they are kept in Redis, with whatever makes their words differ. */
const EVENTS = [
  { Type: 1, Err: "rsync: Timeout in data send/receive" },
  ...[2, 3, 4, 5].map((Type) => ({ Type })),
  ...[1, 2].flatMap((Proto) => [
    { Type: 6, Proto, Up: true, Reason: "" },
    { Type: 6, Proto, Up: false, Reason: "" },
    { Type: 6, Proto, Up: false, Reason: "File not found /a b (error 404)" },
  ]),
  ...[0, 1].map((Typ) => ({ Type: 7, Typ })),
  ...[0, -7_200_000, 19_800_500, 500].map((TZOffset) => ({
    Type: 8,
    FilesIndexed: 3,
    KnownIndexed: 2,
    Removed: 1,
    TZOffset,
  })),
  { Type: 99 },
];

/** What each command printed, by the command. */
type Outputs = Record<string, string[]>;

async function printed(daemon: Daemon): Promise<Outputs> {
  const outputs: Outputs = {};
  for (const command of COMMANDS) {
    const lines = (await daemon.ok(...command)).split("\n")
      .map((line) => line.replace(/\s+/g, " ").trim()).filter((line) => line !== "");
    outputs[command.join(" ")] = command[0] === "logs" ? lines : lines.sort();
  }
  return outputs;
}

/** The answers to one client in each mirror's country, for every file. */
async function answers(
  daemon: Daemon,
): Promise<(readonly [Case, Awaited<ReturnType<typeof askRaw>>])[]> {
  const cases = [...FILES, "/odd/alias.txt"].flatMap((target) =>
    (["gb", "se", "us"] as const).flatMap((name): Case[] => {
      const from = { "X-Forwarded-For": CLIENTS[name].address };
      const json = { ...from, Accept: "application/json" };
      return [
        { target, method: "HEAD", headers: from, drawn: false },
        { target, headers: json, drawn: false },
        { target: `${target}?sha1`, headers: json, drawn: false },
      ];
    })
  );
  return await Promise.all(
    cases.map(async (each) => [each, await askRaw(daemon.address, each)] as const),
  );
}

/** What changed between two dumps; several sets differ in time only. */
function changes(before: Dump, after: Dump): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !/^MIRRORBITS_(?:(?:BATCH|STATS)_|CARRIED$)/.test(key))
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => `${key}: ${JSON.stringify(before[key])} → ${JSON.stringify(after[key])}`);
}

/** What `show` prints of properties that both programs know; this one knows more of a mirror. */
function ofBoth(outputs: Outputs, others: Outputs): Outputs {
  const keyOf = (line: string): string => line.split(":", 1)[0]!;
  return Object.fromEntries(
    Object.entries(outputs).map(([command, lines]) => {
      if (!command.startsWith("show")) return [command, lines];
      const known = new Set(others[command]!.map(keyOf));
      return [command, lines.filter((line) => known.has(keyOf(line)))];
    }),
  );
}

/**
 * A dump without the times of scans and without the events, which every scan adds to.
 *
 * @param fields of a mirror that the original has, too; it keeps the others as they are
 */
function withoutTimes(dump: Dump, fields: ReadonlySet<string>): Dump {
  return Object.fromEntries(
    Object.entries(dump).filter(([key]) => !key.startsWith("MIRRORLOGS_")).map(([key, value]) => {
      if (!/^MIRROR_\d+$/.test(key)) return [key, value];
      const { lastSync: _last, lastSuccessfulSync: _successful, ...others } = value as Dump;
      const known = Object.entries(others).filter(([name]) => fields.has(name));
      return [key, Object.fromEntries(known.sort(([a], [b]) => a < b ? -1 : 1))];
    }),
  );
}

/** Downloads a file a few times, with one client that continues a download. */
async function download(stand: Stand, daemon: Daemon): Promise<void> {
  const { redis } = stand.other;
  const before = Number(await redis.get("STATS_TOTAL"));
  for (const name of ["gb", "se", "us", "us"] as const) {
    const headers = { "X-Forwarded-For": CLIENTS[name].address };
    await askRaw(daemon.address, { target: "/README.txt", headers });
    await askRaw(daemon.address, {
      target: "/pool/a/alpha_1.0.tar.gz",
      headers: { ...headers, "User-Agent": "wget", Range: "bytes=10-" },
    });
  }
  // The first of those parts was counted by whoever ran first.
  const expected = before + 4 + (before === 0 ? 3 : 0);
  await waitFor(async () => Number(await redis.get("STATS_TOTAL")) >= expected, {
    what: `${expected} downloads to be counted`,
  });
  assertEquals(Number(await redis.get("STATS_TOTAL")), expected);
}

Deno.test({
  ...WITH_ORIGINAL,
  name:
    "this program takes over from the original with its configuration, and the original from it",
  async fn(test) {
    await using stand = await Stand.start();
    const daemon = asOriginal(await stand.daemon("both"));
    const { redis } = stand.other;
    const scanned = async (): Promise<boolean> => await redis.scard("FILES") === FILES.length;

    await daemon.start();
    await waitFor(scanned, { what: "the source to be scanned" });
    for (const name of ["gb", "se", "us"] as const) await stand.addMirror(daemon, name);
    await stand.waitUntilServing(daemon, ["gb", "se", "us"]);
    await download(stand, daemon);
    const MirrorID = await stand.id("gb");
    for (const [second, event] of EVENTS.entries()) {
      const Timestamp = new Date(Date.UTC(2026, 0, 2, 3, 4, second)).toISOString();
      const text = JSON.stringify({ ...event, MirrorID, Timestamp });
      await redis.rpush(`MIRRORLOGS_${MirrorID}`, text);
    }
    let [answered, shown] = [await answers(daemon), await printed(daemon)];
    await daemon.stop("SIGQUIT");
    let dump = await stand.other.dump();
    const fields = new Set(Object.keys(dump[`MIRROR_${MirrorID}`] as Dump));

    const refreshed = async (): Promise<boolean> => (await daemon.cli("refresh")).code === 0;
    const takeOver = async (): Promise<void> => {
      await daemon.start();
      await waitFor(refreshed, { what: "a source scan" });
      assertEquals(changes(dump, await stand.other.dump()), []);
      const now = await answers(daemon);
      for (const [index, [request, theirs]] of answered.entries()) {
        const ours = now[index]![1];
        assertEquals(differences({ request, theirs, ours }), [], JSON.stringify(request));
      }
      // YAML has two ways to quote; how files compare with the source, only this program counts.
      const unquoted = (outputs: typeof shown): string =>
        JSON.stringify(outputs, null, 1).replace(/'|\\"/g, "")
          .replace(/(Scan completed: \d+ files)[ :(][^"]*/g, "$1");
      const outputs = await printed(daemon);
      assertEquals(unquoted(ofBoth(outputs, shown)), unquoted(ofBoth(shown, outputs)));
    };
    const rescan = async (...names: string[]): Promise<void> => {
      dump = await stand.other.dump();
      await daemon.ok("refresh");
      for (const name of names) await daemon.ok("scan", name);
      const after = await stand.other.dump();
      assertEquals(changes(withoutTimes(dump, fields), withoutTimes(after, fields)), []);
    };

    await test.step("this program goes on where the original stopped", async () => {
      asOurs(daemon);
      await takeOver();
      await download(stand, daemon);
    });

    await test.step("its scans find what the original's found", async () => {
      await rescan("gb", "se", "us");
    });

    await test.step("the original goes on where this program stopped", async () => {
      await stand.addMirror(daemon, "cn");
      await stand.waitUntilServing(daemon, ["cn"]);
      [answered, shown] = [await answers(daemon), await printed(daemon)];
      assertStringIncludes(shown["list"]!.join(), "cn up");
      assertEquals(await daemon.stop("SIGTERM"), 0);
      dump = await stand.other.dump();
      asOriginal(daemon);
      await takeOver();
      await download(stand, daemon);
    });

    await test.step("its scans find what those of this program found", async () => {
      await rescan("gb", "se", "us", "cn");
    });

    await test.step("a mirror that this program added, the original removes without a trace", async () => {
      const id = await stand.id("cn");
      await daemon.ok("remove", "-f", "cn");
      const left = (await redis.keys("*")).filter((key) => new RegExp(`_${id}(_|$)`).test(key));
      assertEquals(left, []);
      assert(!(await redis.smembers("FILEMIRRORS_/README.txt")).includes(`${id}`));
    });
  },
});
