import { assert, assertEquals } from "@std/assert";
import type { MirrorJson } from "../../lib/control/api/mirror_schemas.ts";
import { Daemon } from "../support/daemon.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { writeFile } from "./sample.ts";

Deno.test("after an edit of the URL's scheme the state is unknown, and the next check is a change", async () => {
  await using directory = await tempDir();
  const tree = `${directory.path}/repository`;
  await writeFile(tree, "/file");
  await using rsyncd = await RsyncDaemon.start({ mirror: tree });
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  const { size } = await Deno.stat(`${tree}/file`);
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async () => {
      await gate.promise;
      return new Response(null, { headers: { "content-length": `${size}` } });
    },
  );
  const place = `127.0.0.1:${server.addr.port}/`;
  await using daemon = new Daemon({
    directory: directory.path,
    // Only what an edit brings about is checked.
    config: { Repository: tree, CheckInterval: 1000, ScanInterval: 1000 },
  });
  await daemon.start();
  await daemon.ok("refresh");
  await daemon.ok("add", "-http", `http://${place}`, "-rsync", rsyncd.url("mirror"), "one");
  await daemon.ok("scan", "-enable", "one");
  const mirror = async (): Promise<MirrorJson> =>
    JSON.parse(await daemon.ok("show", "-json", "one")) as MirrorJson;
  const news = async (): Promise<string[]> =>
    (await daemon.ok("logs", "one")).split("\n").map((line) => line.replace(/^.*? UTC: /, ""))
      .map((line) => line.replace(/ \(127\.0\.0\.1, \d+ ms\)$/, " (…)"))
      .filter((line) => /mirror is|edited/.test(line));
  const checked = async (): Promise<MirrorJson> =>
    await waitFor(async () => {
      const now = await mirror();
      return now.stateSince !== null && now;
    }, { what: "a check" });
  await waitFor(async () => (await mirror()).httpUp, { what: "the mirror to be up" });
  assertEquals(await news(), ["HTTP mirror is up"]);

  // Both schemes: HTTP is as before, which nobody knows yet.
  gate = Promise.withResolvers();
  await daemon.ok("edit", "one", "-set", `HttpURL=${place}`);
  const { stateSince, httpUp, httpsUp, httpDownReason } = await mirror();
  assertEquals([stateSince, httpUp, httpsUp, httpDownReason], [null, false, false, ""]);
  const began = Date.now();
  gate.resolve();
  const both = await checked();
  assertEquals([both.httpUp, both.httpsUp, both.httpsDownReason], [true, false, "Unreachable"]);
  assert(Date.parse(both.stateSince!) >= Math.floor(began / 1000) * 1000, both.stateSince!);
  const [, edited, ...then] = await news();
  assertEquals(edited, "Mirror edited");
  assertEquals(then.length, 2);
  assertEquals(then[0], "HTTP mirror is up");
  assert(/^HTTPS mirror is down: Unreachable: .+ \(…\)$/.test(then[1]!), then[1]!);

  // HTTPS alone, which is down.
  await daemon.ok("edit", "one", "-set", `HttpURL=https://${place}`);
  const secure = await checked();
  assertEquals([secure.status, secure.httpsDownReason], ["down", "Unreachable"]);
  assert(Date.parse(secure.stateSince!) >= Date.parse(both.stateSince!));
  const late = (await news()).slice(4);
  assertEquals([late[0], late.length], ["Mirror edited", 2]);
  assert(/^HTTPS mirror is down: Unreachable: .+ \(…\)$/.test(late[1]!), late[1]!);
  // What it is shown with tells why, too.
  const shown = await daemon.ok("show", "one");
  assert(
    /^# HTTPS is down since .* UTC: Unreachable: .+ \(127\.0\.0\.1, \d+ ms\)$/m.test(shown),
    shown,
  );

  // And back: it was up by HTTP before, but that was another state.
  await daemon.ok("edit", "one", "-set", `HttpURL=http://${place}`);
  const back = await checked();
  assertEquals([back.status, back.httpDownReason, back.httpsDownReason], ["up", "", ""]);
  assertEquals((await news()).slice(6), ["Mirror edited", "HTTP mirror is up"]);
  assert(!(await daemon.ok("show", "one")).includes("is down"));
});
