import { assert, assertEquals } from "@std/assert";
import type { Store, StoreChange } from "../../lib/store/store.ts";
import type { ContractCase } from "../store_contract.ts";
import { waitFor } from "../support/wait_for.ts";
import {
  addCopies,
  addFiles,
  listed,
  never,
  ODD_PATHS,
  removeCopies,
  removeFiles,
  sampleFile,
  sampleMirror,
} from "./samples.ts";

/** Watches, and pokes the store until the watch is known to work. */
async function watching(
  store: Store,
  signal: AbortSignal,
): Promise<{ changes: StoreChange[]; mirrorId: number }> {
  const changes: StoreChange[] = [];
  const mirrorId = await store.addMirror(sampleMirror("watched"));
  store.watch((change) => changes.push(change), signal);
  let up = false;
  await waitFor(async () => {
    up = !up;
    await store.updateMirrorState(mirrorId, { httpUp: up });
    return sees(changes, mirrorId);
  }, { what: "the watch to begin" });
  changes.length = 0;
  return { changes, mirrorId };
}

function sees(changes: readonly StoreChange[], mirrorId: number): boolean {
  return changes.some((change) => change.type === "mirror" && change.id === mirrorId);
}

function filePaths(changes: readonly StoreChange[]): Set<string> {
  return new Set(changes.flatMap((change) => change.type === "files" ? change.paths : []));
}

function copyPaths(changes: readonly StoreChange[], mirrorId: number): Set<string> {
  return new Set(
    changes.flatMap((change) =>
      change.type === "copies" && change.mirrorId === mirrorId ? change.paths : []
    ),
  );
}

/** Messages about changes. */
export const watchCases: readonly ContractCase[] = [
  {
    name: "watch() tells of every kind of change to a mirror",
    run: async ({ store }) => {
      const controller = new AbortController();
      const { changes } = await watching(store, controller.signal);
      const id = await store.addMirror(sampleMirror("m"));
      const steps: [string, () => Promise<unknown>][] = [
        ["adding", () => Promise.resolve()],
        ["editing", () => store.updateMirror({ ...sampleMirror("renamed"), id })],
        ["a change of state", () => store.updateMirrorState(id, { httpUp: true })],
        ["enabling", () => store.enableMirror(id, true)],
        ["removing", () => store.removeMirror(id)],
      ];
      for (const [what, act] of steps) {
        await act();
        await waitFor(() => sees(changes, id), { what: `the message of ${what}` });
        // Messages of the same step that come later must not pass for those of the next.
        await settle(store, changes);
        changes.length = 0;
      }
      controller.abort();
    },
  },
  {
    name: "watch() tells of source files added, changed and removed",
    run: async ({ store }) => {
      const controller = new AbortController();
      const { changes } = await watching(store, controller.signal);
      for (const size of [1, 2]) {
        await addFiles(store, ...ODD_PATHS.map((path) => sampleFile(path, { size })));
        await waitFor(() => filePaths(changes).size === ODD_PATHS.length, { what: "the paths" });
        assertEquals([...filePaths(changes)].sort(), [...ODD_PATHS].sort());
        await settle(store, changes);
        changes.length = 0;
      }
      await removeFiles(store, ...ODD_PATHS);
      await waitFor(() => filePaths(changes).size === ODD_PATHS.length, { what: "the paths" });
      assertEquals([...filePaths(changes)].sort(), [...ODD_PATHS].sort());
      controller.abort();
    },
  },
  {
    name: "watch() tells of copies added, changed and removed, with the mirror",
    run: async ({ store }) => {
      const controller = new AbortController();
      const { changes, mirrorId } = await watching(store, controller.signal);
      await addFiles(store, ...ODD_PATHS.map((path) => sampleFile(path)));
      const told = async (): Promise<void> => {
        await waitFor(
          () => copyPaths(changes, mirrorId).size === ODD_PATHS.length,
          { what: "the paths" },
        );
        assertEquals([...copyPaths(changes, mirrorId)].sort(), [...ODD_PATHS].sort());
        await settle(store, changes);
        changes.length = 0;
      };
      await addCopies(store, mirrorId, ...ODD_PATHS.map((path) => listed(path)));
      await told();
      await addCopies(store, mirrorId, ...ODD_PATHS.map((path) => listed(path, 5)));
      await told();
      await removeCopies(store, mirrorId, ...ODD_PATHS);
      await told();
      controller.abort();
    },
  },
  {
    name: "watch() tells once readers can see the change",
    run: async ({ store, reader }) => {
      const controller = new AbortController();
      const { mirrorId } = await watching(store, controller.signal);
      const seen: Promise<unknown>[] = [];
      store.watch((change) => {
        if (change.type === "files" || change.type === "copies") {
          for (const path of change.paths) {
            seen.push(
              Promise.resolve((reader ?? store).lookup(path)).then((found) => {
                assert(found, `"${path}" was announced before it could be seen`);
                if (change.type === "copies") assertEquals(found.copies.length, 1);
              }),
            );
          }
        }
      }, controller.signal);
      const paths = Array.from({ length: 3000 }, (_, i) => `/f-${i}`);
      await addFiles(store, ...paths.map((path) => sampleFile(path)));
      await addCopies(store, mirrorId, ...paths.map((path) => listed(path)));
      await waitFor(() => seen.length >= 6000, { what: "every path" });
      controller.abort();
      await Promise.all(seen);
    },
  },
  {
    name: "watch() ends with its signal, others go on",
    run: async ({ store }) => {
      const stop = new AbortController();
      const goOn = new AbortController();
      const { changes: stopped } = await watching(store, stop.signal);
      const going: StoreChange[] = [];
      store.watch((change) => going.push(change), goOn.signal);
      store.watch(() => assert(false, "Watched with an aborted signal"), AbortSignal.abort());
      await settle(store, going);
      stop.abort();
      stopped.length = 0;
      await addFiles(store, sampleFile("/after"));
      await waitFor(() => filePaths(going).has("/after"), { what: "the other watch" });
      assertEquals(stopped, []);
      goOn.abort();
    },
  },
  {
    name: "watch() does not tell of what was refused",
    run: async ({ store }) => {
      const controller = new AbortController();
      const { changes, mirrorId } = await watching(store, controller.signal);
      await settle(store, changes);
      changes.length = 0;
      await store.addMirror(sampleMirror("watched")).catch(() => {});
      await store.removeMirror(mirrorId + 1000).catch(() => {});
      await store.updateSource({ changed: [sampleFile("/a")], removed: [] }, AbortSignal.abort())
        .catch(() => {});
      await store.updateSource({ changed: [], removed: [] }, never());
      const last = await settle(store, changes);
      assertEquals(
        changes.filter((change) => !(change.type === "mirror" && change.id === last)),
        [],
      );
      controller.abort();
    },
  },
];

/** Makes a change and waits until it was told, and with it everything before it. */
async function settle(store: Store, changes: readonly StoreChange[]): Promise<number> {
  const id = await store.addMirror(sampleMirror(`settle-${crypto.randomUUID()}`));
  await waitFor(() => sees(changes, id), { what: "the last change" });
  return id;
}
