import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { FakeStore } from "../../support/fake_store.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { PATH, STEPS, World } from "./interleaving_world.ts";

/** The original scans: it hashes what has another size or time, and knows nothing of pieces. */
function scanAsOriginal(store: FakeStore, root: string): void {
  const { size, mtime } = Deno.statSync(root + PATH);
  const known = store.source.get(PATH);
  const modTime = mtime!.getTime();
  if (known?.size === size && known.modTime === modTime) return;
  const bytes = Deno.readFileSync(root + PATH);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  store.source.set(PATH, { path: PATH, size, modTime, sha256, sha1: "", md5: "" });
}

Deno.test("no document ever tells hashes of two versions of a file, whatever happens when", async () => {
  const statuses = new Set<string>();
  const ends = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(STEPS, { maxLength: 14 }), async (steps) => {
      await using directory = await tempDir();
      const { path } = directory;
      const store = new FakeStore();
      await using world = new World(path, {
        store,
        original: () => Promise.resolve(scanAsOriginal(store, path)),
        record: () => Promise.resolve(store.pieces.get(PATH) ?? null),
      });
      for (const step of [{ do: "scan" }, { do: "told" }, ...steps, { do: "finish" }] as const) {
        await world.step(step);
        statuses.add((await world.check()).join(" "));
      }
      for (const end of world.ends) ends.add(end);
    }),
    {
      numRuns: 40,
      examples: [
        [[
          { do: "replace", version: 1, keepsTime: false },
          { do: "original" },
          { do: "told" },
          { do: "backlog" },
          { do: "told" },
        ]],
        [[
          { do: "download" },
          { do: "replace", version: 2, keepsTime: false },
          { do: "scan" },
        ]],
        [[{ do: "download" }]],
      ],
    },
  );
  // It was worth looking: documents with everything were among them, and refused ones.
  assert(statuses.has("200 200 200 200"), [...statuses].join("; "));
  assert(statuses.has("200 200 503 503"), [...statuses].join("; "));
  assertEquals([...ends].sort(), ["cut", "whole"]);
});
