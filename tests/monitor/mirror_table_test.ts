import { assertEquals, assertRejects } from "@std/assert";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import { MirrorTable } from "../../lib/monitor/mirror_table.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { fakeMirror } from "../support/fake_store.ts";

/** A store that can be away, and its table, which is up to date. */
async function tableOf() {
  const records = new Map([1, 2].map((id) => [id, fakeMirror({ id })]));
  const state = { away: false };
  const read = <T>(value: T): Promise<T> =>
    state.away ? Promise.reject(new StoreUnavailableError("Away")) : Promise.resolve(value);
  const table = new MirrorTable({
    mirror: (id: number): Promise<MirrorRecord | null> => read(records.get(id) ?? null),
    mirrors: () => read([...records.values()]),
  });
  await table.refresh();
  return { table, records, state };
}

Deno.test("MirrorTable reads a mirror again whose reading failed", async () => {
  const { table, records, state } = await tableOf();
  records.set(1, fakeMirror({ id: 1, name: "renamed" }));
  records.delete(2);
  table.note({ type: "mirror", id: 1 });
  table.note({ type: "mirror", id: 2 });
  state.away = true;
  await assertRejects(() => table.refresh(), StoreUnavailableError);
  assertEquals([...table.all()].map(({ name }) => name), ["m1", "m2"]);
  state.away = false;
  await table.refresh();
  assertEquals([...table.all()].map(({ name }) => name), ["renamed"]);
});

Deno.test("MirrorTable reads everything again when reading everything failed", async () => {
  const { table, records, state } = await tableOf();
  records.set(3, fakeMirror({ id: 3 }));
  table.note({ type: "missed" });
  state.away = true;
  await assertRejects(() => table.refresh(), StoreUnavailableError);
  assertEquals([...table.ids()], [1, 2]);
  state.away = false;
  await table.refresh();
  assertEquals([...table.ids()], [1, 2, 3]);
});
