import { assert, assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import type { ListedFile, SourceFile } from "../../lib/catalog/file.ts";
import type { ScanProgress } from "../../lib/catalog/scan_result.ts";
import { Breather } from "../../lib/scan/breather.ts";
import { HashQueue } from "../../lib/scan/hash_queue.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

const TIME = 1_700_000_000_000;

/** A queue over a directory, and what it told. */
function queueOver(repository: string, signal = new AbortController().signal) {
  const hashed = new Map<string, SourceFile>();
  const failed = new Map<string, unknown>();
  const progress: ScanProgress[] = [];
  const queue = new HashQueue({
    repository,
    hashes: { sha1: false, sha256: true, md5: false },
    breather: new Breather(Date.now, signal),
    signal,
    onHashed: ({ file }) => hashed.set(file.path, file),
    onFailed: (error, { path }) => failed.set(path, error),
    onProgress: (step) => progress.push(step),
  });
  return { queue, hashed, failed, progress };
}

/** Writes files of some bytes each, but for the last two: one is gone, one is a directory. */
function writeFiles(directory: string, count: number, size: number): ListedFile[] {
  return Array.from({ length: count }, (_, i) => {
    const path = `/${i}`;
    if (i === count - 1) Deno.mkdirSync(directory + path);
    else if (i < count - 2) {
      Deno.writeFileSync(directory + path, new Uint8Array(size).fill(i));
      Deno.utimeSync(directory + path, new Date(TIME), new Date(TIME));
    }
    return { path, size, modTime: TIME };
  });
}

async function hashAll(directory: string, files: readonly ListedFile[]): Promise<ScanProgress[]> {
  await using told = queueOver(directory).queue;
  await told.finish();
  const { queue: own, hashed, failed, progress } = queueOver(directory);
  await using queue = own;
  for (const [i, file] of files.entries()) {
    queue.add(file);
    // The thread begins in the middle.
    if (i === files.length >> 1) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assertEquals(await queue.finish(), files.length - 2);
  for (const { path, size } of files.slice(0, -2)) {
    const bytes = new Uint8Array(size).fill(Number(path.slice(1)));
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    assertEquals(hashed.get(path), { path, size, modTime: TIME, sha1: "", sha256, md5: "" });
  }
  const [gone, directoryName] = files.slice(-2).map(({ path }) => path);
  assertEquals([...failed.keys()].sort(), [gone!, directoryName!].sort());
  assert(failed.get(gone!) instanceof Deno.errors.NotFound);
  return progress;
}

Deno.test("HashQueue hashes a few files and many, small and large ones", async () => {
  for (const [count, size] of [[20, 1000], [4500, 100], [40, 3_000_000]] as const) {
    await using directory = await tempDir();
    const progress = await hashAll(directory.path, writeFiles(directory.path, count, size));
    assert(progress.length > 0);
    let last = 0;
    for (const step of progress) {
      assert(step.phase === "hashing" && step.total === count);
      assertEquals(step.totalBytes, count * size);
      assert(step.bytes! >= last && step.bytes! <= count * size);
      last = step.bytes!;
    }
  }
});

Deno.test("HashQueue hashes on this thread what another one fails to", async () => {
  await using directory = await tempDir();
  const files = writeFiles(directory.path, 4500, 100);
  const worker = Object.getOwnPropertyDescriptor(globalThis, "Worker")!;
  Object.defineProperty(globalThis, "Worker", {
    ...worker,
    value: class {
      onerror = (_: unknown): void => {};
      constructor() {
        queueMicrotask(() => this.onerror({ message: "None", preventDefault: () => {} }));
      }
      terminate(): void {}
    },
  });
  try {
    await hashAll(directory.path, files);
  } finally {
    Object.defineProperty(globalThis, "Worker", worker);
  }
});

Deno.test("HashQueue that is disposed of while its thread starts leaves the files alone", async () => {
  await using directory = await tempDir();
  const { queue, hashed, failed } = queueOver(directory.path);
  for (const file of writeFiles(directory.path, 4500, 100)) queue.add(file);
  await queue[Symbol.asyncDispose]();
  assertEquals([hashed.size, failed.size], [0, 0]);
});

Deno.test("HashQueue stops in the middle of a file of which minutes are left", async () => {
  await using directory = await tempDir();
  const size = 1024 ** 4;
  using file = Deno.createSync(`${directory.path}/huge`);
  file.truncateSync(size);
  for (const ending of ["aborted", "disposed of"]) {
    const stop = new AbortController();
    const { queue, hashed, progress } = queueOver(directory.path, stop.signal);
    {
      await using _ = queue;
      queue.add({ path: "/huge", size, modTime: null });
      const end = queue.finish();
      end.catch(() => {});
      await waitFor(() => progress.length > 1, { what: "progress" });
      if (ending === "aborted") {
        stop.abort(new Error("Enough"));
        await assertRejects(() => end, Error, "Enough");
      }
    }
    assertEquals(hashed.size, 0);
  }
});
