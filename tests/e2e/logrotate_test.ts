import { assert, assertEquals, assertMatch } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { writeFile } from "./sample.ts";

Deno.test("logrotate rotates what the daemon writes, and nothing is lost", async () => {
  await using place = await tempDir("mirrorbits-rotate it's-");
  const directory = place.path;
  await writeFile(`${directory}/repository`, "/file.bin");
  await using daemon = new Daemon({
    directory,
    config: {
      Repository: `${directory}/repository`,
      LogDir: directory,
      Fallbacks: [{ URL: "http://fallback.example/", CountryCode: "", ContinentCode: "" }],
    },
  });
  await daemon.start();
  await waitFor(async () => (await daemon.get("/?healthz")).ok, { what: "the first scan" });
  const text = await daemon.ok(
    ...["config", "logrotate", "-config", `${directory}/mirrorbits.conf`],
    ...["-p", `${directory}/pid`, "-log", `${directory}/daemon.log`],
  );
  const file = `${directory}/logrotate.conf`;
  await Deno.writeTextFile(file, text);
  // It takes no file that others may write, and no directory that they may write to without su.
  await Deno.chmod(file, 0o644);

  await daemon.get("/file.bin?before");
  const log = `${directory}/downloads.log`;
  const read = (path: string): string => {
    try {
      return Deno.readTextFileSync(path);
    } catch {
      return "";
    }
  };
  await waitFor(() => read(log).includes("/file.bin"), { what: "the first line" });
  const { code, stderr } = await new Deno.Command("logrotate", {
    args: ["-f", "-s", `${directory}/state`, file],
  }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  await waitFor(() => daemon.log.includes("Logs reopened"), {
    what: "the logs to be opened again",
  });
  await daemon.get("/file.bin");
  await waitFor(() => read(log).includes("/file.bin"), { what: "a line in the new file" });
  assertMatch(read(`${log}.1`), /\/file\.bin/);
  assert(read(`${directory}/daemon.log.1`).includes("Listening on"));
});

Deno.test("config privacy says what is kept, as it is configured", async () => {
  await using place = await tempDir();
  const file = `${place.path}/m.conf`;
  const daemon = new Daemon({ directory: place.path, config: {} });
  const say = async (config: string): Promise<string> => {
    await Deno.writeTextFile(file, `Repository: /srv\nDatabasePath: /var/lib/x/m.db\n${config}`);
    return await daemon.ok("config", "privacy", "-config", file);
  };
  const plain = await say("");
  assertMatch(plain, /^Download log: none: LogDir is not set$/m);
  assertMatch(plain, /^Downloads in ranges: \/var\/lib\/x\/m\.db: SHA-256 .* for 600 seconds$/m);
  assertMatch(plain, /^Metrics: requests by continent, no addresses; on the control API/m);
  const other = await say(
    "LogDir: /var/log/m\nLogAddress: network\nLogRefused: none\nSameDownloadInterval: 0\n" +
      "MetricsCountries: true\nMetricsListenAddress: 127.0.0.1:9390\nRedisAddress: 127.0.0.1:1\n",
  );
  assertMatch(other, /^Download log: \/var\/log\/m\/downloads\.log: .*\/24, \/48\); no refused/m);
  assertMatch(other, /^Downloads in ranges: Redis: nothing: SameDownloadInterval is 0$/m);
  assertMatch(other, /by continent and country.* on a port without a password/);
});
