import { assertEquals } from "@std/assert";
import { formatGone } from "../../../lib/catalog/gone_file.ts";
import type { Mirror } from "../../../lib/catalog/mirror.ts";
import type { MirrorScanResult } from "../../../lib/catalog/scan_result.ts";
import { systemClock } from "../../../lib/daemon/system_clock.ts";
import { scanMirror } from "../../../lib/scan/mirror_scan.ts";
import { fakeFile, fakeMirror, FakeStore } from "../../support/fake_store.ts";
import { MemoryLog } from "../../support/memory_log.ts";
import { ScriptedMirror, TIME } from "./scripted_mirror.ts";

const HOUR = 3_600_000;

/** A mirror over HTTP with these files, which the source has, and a store that knows so. */
function setUp(paths: readonly string[], values: Partial<Mirror> = {}) {
  const server = new ScriptedMirror();
  const mirror = fakeMirror({ httpUrl: "http://mirror.test/base/", ...values });
  const store = new FakeStore(mirror);
  for (const path of paths) {
    server.add(path, 100);
    store.addFiles(fakeFile(path, { size: 100, modTime: TIME }));
    store.addCopies(1, { path, size: 100, modTime: TIME });
  }
  const scan = (exclude: readonly string[] = []): Promise<MirrorScanResult> =>
    scanMirror({
      ...{ mirror, store, listers: [server.lister()], full: true },
      fetch: () => Promise.reject(new TypeError("No network")),
      config: { fixTimezoneOffsets: false, tolerance: 0, traceFileLocation: "", exclude },
      log: new MemoryLog(),
      now: server.clock.now,
      every: () => ({ [Symbol.dispose]() {} }),
      timeout: systemClock.timeout,
      random: () => 0.5,
      signal: new AbortController().signal,
    });
  const copies = (): string[] => [...store.copies.get(1)!.keys()].sort();
  /** What was asked for that has a word in its path. */
  const asked = (word: string): string[] => server.asked.filter((one) => one.includes(word));
  return { server, store, scan, copies, asked };
}

for (const listing of ["json", "html", "list", "none"] as const) {
  Deno.test(`a scan over HTTP asks for nothing that a mirror does not carry on purpose: ${listing}`, async () => {
    const paths = ["/iso/1", "/iso/2", "/iso/nightly/1", "/iso/nightly/2", "/pool/1", "/pool/2"];
    const { server, scan, copies, asked } = setUp(paths, { paths: ["/iso/", "!/iso/nightly/"] });
    server.listing = listing;
    const { indexed, known, removed, warnings } = await scan();
    assertEquals([indexed, known, removed, warnings], [2, 2, 0, []]);
    assertEquals([...asked("pool"), ...asked("nightly")], []);
    assertEquals(copies(), ["/iso/1", "/iso/2"]);
  });

  Deno.test(`a scan over HTTP neither asks for what is excluded nor counts it as gone: ${listing}`, async () => {
    const many = Array.from({ length: 150 }, (_, i) => `/archive/${i}`);
    const { server, store, scan, copies, asked } = setUp(["/pool/1", "/pool/2", "/x.tmp", ...many]);
    server.listing = listing;
    // An original on the same store has them in the index; one left before it was excluded.
    server.files.set("/archive/left", { size: 1, modTime: TIME });
    const left = fakeFile("/archive/left", { modTime: TIME });
    await store.notes.change("gone", { put: new Map([[left.path, formatGone(left, TIME)]]) });
    const { indexed, removed, warnings } = await scan(["/archive/**", "*.tmp"]);
    assertEquals([indexed, removed, warnings], [2, 0, []]);
    assertEquals([...asked("archive"), ...asked("tmp")], []);
    assertEquals(copies(), ["/pool/1", "/pool/2"]);
  });

  Deno.test(`a scan over HTTP looks for files that left the source and are kept: ${listing}`, async () => {
    const { server, store, scan, copies, asked } = setUp(["/pool/1", "/pool/2"]);
    server.listing = listing;
    const left = ["/pool/old", "/old/1", "/old/2", "/pool/lost"].map((path) =>
      fakeFile(path, { size: 7, modTime: TIME - 48 * HOUR })
    );
    for (const file of left) {
      store.addCopies(1, file);
      if (file.path !== "/pool/lost") {
        server.files.set(file.path, file as typeof file & { modTime: number });
      }
    }
    server.files.set("/pool/forgotten", { size: 1, modTime: TIME });
    store.addCopies(1, { path: "/pool/forgotten", size: 1, modTime: TIME });
    await store.notes.change("gone", {
      put: new Map(left.map((file) => [file.path, formatGone(file, TIME)])),
    });
    const { removed } = await scan();
    // The mirror lost one; nobody looks any more for what nobody keeps.
    assertEquals(removed, 2);
    assertEquals(copies(), ["/old/1", "/old/2", "/pool/1", "/pool/2", "/pool/old"]);
    assertEquals(store.copies.get(1)!.get("/pool/old")!.modTime, TIME - 48 * HOUR);
    assertEquals(asked("forgotten"), []);
  });
}
