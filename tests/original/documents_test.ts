import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { PATH, STEPS, World } from "../http/answer/interleaving_world.ts";
import { redisOptions } from "../store/redis_helpers.ts";
import { Daemon } from "../support/daemon.ts";
import { RedisServer } from "../support/redis_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { originalProgram, originalTemplates } from "../tools/original.ts";
import { writeGeoDatabases } from "./places.ts";
import { asOriginal, WITH_ORIGINAL } from "./programs.ts";

Deno.test(
  "the original writes the same index, and no document tells two versions",
  WITH_ORIGINAL,
  async () => {
    await using stack = new AsyncDisposableStack();
    const directory = stack.use(await tempDir("mirrorbits-original-")).path;
    const repository = `${directory}/repository`;
    await Deno.mkdir(repository);
    await writeGeoDatabases(`${directory}/geoip`);
    const { port } = stack.use(await RedisServer.start());
    const store = stack.use(await openRedisStore(redisOptions(port)));
    const daemon = stack.use(
      new Daemon({
        directory,
        config: {
          Repository: repository,
          Templates: originalTemplates(originalProgram()!),
          RedisAddress: `127.0.0.1:${port}`,
          RepositoryScanInterval: 0,
          CheckInterval: 0,
          Hashes: { SHA256: true, SHA1: false, MD5: false },
        },
      }),
    );
    const shared = {
      store,
      original: async () => void await daemon.ok("refresh"),
      record: async (path: string) => {
        const [pieces, head] = [await store.pieceHashes(path), await store.zsyncHead(path)];
        const sums = head && await store.zsyncPart(head, 0);
        const zsync = head && sums && { block: head.block, sha1: head.sha1, sums };
        return pieces && { ...pieces, zsync };
      },
    };
    const statuses = new Set<string>();
    const ends = new Set<string>();
    let time = 1_700_000_000_000;
    // Nothing is put back between the runs: that the index is of an older version is one more case.
    await new World(repository, shared, time).step({ do: "scan" });
    await asOriginal(daemon).start();
    await fc.assert(
      fc.asyncProperty(fc.array(STEPS, { minLength: 4, maxLength: 14 }), async (steps) => {
        await using world = new World(repository, shared, time);
        for (const step of [...steps, { do: "finish" }] as const) {
          await world.step(step);
          statuses.add((await world.check()).join(" "));
        }
        time = world.time;
        for (const end of world.ends) ends.add(end);
      }),
      {
        ...{ numRuns: 20, endOnFailure: true },
        examples: [
          [[{ do: "scan" }, { do: "backlog" }, { do: "told" }]],
          [[
            { do: "replace", version: 1, keepsTime: false },
            { do: "original" },
            { do: "told" },
            { do: "backlog" },
            { do: "download" },
            { do: "replace", version: 2, keepsTime: false },
            { do: "original" },
            { do: "backlog" },
          ]],
          [[{ do: "original" }, { do: "backlog" }, { do: "told" }, { do: "download" }]],
          [[
            { do: "original" },
            { do: "replace", version: 1, keepsTime: true },
            { do: "backlog" },
            { do: "told" },
          ]],
        ],
      },
    );
    assert(statuses.has("200 200 200 200"), [...statuses].join("; "));
    assert(statuses.has("200 200 503 503"), [...statuses].join("; "));
    assertEquals([...ends].sort(), ["cut", "whole"]);
    assertEquals((await store.lookup(PATH))?.file.path, PATH);
  },
);
