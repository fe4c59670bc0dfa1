import { assert, assertEquals } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { MirrorServer } from "../support/mirror_server.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { writeFile } from "./sample.ts";

Deno.test("checks go through CheckProxy, and through no proxy of the environment", async () => {
  await using directory = await tempDir();
  const tree = `${directory.path}/tree`;
  await writeFile(tree, "/file");
  await writeFile(tree, "/trace");
  await Deno.writeTextFile(`${tree}/trace`, "1750000000\n");
  await using rsyncd = await RsyncDaemon.start({ mod: tree });
  await using mirror = MirrorServer.start(tree);
  const proxied: string[] = [];
  await using proxy = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      proxied.push(
        `${request.method} ${request.url} ${request.headers.get("proxy-authorization")}`,
      );
      return await fetch(mirror.url + new URL(request.url).pathname.slice(1), {
        method: request.method,
        headers: { "accept-encoding": "identity" },
      });
    },
  );
  const nobody = "http://127.0.0.1:1";
  await using daemon = new Daemon({
    directory: directory.path,
    config: { Repository: tree, CheckInterval: 0, TraceFileLocation: "trace" },
    env: { HTTP_PROXY: nobody, http_proxy: nobody, HTTPS_PROXY: nobody, ALL_PROXY: nobody },
  });
  await daemon.start();
  await daemon.ok("refresh");
  await daemon.ok("add", "-http", mirror.url, "-rsync", rsyncd.url("mod"), "one");
  const scanned = await daemon.ok("scan", "-enable", "one");
  assert(!scanned.includes("trace file"), scanned);
  const isUp = async (): Promise<boolean> => /^one +up/m.test(await daemon.ok("list"));
  await waitFor(isUp, { what: "the mirror to be up" });

  // A proxy knows where the mirror is; nobody here does.
  daemon.configure({ CheckProxy: `http://us%40er:p%3Aw@127.0.0.1:${proxy.addr.port}/` });
  await daemon.ok("edit", "one", "-set", "HttpURL=http://mirror.invalid/");
  await daemon.ok("reload");
  await waitFor(() => proxied.length > 0, { what: "a check through the proxy" });
  await waitFor(isUp, { what: "the mirror to be up again" });
  await daemon.ok("scan", "one");
  const login = `Basic ${btoa("us@er:p:w")}`;
  assert(proxied.includes(`GET http://mirror.invalid/trace ${login}`), proxied.join("\n"));
  assertEquals(proxied.filter((line) => !line.endsWith(login)), []);
});
