import { assert, assertEquals } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { MirrorServer } from "../support/mirror_server.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { writeFile } from "./sample.ts";

const REDIRECTS = 20_000;

/** In Great Britain, as the embedded database knows it. */
const CLIENT = "81.2.69.160";

const MIRRORS: readonly (readonly string[])[] = [
  ["-latitude", "51.5", "-longitude", "0", "-bandwidth", "1Gbit"],
  ["-latitude", "52", "-longitude", "-1", "-bandwidth", "4Gbit", "-max-share", "30"],
  ["-latitude", "53", "-longitude", "-2", "-score", "50"],
  ["-latitude", "54", "-longitude", "-2"],
  ["-global"],
  ["-latitude", "40", "-longitude", "-75", "-country-codes", "US"],
];

Deno.test("redirects go where explain says, from the embedded store", async () => {
  await using directory = await tempDir();
  const repository = `${directory.path}/repository`;
  await writeFile(repository, "/a");
  await using server = MirrorServer.start(repository);
  const { size } = await Deno.stat(`${repository}/a`);
  server.answer = () => new Response(null, { headers: { "content-length": `${size}` } });
  await using rsync = await RsyncDaemon.start({ m: repository });
  await using daemon = new Daemon({
    directory: directory.path,
    config: {
      ...{ Repository: repository, CheckInterval: 0, Explain: "all", ClientChoice: "none" },
      ...{ WeightDistributionRange: 1000 },
      Rules: [{ Client: ["*"], Mirror: ["m4"], Use: "last" }],
    },
  });
  await daemon.start();
  await daemon.ok("refresh");
  for (const [i, options] of MIRRORS.entries()) {
    const name = `m${i + 1}`;
    const country = options.includes("US") || options[0] === "-global"
      ? []
      : ["-country-codes", "GB"];
    await daemon.ok(
      ...["add", "-http", `${server.url}${name}/`, "-rsync", rsync.url("m"), ...options],
      ...[...country, "-continent-code", "EU", "-as-number", "0", name],
    );
    await daemon.ok("scan", "-enable", name);
  }
  const headers = { "X-Forwarded-For": CLIENT };
  const explained = async (): Promise<Map<string, number>> => {
    const answer = await daemon.get("/a?explain", headers);
    const { mirrors } = await answer.json() as {
      mirrors: { name: string; share: number | null }[];
    };
    return new Map(mirrors.flatMap(({ name, share }) => share === null ? [] : [[name, share]]));
  };
  const shares = await waitFor(async () => {
    const now = await explained();
    return now.size === 4 && now;
  }, { what: "all mirrors to be up", timeout: 60_000 });
  assert(shares.get("m2")! <= 30 + 1e-6);
  const counts = new Map<string, number>();
  let left = REDIRECTS;
  await Promise.all(Array.from({ length: 32 }, async () => {
    while (left-- > 0) {
      const { headers: answer } = await daemon.get("/a", headers);
      const name = /\/(m\d)\/a$/.exec(answer.get("location") ?? "")?.[1] ?? "none";
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }));
  assertEquals([...counts.keys()].sort(), [...shares.keys()].sort());
  for (const [name, share] of shares) {
    const counted = counts.get(name)! * 100 / REDIRECTS;
    assert(Math.abs(counted - share) < 2, `${name}: ${counted} % in place of ${share} %`);
  }
});
