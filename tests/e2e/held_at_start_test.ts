import { assert, assertEquals } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { RedisServer } from "../support/redis_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

Deno.test("what is held back is not given away by a node that starts while the store is away", async () => {
  await using directory = await tempDir();
  await using redis = await RedisServer.start();
  const repository = `${directory.path}/repository`;
  await Deno.mkdir(`${repository}/held`, { recursive: true });
  await Deno.writeTextFile(`${repository}/open.txt`, "open");
  await Deno.writeTextFile(`${repository}/held/secret.txt`, "secret");
  await Deno.writeTextFile(`${repository}/held/index.html`, "secret");
  const config = {
    Repository: repository,
    RedisAddress: `127.0.0.1:${redis.port}`,
    WatchRepository: false,
    Directories: "list",
    ServeLocally: { Patterns: ["*.txt"], LastResort: true },
  };
  await using daemon = new Daemon({ directory: directory.path, config });
  await daemon.start();
  const ask = async (path: string): Promise<string> => {
    const answer = await daemon.get(path);
    return `${answer.status} ${(await answer.text()).trim()}`;
  };
  await waitFor(async () => await ask("/open.txt") === "200 open", { what: "the first scan" });
  assertEquals(await ask("/held/secret.txt"), "200 secret");
  await daemon.ok("hold", "/held");
  await waitFor(async () => (await ask("/held/secret.txt")).startsWith("404"), {
    what: "the hold",
  });
  assertEquals(await daemon.stop(), 0);

  await redis.stop();
  await daemon.start();
  const held = ["/held/secret.txt", "/held/", "/held/secret.txt?mirrorlist"];
  const refused = async (): Promise<void> => {
    for (const path of held) {
      const answer = await ask(path);
      assert(/^(404|503) /.test(answer) && !answer.includes("secret"), `${path}: ${answer}`);
    }
  };
  await refused();
  assertEquals((await ask("/")).slice(0, 3), "503");
  // A fallback is for just that; nothing comes from here.
  assertEquals(await daemon.stop(), 0);
  const fallback = { URL: "http://fallback.example/" };
  await daemon.start({ Fallbacks: [fallback], Directories: "fallback" });
  const led = async (path: string): Promise<string | null> => {
    const answer = await daemon.get(path);
    await answer.body?.cancel();
    return answer.headers.get("Location");
  };
  for (const path of ["/open.txt", "/held/secret.txt"]) {
    assertEquals(await led(path), `http://fallback.example${path}`);
  }
  assertEquals((await ask("/held/secret.txt?sha256")).slice(0, 3), "503");
  assertEquals(await daemon.stop(), 0);
  await daemon.start();
  await redis.start();
  await waitFor(async () => {
    await refused();
    return await ask("/open.txt") === "200 open";
  }, { what: "the node to answer", every: 1 });
  for (const path of held) assertEquals((await ask(path)).slice(0, 3), "404", path);
  assertEquals(await daemon.stop(), 0);
});
