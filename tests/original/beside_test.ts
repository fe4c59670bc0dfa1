import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { waitFor } from "../support/wait_for.ts";
import { asOriginal, WITH_ORIGINAL } from "./programs.ts";
import { Stand } from "./stand.ts";

Deno.test({
  ...WITH_ORIGINAL,
  name: "an original on the same store is told of as long as it is there, and no node of ours",
  async fn() {
    await using stand = await Stand.start();
    const [ours, another] = [await stand.daemon("one"), await stand.daemon("two")];
    await ours.start();
    await another.start();
    const originals = async (): Promise<string[]> => {
      const { stdout } = await ours.cli("health", "-json");
      return JSON.parse(stdout).originals;
    };
    const nodes = async (): Promise<number> =>
      JSON.parse(await ours.ok("nodes", "-json")).nodes.length;
    await waitFor(async () => await nodes() === 2, { what: "two nodes of ours" });
    assertEquals(await originals(), []);

    const original = asOriginal(await stand.daemon("original"));
    await original.start();
    await waitFor(async () => (await originals()).length === 1, { what: "the original's name" });
    const [name] = await originals();
    assertMatch(name!, /^.+-\d+$/);
    assertStringIncludes((await ours.cli("health")).stdout, name!);
    assertEquals(await nodes(), 3);
    await original.stop();
    await waitFor(async () => (await originals()).length === 0, { what: "nobody of the original" });
    assertEquals(await nodes(), 2);
  },
});
