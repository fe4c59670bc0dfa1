import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { Daemon } from "../support/daemon.ts";
import { RedisServer } from "../support/redis_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

Deno.test("a file that comes or goes in the repository is noticed at once", async () => {
  await using directory = await tempDir("mirrorbits-watch-");
  const repository = `${directory.path}/repository`;
  await Deno.mkdir(`${repository}/pool`, { recursive: true });
  await Deno.writeTextFile(`${repository}/first`, "");
  await using daemon = new Daemon({
    directory: directory.path,
    config: {
      Repository: repository,
      RepositoryScanInterval: 600,
      Fallbacks: [{ URL: "https://fallback.invalid/" }],
    },
  });
  await daemon.start();
  const status = async (path: string): Promise<number> => (await daemon.get(path)).status;
  await waitFor(async () => await status("/first") === 302, { what: "the first scan" });
  assertEquals(await status("/pool/new/file"), 404);
  await Deno.mkdir(`${repository}/pool/new`);
  await Deno.writeTextFile(`${repository}/pool/new/file`, "");
  await waitFor(async () => await status("/pool/new/file") === 302, { what: "the new file" });
  // The answer may come from a look at the disk; the hash comes from the index.
  await waitFor(async () => await status("/pool/new/file?sha256") === 200, { what: "its hash" });
  await Deno.remove(`${repository}/pool/new`, { recursive: true });
  await waitFor(async () => await status("/pool/new/file") === 404, { what: "the file to go" });
});

for (const kind of ["SQLite", "Redis"]) {
  Deno.test(`a file that grows all the time keeps no other change waiting, with ${kind}`, async () => {
    await using directory = await tempDir("mirrorbits-watch-");
    await using redis = kind === "Redis" ? await RedisServer.start() : null;
    const repository = `${directory.path}/repository`;
    await Deno.mkdir(`${repository}/pool`, { recursive: true });
    await Deno.writeTextFile(`${repository}/first`, "");
    await using daemon = new Daemon({
      directory: directory.path,
      config: {
        Repository: repository,
        RepositoryScanInterval: 600,
        Fallbacks: [{ URL: "https://fallback.invalid/" }],
        ...(redis === null ? {} : { RedisAddress: `127.0.0.1:${redis.port}` }),
      },
    });
    await daemon.start();
    const sum = async (path: string): Promise<string> => {
      const response = await daemon.get(`${path}?sha256`);
      return response.status === 200 ? (await response.text()).slice(0, 64) : `${response.status}`;
    };
    const has = async (path: string, text: string): Promise<void> => {
      const wanted = createHash("sha256").update(text).digest("hex");
      await waitFor(async () => await sum(path) === wanted, { what: `${path} as it is` });
    };
    await has("/first", "");
    using growing = Deno.openSync(`${repository}/pool/upload.part`, { create: true, append: true });
    const grow = setInterval(() => growing.writeSync(new Uint8Array(1000)), 100);
    try {
      await Deno.writeTextFile(`${repository}/first`, "in place");
      await has("/first", "in place");
      await Deno.writeTextFile(`${repository}/pool/new`, "new");
      await has("/pool/new", "new");
      await Deno.writeTextFile(`${directory.path}/next`, "renamed");
      await Deno.rename(`${directory.path}/next`, `${repository}/first`);
      await has("/first", "renamed");
      await Deno.mkdir(`${repository}/a/b`, { recursive: true });
      await Deno.writeTextFile(`${repository}/a/b/deep`, "deep");
      await has("/a/b/deep", "deep");
      await Deno.symlink("a", `${repository}/link`);
      await has("/link/b/deep", "deep");
      await Deno.rename(`${repository}/a`, `${repository}/moved`);
      await has("/moved/b/deep", "deep");
      await waitFor(async () => (await daemon.get("/a/b/deep")).status === 404, { what: "no old" });
      await Deno.remove(`${repository}/pool/new`);
      await waitFor(async () => (await daemon.get("/pool/new")).status === 404, { what: "no new" });
    } finally {
      clearInterval(grow);
    }
  });
}
