import { assert, assertEquals } from "@std/assert";
import { STATE_FIELDS } from "../../lib/catalog/mirror_state_fields.ts";
import { ALL_SETTINGS } from "../../lib/catalog/settings/mirror_settings.ts";
import { openRedisStore, type RedisStore } from "../../lib/store/redis/redis_store.ts";
import { writeFile } from "../e2e/sample.ts";
import { FULL, STATE } from "../store_contract/mirrors.ts";
import { redisOptions } from "../store/redis_helpers.ts";
import { waitFor } from "../support/wait_for.ts";
import { asOriginal, WITH_ORIGINAL } from "./programs.ts";
import { Stand } from "./stand.ts";

const SEEN = Date.UTC(2026, 5, 1);

/** Fields of `MIRROR_id` that the original does not know. */
const NEWER: readonly string[] = [...ALL_SETTINGS, ...STATE_FIELDS]
  .filter(({ newer }) => newer).map(({ property }) => property);

async function firstSights(store: RedisStore): Promise<Record<string, number | undefined>> {
  const seen: Record<string, number | undefined> = {};
  for await (const files of store.sourceFiles()) {
    for (const { path, firstSeen } of files) seen[path] = firstSeen;
  }
  return seen;
}

Deno.test({
  ...WITH_ORIGINAL,
  name: "what only this program knows outlives what the original does to a mirror and a file",
  async fn(test) {
    await using stand = await Stand.start();
    const daemon = asOriginal(await stand.daemon("original"));
    await daemon.start();
    await waitFor(async () => (await daemon.cli("refresh")).code === 0, { what: "a source scan" });
    await stand.addMirror(daemon, "gb");
    await stand.waitUntilServing(daemon, ["gb"]);
    await using store = await openRedisStore(redisOptions(stand.redisServer.port));
    const id = await stand.id("gb");
    const before = (await store.mirror(id))!;
    const ours = Object.fromEntries(
      ALL_SETTINGS.filter(({ newer }) => newer).map(({ property }) => [property, FULL[property]]),
    );
    const state = Object.fromEntries(
      STATE_FIELDS.filter(({ newer }) => newer).map(({ property }) => [property, STATE[property]]),
    );
    await store.updateMirror({ ...before, ...ours });
    await store.updateMirrorState(id, {
      ...state,
      httpDownCause: { ...STATE.httpsDownCause!, text: "connection refused" },
    });
    const { redis } = stand.other;
    const fields = async (): Promise<Record<string, string>> => {
      const hash = await redis.hgetall(`MIRROR_${id}`);
      return Object.fromEntries(Object.entries(hash).filter(([name]) => NEWER.includes(name)));
    };
    const written = await fields();
    assertEquals(Object.keys(written).sort(), [...NEWER].sort());

    const steps: readonly (readonly [string, () => Promise<unknown>])[] = [
      ["edit", () => stand.edit(daemon, "gb", { Score: "3" })],
      ["scan", () => daemon.ok("scan", "gb")],
      ["disable", () => daemon.ok("disable", "gb")],
      ["enable", () => daemon.ok("enable", "gb")],
    ];
    for (const [name, step] of steps) {
      await test.step(`${name} leaves the further fields of a mirror`, async () => {
        await step();
        assertEquals(await fields(), written);
      });
    }
    assertEquals((await store.mirror(id))!.score, 3);
    await test.step("they are gone with the mirror", async () => {
      await store.verifications.claim(id, "x");
      await daemon.ok("remove", "-f", "gb");
      assertEquals(await redis.exists(`MIRROR_${id}`), 0);
      assertEquals(await store.verifications.claim(id, "y"), false);
    });

    await test.step("first sight is not believed of a version that the original wrote", async () => {
      const files = (await Array.fromAsync(store.sourceFiles())).flat();
      const changed = files.map((file) => ({ ...file, size: file.size + 1 }));
      // As this program's scan has them that saw other versions.
      const signal = new AbortController().signal;
      await store.updateSource({ changed, removed: [] }, signal);
      const again = files.map((file) => ({ ...file, firstSeen: SEEN }));
      await store.updateSource({ changed: again, removed: [] }, signal);
      const all = await firstSights(store);
      assert(Object.values(all).every((time) => time === SEEN), JSON.stringify(all));
      await writeFile(`${stand.directory}/repository`, "/README.txt", { size: 99 });
      await daemon.ok("refresh");
      assertEquals(await redis.hget("FILE_/README.txt", "size"), "99");
      assertEquals(await firstSights(store), { ...all, "/README.txt": undefined });
    });
  },
});
