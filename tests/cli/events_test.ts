import { assertEquals } from "@std/assert";
import { DEFAULT_SETTINGS } from "../../lib/catalog/settings/mirror_settings.ts";
import type { MirrorEvent } from "../../lib/catalog/mirror_event.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { fakeServices, FakeStore, NOW } from "../control/fake_services.ts";
import { Harness } from "./harness.ts";

/** A store that may be away where one of its mirrors is asked for. */
class FailingStore extends FakeStore {
  failing = 0;

  override events(mirrorId: number, limit: number): Promise<MirrorEvent[]> {
    if (mirrorId === this.failing) return Promise.reject(new StoreUnavailableError("It is away"));
    return super.events(mirrorId, limit);
  }
}

Deno.test("events -follow tells once what came while the store was away for some mirrors", async () => {
  const store = new FailingStore();
  for (const name of ["one", "two"]) {
    await store.addMirror({ ...DEFAULT_SETTINGS, name, httpUrl: `http://${name}.example/` });
  }
  const note = (mirrorId: number, text: string): Promise<void> =>
    store.addEvent({ type: "note", mirrorId, text, time: NOW });
  await note(1, "of the past");
  await using harness = new Harness(fakeServices({ store }));
  const interrupt = new AbortController();
  const periods = [
    async () => {
      store.failing = 2;
      await note(1, "meanwhile");
    },
    () => void (store.failing = 0),
    () => {},
    () => interrupt.abort(),
  ];
  const { exit, stdout, stderr } = await harness.run(["events", "-follow", "-json"], {
    interrupt: interrupt.signal,
    delay: async () => await periods.shift()?.(),
  });
  const texts = stdout.trim().split("\n").map((line) =>
    (JSON.parse(line) as { text: string }).text
  );
  assertEquals([exit, texts], [0, ["of the past", "meanwhile"]]);
  assertEquals(stderr.match(/^error:/gm)?.length, 1);
});

Deno.test("events -follow reads only the newest event of mirrors to which nothing happened", async () => {
  const reads: string[] = [];
  const store = new class extends FakeStore {
    override events(mirrorId: number, limit: number): Promise<MirrorEvent[]> {
      reads.push(`${mirrorId}: ${limit}`);
      return super.events(mirrorId, limit);
    }
  }();
  for (const name of ["one", "two", "three"]) {
    await store.addMirror({ ...DEFAULT_SETTINGS, name, httpUrl: `http://${name}.example/` });
    await store.addEvent({ type: "added", mirrorId: store.records.size, time: NOW });
  }
  await using harness = new Harness(fakeServices({ store }));
  const interrupt = new AbortController();
  const periods = [
    async () => {
      reads.length = 0;
      await store.addEvent({ type: "note", mirrorId: 2, text: "news", time: NOW + 1 });
    },
    () => interrupt.abort(),
  ];
  const { stdout } = await harness.run(["events", "-follow", "-json", "-l", "0"], {
    interrupt: interrupt.signal,
    delay: async () => await periods.shift()?.(),
  });
  assertEquals(reads.sort(), ["1: 1", "2: 1", "2: 50", "3: 1"]);
  assertEquals(stdout.trim().split("\n").map((line) => JSON.parse(line).text), ["news"]);
});
