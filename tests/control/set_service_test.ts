import { assertEquals } from "@std/assert";
import { READY_SETS } from "../../lib/catalog/set_rule.ts";
import { formatHistory } from "../../lib/catalog/set_state.ts";
import { SetService } from "../../lib/control/set_service.ts";
import { Trees } from "../../lib/selection/tree.ts";
import { FakeStore } from "../support/fake_store.ts";

const ROOT = "/r/repodata/repomd.xml";
const HOUR = 3_600_000;
const NOW = 100 * HOUR;

Deno.test("forgetFormer() has the present revision served for as long as a former one could be", async () => {
  const trees = new Trees({ stableDraw: [], metadataSets: READY_SETS.rpm! }, 0);
  // The first was replaced 20 hours ago, which is more than MaxBehind; the second and third are in time.
  const revisions = [30, 20, 2, 1].map((hours, i) => ({
    ...{ number: i + 1, size: 1, modTime: i, sha256: "", time: NOW - hours * HOUR },
  }));
  trees.takeSets(new Map([[ROOT, formatHistory({ revisions, former: new Map() })]]), null);
  const store = new FakeStore();
  const judged = async (): Promise<Trees> => {
    trees.takeRequired(await store.notes.all("require"));
    trees.judge(NOW);
    return trees;
  };
  const mirrors = (): Promise<[]> => Promise.resolve([]);
  const service = new SetService({
    store: { mirrors, notes: store.notes },
    sets: judged,
    now: () => NOW,
  });
  assertEquals(await service.forgetFormer("/other"), 0);
  assertEquals(await service.forgetFormer(ROOT), 2);
  assertEquals([...await store.notes.all("require")], [[ROOT, `${NOW + 12 * HOUR}`]]);
  assertEquals((await judged()).sets.get(ROOT)?.oldest, 4);
  assertEquals(await service.forgetFormer(ROOT), 0);
  await service.require(ROOT, 0);
  assertEquals((await judged()).sets.get(ROOT)?.oldest, 2);
});
