import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { INITIAL_STATE } from "../../lib/catalog/mirror_state_fields.ts";
import { DEFAULT_SETTINGS } from "../../lib/catalog/settings/mirror_settings.ts";
import { fakeServices, FakeStore } from "../control/fake_services.ts";
import { indexedFile } from "../http/fixtures.ts";
import { Harness } from "./harness.ts";

const TERMINAL = { terminal: true, columns: 80, rows: 24 };

/** A store with that many mirrors. */
function storeOf(count: number): FakeStore {
  const store = new FakeStore();
  for (let id = 1; id <= count; id++) {
    const name = `mirror${`${id}`.padStart(3, "0")}.a-very-long-hosting-company-name.example`;
    const httpUrl = `http://${name}/`;
    const settings = { ...DEFAULT_SETTINGS, id, name, httpUrl, enabled: true };
    store.records.set(id, { ...settings, ...INITIAL_STATE, httpUp: true });
  }
  return store;
}

Deno.test("a name that 120 mirrors share leaves the mistake on the screen", async () => {
  await using harness = new Harness(fakeServices({ store: storeOf(120) }));
  const { stderr, exit } = await harness.run(["show", "mirror"], TERMINAL);
  assertEquals(exit, 1);
  const lines = stderr.trimEnd().split("\n");
  assertEquals([lines[0], lines.at(-1)], ["error: Multiple match:", "  and 105 more"]);
  assert(lines.length < TERMINAL.rows);
});

Deno.test("list says how to begin where there are no mirrors, to people only", async () => {
  await using harness = new Harness(fakeServices({ store: storeOf(0) }));
  const { stdout } = await harness.run(["list"], TERMINAL);
  assertStringIncludes(stdout, "No mirrors yet. Add one:\n  $ mirrorbits add -scan -enable");
  assertEquals((await harness.run(["list"])).stdout, "Identifier  STATE  SINCE\n");
  assertEquals((await harness.run(["list", "-down"], TERMINAL)).stdout.includes("yet"), false);
});

Deno.test("a page for operators fits the terminal, and stays Markdown in a pipe", async () => {
  await using harness = new Harness(fakeServices({ store: storeOf(0) }));
  const { stdout } = await harness.run(["help", "limits"], TERMINAL);
  assert(stdout.split("\n").every((line) => line.length <= 80), stdout);
  const { stdout: piped } = await harness.run(["help", "limits"]);
  assertEquals(
    piped,
    await Deno.readTextFile(new URL("../../cli/topics/limits.md", import.meta.url)),
  );
});

Deno.test("an unknown key breaks between words on a terminal and stays below 24 lines", async () => {
  await using harness = new Harness(fakeServices({ store: storeOf(1) }));
  const { stderr } = await harness.run(["edit", "-set", "Foo=1", "mirror"], TERMINAL);
  const lines = stderr.trimEnd().split("\n");
  assert(lines.every((line) => line.length <= 80), stderr);
  assert(lines.length < TERMINAL.rows, stderr);
});

Deno.test("explain gives each of 120 mirrors one line of 80 columns", async () => {
  const store = storeOf(120);
  const { copies: [copy], ...file } = indexedFile("/pub/file.iso");
  const copies = [...store.records.keys()].map((mirrorId) => ({ ...copy!, mirrorId }));
  store.indexed.set("/pub/file.iso", { ...file, copies });
  await using harness = new Harness(fakeServices({ store }));
  const { stdout } = await harness.run(["explain", "/pub/file.iso"], TERMINAL);
  const lines = stdout.split("\n");
  const rows = lines.filter((line) => /^mirror\d{3}\.\S*…? .* (in the draw|follows)$/.test(line));
  assertEquals(rows.length, 120, stdout.slice(0, 800));
  assert(lines.every((line) => line.length <= 80), stdout.slice(0, 800));
});

Deno.test("stats of files keep to the terminal, and in a pipe their paths", async () => {
  const store = storeOf(1);
  const path = `/releases/2.0/${"a-rather-long-name-".repeat(5)}x86_64.iso`;
  store.files.set("2026-11-22", new Map([[path, 16]]));
  await using harness = new Harness(fakeServices({ store }));
  const wide = await harness.run(["stats", "file", "iso"]);
  assertStringIncludes(wide.stdout, `${path}:`);
  const { stdout } = await harness.run(["stats", "file", "iso"], TERMINAL);
  const lines = stdout.trimEnd().split("\n");
  assertEquals(lines.length, 2, stdout);
  assert(lines.every((line) => line.length <= 80), stdout);
  assertStringIncludes(lines[0]!, "-x86_64.iso:  16");
});

Deno.test("nodes names some mirrors on a terminal, and all in a pipe", async () => {
  const names = Array.from({ length: 120 }, (_, at) => `mirror${at}`);
  const nodes = [{ name: "a", self: true, mirrors: names }];
  const services = fakeServices({ nodes: () => Promise.resolve({ cluster: false, nodes }) });
  await using harness = new Harness(services);
  assertStringIncludes((await harness.run(["nodes"])).stdout, "mirror119");
  const { stdout } = await harness.run(["nodes"], TERMINAL);
  assertStringIncludes(stdout, "mirror4 and 115 more");
});
