import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { ListedFile, SourceFile } from "../../lib/catalog/file.ts";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import { INITIAL_STATE } from "../../lib/catalog/mirror_state_fields.ts";
import { NameTakenError, NoSuchMirrorError, type Store } from "../../lib/store/store.ts";
import type { ContractCase } from "../store_contract.ts";
import {
  allCopies,
  allSourceFiles,
  byPath,
  ODD_PATHS,
  sampleFile,
  sampleMirror,
} from "./samples.ts";

const RUNS = 40;
const PATHS = ODD_PATHS.slice(0, 9);
const NAMES = ["m", "M", "m2"];
const DAYS = ["2025-11-22", "2026-01-01", "2026-11-21", "2026-11-22"];
const PERIODS = [...DAYS, "2025", "2026", "2026-11", "2026-01", ""];

/** What a store should know, as plainly as it can be written. */
class Model {
  readonly mirrors = new Map<number, MirrorRecord>();
  readonly source = new Map<string, SourceFile>();
  readonly copies = new Map<number, Map<string, ListedFile>>();
  readonly fileCounters = new Map<string, number>();
  readonly mirrorCounters = new Map<number, { downloads: number; bytes: number }>();

  known(id: number): number {
    return [...this.copies.get(id)?.keys() ?? []].filter((path) => this.source.has(path)).length;
  }
}

/** One step; it acts on both and compares what they answer. */
type Step = (store: Store, model: Model, ids: number[]) => Promise<void>;

const path = fc.constantFrom(...PATHS);
const paths = fc.uniqueArray(path, { maxLength: 6 });
const name = fc.constantFrom(...NAMES);
const size = fc.constantFrom(0, 1, 5_000_000_000);
const time = fc.constantFrom(null, 0, -1, 1_700_000_000_123);
/** Picks among the mirrors that were ever added. */
const pick = fc.nat(5);

const steps = fc.array(
  fc.oneof(
    name.map((name): Step => async (store, model, ids) => {
      const taken = [...model.mirrors.values()].some((mirror) => mirror.name === name);
      const id = await store.addMirror(sampleMirror(name)).catch((error) => {
        assertEquals([error instanceof NameTakenError, taken], [true, true]);
        return null;
      });
      if (id === null) return;
      assertEquals([taken, ids.includes(id)], [false, false]);
      ids.push(id);
      model.mirrors.set(id, { ...sampleMirror(name), id, ...INITIAL_STATE });
      model.copies.set(id, new Map());
    }),
    fc.tuple(pick, name, fc.boolean()).map(
      ([index, name, enabled]): Step => async (store, model, ids) => {
        const id = at(ids, index);
        const old = model.mirrors.get(id);
        const mirror = { ...sampleMirror(name, { enabled }), id };
        const taken = [...model.mirrors.values()].some((one) => one.name === name && one.id !== id);
        const result = await outcome(store.updateMirror(mirror));
        assertEquals(result, !old ? "no such mirror" : taken ? "name taken" : "done");
        if (old && result === "done") model.mirrors.set(id, { ...old, ...mirror });
      },
    ),
    fc.tuple(pick, fc.boolean(), time).map(
      ([index, httpUp, seconds]): Step => async (store, model, ids) => {
        const id = at(ids, index);
        const old = model.mirrors.get(id);
        // Whole seconds: what the cluster's common schema keeps of a mirror's times.
        const lastSync = seconds !== null && seconds > 0 ? 1_700_000_000_000 : null;
        await store.updateMirrorState(id, { httpUp, lastSync });
        if (old) model.mirrors.set(id, { ...old, httpUp, lastSync });
      },
    ),
    pick.map((index): Step => async (store, model, ids) => {
      const id = at(ids, index);
      const there = model.mirrors.delete(id);
      model.copies.delete(id);
      assertEquals(await outcome(store.removeMirror(id)), there ? "done" : "no such mirror");
    }),
    fc.tuple(paths, paths, size, time, fc.boolean()).map(
      ([changed, removed, size, modTime, hash]): Step => async (store, model) => {
        const files = changed.map((path) =>
          sampleFile(path, { size, modTime, sha1: hash ? "ab".repeat(20) : "" })
        );
        const gone = removed.filter((path) => !changed.includes(path));
        await store.updateSource({ changed: files, removed: gone }, new AbortController().signal);
        for (const file of files) model.source.set(file.path, file);
        for (const path of gone) model.source.delete(path);
      },
    ),
    fc.tuple(pick, paths, paths, size, time).map(
      ([index, changed, removed, size, modTime]): Step => async (store, model, ids) => {
        const id = at(ids, index);
        const files = changed.map((path): ListedFile => ({ path, size, modTime }));
        const gone = removed.filter((path) => !changed.includes(path));
        const difference = { changed: files, removed: gone };
        const known = store.updateCopies(id, difference, new AbortController().signal);
        const copies = model.copies.get(id);
        if (!copies) return assertEquals(await outcome(known), "no such mirror");
        for (const file of files) copies.set(file.path, file);
        for (const path of gone) copies.delete(path);
        assertEquals(await known, model.known(id));
      },
    ),
    fc.tuple(fc.constantFrom(...DAYS), paths, pick, fc.integer({ min: 1, max: 9 })).map(
      ([day, paths, index, count]): Step => async (store, model, ids) => {
        const id = at(ids, index);
        await store.addDownloads({
          day,
          files: new Map(paths.map((path) => [path, count])),
          mirrors: new Map([[id, { downloads: count, bytes: count * 1e10 }]]),
        });
        for (const period of [day, day.slice(0, 7), day.slice(0, 4), ""]) {
          for (const path of paths) {
            const key = `${period} ${path}`;
            model.fileCounters.set(key, (model.fileCounters.get(key) ?? 0) + count);
          }
        }
        const sum = model.mirrorCounters.get(id) ?? { downloads: 0, bytes: 0 };
        model.mirrorCounters.set(id, {
          downloads: sum.downloads + count,
          bytes: sum.bytes + count * 1e10,
        });
      },
    ),
    fc.tuple(pick, fc.double({ min: 0, max: 0.999, noNaN: true })).map(
      ([index, draw]): Step => async (store, model, ids) => {
        const id = at(ids, index);
        const found = await store.sharedFile(id, () => draw);
        assertEquals(found !== null, model.known(id) > 0);
        if (!found) return;
        assertEquals(found.file, model.source.get(found.file.path));
        assertEquals(model.copies.get(id)?.has(found.file.path), true);
      },
    ),
  ),
  { maxLength: 40 },
);

/** Any sequence of operations gives what a plain model gives. */
export const modelCases: readonly ContractCase[] = [
  {
    name: "any sequence of operations gives what a plain model gives",
    run: async ({ store }) => {
      const ids: number[] = [];
      const model = new Model();
      await fc.assert(
        fc.asyncProperty(steps, async (steps) => {
          await wipe(store, model);
          for (const step of steps) await step(store, model, ids);
          await compare(store, model, ids);
        }),
        { numRuns: RUNS },
      );
    },
  },
];

/** Starts a run afresh; counters and the IDs that were used stay, in the model as in the store. */
async function wipe(store: Store, model: Model): Promise<void> {
  for (const mirror of await store.mirrors()) await store.removeMirror(mirror.id);
  const removed = (await allSourceFiles(store)).map((file) => file.path);
  await store.updateSource({ changed: [], removed }, new AbortController().signal);
  model.mirrors.clear();
  model.source.clear();
  model.copies.clear();
}

/** Compares everything that can be read. */
async function compare(store: Store, model: Model, ids: readonly number[]): Promise<void> {
  const byId = [...model.mirrors.values()].sort((a, b) => a.id - b.id);
  assertEquals(await store.mirrors(), byId);
  assertEquals(await store.countFiles(), model.source.size);
  assertEquals(await allSourceFiles(store), [...model.source.values()].sort(byPath));
  for (const id of ids.slice(-6)) {
    assertEquals(await store.mirror(id), model.mirrors.get(id) ?? null);
    assertEquals(
      await allCopies(store, id),
      [...model.copies.get(id)?.values() ?? []].sort(byPath),
    );
  }
  for (const path of PATHS) {
    const file = model.source.get(path);
    const copies = byId.flatMap(({ id }) => {
      const copy = model.copies.get(id)?.get(path);
      return copy ? [{ mirrorId: id, size: copy.size, modTime: copy.modTime }] : [];
    });
    assertEquals(await store.lookup(path), file ? { file, copies } : null);
    assertEquals(
      await store.fileDownloads(path, PERIODS),
      PERIODS.map((period) => model.fileCounters.get(`${period} ${path}`) ?? 0),
    );
  }
  const mirrorCounters = [...await store.mirrorDownloads([""])].sort(([a], [b]) => a - b);
  assertEquals(mirrorCounters, [...model.mirrorCounters].sort(([a], [b]) => a - b));
}

/** An ID that was given out; before the first, one that never was. */
function at(ids: readonly number[], index: number): number {
  return ids.at(-1 - index) ?? 999_999;
}

async function outcome(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "done";
  } catch (error) {
    if (error instanceof NoSuchMirrorError) return "no such mirror";
    if (error instanceof NameTakenError) return "name taken";
    throw error;
  }
}
