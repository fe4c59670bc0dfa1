import { assertEquals } from "@std/assert";
import { formatGone } from "../../lib/catalog/gone_file.ts";
import { NOTE_KINDS } from "../../lib/store/note_store.ts";
import type { StoreChange } from "../../lib/store/store.ts";
import type { ContractCase } from "../store_contract.ts";
import { addCopies, listed, ODD_PATHS, sampleFile, sampleMirror, TIME } from "./samples.ts";

/** Small facts that all nodes share. */
export const noteCases: readonly ContractCase[] = [
  {
    name: "notes are kept by kind and name, replaced and removed",
    run: async ({ store: { notes } }) => {
      for (const kind of NOTE_KINDS) {
        const put = new Map(ODD_PATHS.map((path) => [path, `${kind} ${path}`]));
        await notes.change(kind, { put });
      }
      await notes.change("require", { put: new Map([["/a", ""]]), removed: ["/case", "/never"] });
      await notes.change("require", {});
      const all = await notes.all("require");
      assertEquals(all.size, ODD_PATHS.length - 1);
      assertEquals(all.get("/a"), "");
      assertEquals((await notes.all("gone")).size, ODD_PATHS.length);
      assertEquals(await notes.get("require", ["/case", "/-dash", "/a"]), [
        null,
        "require /-dash",
        "",
      ]);
      assertEquals(await notes.get("require", []), []);
    },
  },
  {
    name: "notes of more than a page are all read, written and removed",
    run: async ({ store: { notes } }) => {
      const names = Array.from({ length: 2500 }, (_, i) => `/${i}`);
      await notes.change("gone", { put: new Map(names.map((name) => [name, name])) });
      assertEquals((await notes.all("gone")).size, 2500);
      assertEquals(await notes.get("gone", names), names);
      await notes.change("gone", { removed: names });
      assertEquals((await notes.all("gone")).size, 0);
    },
  },
  {
    name: "watch() tells of notes that were written or removed",
    run: async ({ store }) => {
      const end = new AbortController();
      const seen = Promise.withResolvers<void>();
      const told = new Set<string>();
      store.watch((change: StoreChange) => {
        if (change.type !== "notes") return;
        for (const name of change.names) told.add(`${change.kind} ${name}`);
        if (told.has("require /b c")) seen.resolve();
      }, end.signal);
      await store.notes.change("gone", { put: new Map([["/a", "1"]]) });
      await store.notes.change("require", { removed: ["/b c"] });
      await seen.promise;
      end.abort();
      assertEquals([...told], ["gone /a", "require /b c"]);
    },
  },
  {
    name: "salt() keeps the first that is offered",
    run: async ({ store: { notes } }) => {
      assertEquals(await notes.salt("0011223344556677"), "0011223344556677");
      assertEquals(await notes.salt("8899aabbccddeeff"), "0011223344556677");
    },
  },
  {
    name: "askedNotes() gives notes of files that mirrors were asked for",
    run: async ({ store, reader }) => {
      const put = new Map(ODD_PATHS.map((path) => [`1 ${path}`, `f1 ${path}`]));
      await store.notes.change("asked", { put });
      const names = [...put.keys(), "2 /a"];
      const expected = [...put.values(), null];
      assertEquals(await store.askedNotes(names), expected);
      if (reader) assertEquals(await reader.askedNotes(names), expected);
    },
  },
  {
    name: "goneFile() gives what a note tells, with the copies of mirrors",
    run: async ({ store, reader }) => {
      const id = await store.addMirror(sampleMirror("m"));
      for (const path of ODD_PATHS) {
        const file = sampleFile(path, { sha256: "ab".repeat(32) });
        await addCopies(store, id, listed(path));
        assertEquals(await store.goneFile(path), null);
        await store.notes.change("gone", { put: new Map([[path, formatGone(file, TIME)]]) });
        const copies = [{ mirrorId: id, size: 1234, modTime: TIME }];
        const expected = { time: TIME, indexed: { file, copies, former: true } };
        assertEquals(await store.goneFile(path), expected);
        if (reader) assertEquals(await reader.goneFile(path), expected);
      }
      await store.notes.change("gone", { put: new Map([["/odd", "{"]]) });
      assertEquals(await store.goneFile("/odd"), null);
      await store.removeMirror(id);
      assertEquals((await store.goneFile("/a"))?.indexed.copies, []);
    },
  },
];
