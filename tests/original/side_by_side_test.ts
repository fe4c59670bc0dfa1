import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { writeFile } from "../e2e/sample.ts";
import type { Daemon } from "../support/daemon.ts";
import { askRaw } from "../support/raw_request.ts";
import { waitFor } from "../support/wait_for.ts";
import { decisionOf } from "./decision_of.ts";
import { differences, MEANT } from "./differences.ts";
import { CLIENT_NAMES, CLIENTS, MIRROR_NAMES, type MirrorName } from "./places.ts";
import { asOriginal, WITH_ORIGINAL } from "./programs.ts";
import { cases } from "./requests.ts";
import { Stand } from "./stand.ts";

/** A configuration that answers otherwise than the defaults. */
const OTHER_SETTINGS = {
  Fallbacks: [
    { URL: "http://fallback-se.invalid/repo/", CountryCode: "se", ContinentCode: "eu" },
    { URL: "https://fallback-us.invalid/repo", CountryCode: "us", ContinentCode: "na" },
    { URL: "fallback-cn.invalid/repo/", CountryCode: "cn", ContinentCode: "as" },
  ],
  AllowHTTPToHTTPSRedirects: false,
  AllowOutdatedFiles: [{ Prefix: "/dists/", Minutes: 90 }],
  MaxLinkHeaders: 1,
  WeightDistributionRange: 3,
} as const;

/**
 * The lines of a download log that do not depend on a draw, without their time, each once. The
 * original writes none for what it refuses.
 */
function downloadLines(log: string): string[] {
  const addresses = CLIENT_NAMES.filter((name) => !("drawn" in CLIENTS[name]))
    .map((name) => CLIENTS[name].address.replaceAll(".", "\\."));
  const wanted = new RegExp(
    `^\\S+ \\S+ (\\w+ (?:200|302) (?:GET|HEAD) ".*" ip:(?:${addresses.join("|")}) .*)$`,
  );
  const lines = log.split("\n").flatMap((line) => wanted.exec(line)?.slice(1) ?? []);
  return [...new Set(lines)].sort();
}

Deno.test({
  ...WITH_ORIGINAL,
  name: "the original and this program work on one Redis at once, and answer alike",
  async fn(test) {
    await using stand = await Stand.start({ latin: true });
    const theirs = asOriginal(await stand.daemon("theirs"));
    const ours = await stand.daemon("ours");
    await theirs.start();
    await ours.start();
    for (const name of MIRROR_NAMES) await stand.addMirror(ours, name);
    for (const daemon of [ours, theirs]) await stand.waitUntilServing(daemon, MIRROR_NAMES);

    const seen = new Set<string>();
    const compareAll = async (): Promise<void> => {
      const unexpected: string[] = [];
      let count = 0;
      for (const request of cases()) {
        const [one, other] = await Promise.all([
          askRaw(theirs.address, request),
          askRaw(ours.address, request),
        ]);
        count++;
        const pair = { request, theirs: one, ours: other };
        const found = differences(pair);
        if (found.length === 0) continue;
        const meant = MEANT.find(({ applies }) => applies(pair));
        if (meant) seen.add(meant.why);
        else unexpected.push(`${JSON.stringify(request)}\n  ${found.join("\n  ")}`);
      }
      assertEquals(unexpected.join("\n"), "");
      assert(count > 500, `${count} requests`);
    };

    await test.step("the same requests have the same answers, but for what is meant", compareAll);

    await test.step("both count all downloads, and log theirs in the same words", async () => {
      const counted = async (daemon: Daemon): Promise<string> =>
        (await askRaw(daemon.address, { target: "/README.txt?stats" })).body;
      const logged = async (daemon: "ours" | "theirs"): Promise<string[]> =>
        downloadLines(await Deno.readTextFile(`${stand.directory}/daemon-${daemon}/downloads.log`));
      const settled = async (): Promise<boolean> => {
        const before = await stand.other.redis.get("STATS_TOTAL");
        await new Promise((resolve) => setTimeout(resolve, 1_100));
        return await stand.other.redis.get("STATS_TOTAL") === before;
      };
      await waitFor(settled, { what: "the counters to rest" });
      assertEquals(await counted(ours), await counted(theirs));
      assert(JSON.parse(await counted(ours)).Total > 50);
      const lines = await logged("theirs");
      assert(lines.length > 50, `${lines.length} lines`);
      assertEquals(await logged("ours"), lines);
    });

    const pairs = [["ours", ours, theirs], ["theirs", theirs, ours]] as const;
    for (const [whose, one, other] of pairs) {
      await test.step(`what ${whose} changes, the other one knows at once`, async () => {
        const until = async (reason: string | undefined): Promise<void> => {
          const known = async (): Promise<boolean> =>
            (await decisionOf(other, "/README.txt")).us === reason;
          await waitFor(known, { what: `"${reason}"`, timeout: 2_000, every: 5 });
        };
        await one.ok("disable", "us");
        await until("Disabled");
        await one.ok("enable", "us");
        await until("serves");
        await stand.edit(one, "us", { ExcludedCountryCodes: "US" });
        await until("User's country restriction");
        await stand.edit(one, "us", { ExcludedCountryCodes: "" });
        await until("serves");
        await one.ok("remove", "-f", "us");
        await until(undefined);
        await stand.addMirror(one, "us");
        await stand.waitUntilServing(one, ["us"]);
        await until("serves");
      });
    }

    await test.step("each mirror is checked by one of them", async () => {
      const checks = new Map<string, string[]>(MIRROR_NAMES.map((name) => [name, []]));
      for (const name of MIRROR_NAMES) {
        stand.servers[name].answer = ({ headers }) => {
          checks.get(name)?.push(headers.get("user-agent") ?? "");
          return new Response(null);
        };
      }
      const unchecked = (): MirrorName[] =>
        MIRROR_NAMES.filter((name) => checks.get(name)!.length < 2);
      await stand.insist(ours, unchecked, "two checks of each mirror");
      const checkers = [...checks.values()].map((agents) => [...new Set(agents)]);
      assertEquals(checkers.map(({ length }) => length), MIRROR_NAMES.map(() => 1));
      const byTheirs = checkers.filter(([agent]) => agent?.startsWith("Mirrorbits/v0.6"));
      assert([2, 3].includes(byTheirs.length), `${checkers}`);
      for (const name of MIRROR_NAMES) stand.servers[name].answer = null;
    });

    for (const [whose, one, other] of pairs) {
      await test.step(`a file that ${whose} finds in the repository is known to the other`, async () => {
        const path = `/new-${whose}.bin`;
        const repository = `${stand.directory}/repository`;
        const until = async (answer: string, key: string): Promise<void> => {
          const known = async (): Promise<boolean> =>
            (await decisionOf(other, path))[key] === answer;
          await waitFor(known, { what: `"${answer}" for ${path}`, timeout: 2_000, every: 5 });
        };
        assertEquals(await decisionOf(other, path), { status: "404" });
        for (const tree of ["repository", "us"]) {
          await writeFile(`${stand.directory}/${tree}`, path);
        }
        await one.ok("refresh");
        await one.ok("scan", "us");
        await until("serves", "us");
        await writeFile(repository, path, { size: 9 });
        await one.ok("refresh");
        await until("503", "status");
        await Deno.remove(repository + path);
        await one.ok("refresh");
        await until("404", "status");
      });

      await test.step(`${whose} keeps off what the other scans`, async () => {
        const lock = `SCANNING_${await stand.id("gb")}`;
        await stand.other.redis.set(lock, "1", "EX", 10);
        const { code, stderr } = await one.cli("scan", "gb");
        assertEquals(code, 1);
        assertStringIncludes(stderr, "already in progress");
        await stand.other.redis.del(lock);
      });
    }

    await test.step("so they have with fallbacks and other settings, after a reload", async () => {
      for (const daemon of [ours, theirs]) {
        daemon.configure(OTHER_SETTINGS);
        await daemon.ok("reload");
      }
      for (const daemon of [ours, theirs]) {
        await stand.waitUntilServing(daemon, MIRROR_NAMES);
        const pool = { target: "/pool" };
        await waitFor(async () => (await askRaw(daemon.address, pool)).status === 302, {
          what: "the fallbacks",
        });
      }
      await compareAll();
      // What does not differ any more need not be excused.
      assertEquals(MEANT.map(({ why }) => why).filter((why) => !seen.has(why)), []);
    });

    await test.step("the command line of the one tells what the daemon of the other is", async () => {
      [ours.cliCommand, theirs.cliCommand] = [theirs.cliCommand, ours.cliCommand];
      const [toOurs, toTheirs] = [await ours.cli("list"), await theirs.cli("list")];
      assertEquals([toOurs.code, toTheirs.code], [1, 1]);
      assertStringIncludes(toOurs.stderr, "This daemon is Mirrorbits for Deno");
      assertStringIncludes(toTheirs.stderr, "no daemon of this program");
    });
  },
});
