import { assert, assertEquals } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { RedisServer } from "../support/redis_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

const FILES = 24;
const MIB = 1024 * 1024;

for (const store of ["embedded", "redis"] as const) {
  Deno.test(`a backlog of pieces goes on after kill -9, with the ${store} store`, async () => {
    await using directory = await tempDir();
    const repository = `${directory.path}/repository`;
    await Deno.mkdir(repository);
    for (let i = 0; i < FILES; i++) {
      using file = await Deno.create(`${repository}/f${i}`);
      // Sparse: large enough that each takes a while, and no room on the disk.
      await file.truncate(24 * MIB + i);
    }
    await using redis = store === "redis" ? await RedisServer.start() : null;
    const address = redis === null ? {} : { RedisAddress: `127.0.0.1:${redis.port}` };
    const config = { Hashes: { SHA256: false }, RepositoryScanInterval: 0, WatchRepository: false };
    await using daemon = new Daemon({
      directory: directory.path,
      config: { Repository: repository, ...config, ...address },
    });
    await daemon.start();
    await daemon.ok("refresh");
    daemon.configure({ Torrents: true, Zsync: true });
    await daemon.ok("reload");
    await daemon.ok("refresh");
    const pieces = async (): Promise<{ hashed: number; total: number | null } | null> =>
      JSON.parse((await daemon.cli("health", "-json")).stdout).pieces;
    let hashed = 0;
    await waitFor(async () => (hashed = (await pieces())?.hashed ?? FILES) >= 3, {
      what: "some files to be hashed",
    });
    await daemon.stop("SIGKILL");
    assert(hashed < FILES, "all were hashed before it was killed");

    const before = daemon.log.length;
    await daemon.start({ Torrents: true, Zsync: true });
    await daemon.ok("refresh");
    // The lock of the process that was killed runs out first.
    await waitFor(() => /Pieces of \d+ files were hashed/.test(daemon.log.slice(before)), {
      what: "all to be hashed",
    });
    const log = daemon.log.slice(before);
    const left = Number(/Pieces of (\d+) files are to be hashed/.exec(log)?.[1] ?? "0");
    assert(left > 0 && left <= FILES - hashed, log);
    for (let i = 0; i < FILES; i++) {
      assertEquals((await daemon.get(`/f${i}?btih`)).status, 200);
    }

    // Nobody wants them any more.
    daemon.configure({ Torrents: false, Zsync: false });
    await daemon.ok("reload");
    const said = await daemon.ok("refresh", "-prune-pieces");
    assert(said.includes(`Removed hashes of the pieces of ${FILES} files`), said);
    assert((await daemon.ok("refresh", "-prune-pieces")).includes("of the pieces of 0 files"));
  });
}
