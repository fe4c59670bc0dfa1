import { assertEquals } from "@std/assert";
import { type NotesChanged, NoteWatch } from "../../../lib/store/cache/note_watch.ts";
import { FakeStore } from "../../support/fake_store.ts";
import { waitFor } from "../../support/wait_for.ts";

Deno.test("NoteWatch tells all notes at first, then what changes, and all after a gap", async () => {
  const store = new FakeStore();
  const told: NotesChanged[] = [];
  const end = new AbortController();
  const changed = (change: NotesChanged): number => told.push(change);
  const watch = new NoteWatch({ store, kinds: ["gone", "require"], changed, failed: () => {} });
  await store.notes.change("gone", { put: new Map([["/a", "1"]]) });
  await watch.start(end.signal);
  const [gone, require] = told.splice(0);
  assertEquals([gone?.kind, gone?.fresh, [...gone!.put]], ["gone", true, [["/a", "1"]]]);
  assertEquals([require?.kind, require?.fresh, require?.put.size], ["require", true, 0]);
  await store.notes.change("require", { put: new Map([["/b", ""]]), removed: ["/c"] });
  await store.notes.change("set", { put: new Map([["/d", ""]]) });
  await waitFor(() => told.length > 0, { what: "the change" });
  assertEquals(told.splice(0), [
    { kind: "require", fresh: false, put: new Map([["/b", ""]]), removed: ["/c"] },
  ]);
  store.publish({ type: "missed" });
  await waitFor(() => told.length === 2, { what: "everything" });
  assertEquals(told.map(({ fresh }) => fresh), [true, true]);
  end.abort();
});
