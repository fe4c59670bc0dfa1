import { assert, assertEquals, assertMatch } from "@std/assert";
import { waitFor } from "../support/wait_for.ts";
import { MIRROR_NAMES, Sample, type StoreKind } from "./sample.ts";

/** Downloads and bytes of each mirror, by name. */
type Numbers = Record<string, readonly [downloads: number, bytes: number]>;

for (const store of ["embedded", "redis"] satisfies StoreKind[]) {
  Deno.test(`the pages tell the truth on the ${store} store`, async (test) => {
    await using sample = await Sample.start(store, { Gzip: true });
    const { daemon } = sample;

    const onJson = async (): Promise<Numbers> => {
      const response = await daemon.get("/?mirrorstats", { Accept: "application/json" });
      const { Mirrors } = await response.json();
      return Object.fromEntries(
        Mirrors.map((mirror: Record<string, unknown>) => [
          mirror.Name,
          [mirror.Downloads, mirror.Bytes],
        ]),
      );
    };

    await test.step("the statistics of the page, the JSON and the command line are the same", async () => {
      for (let count = 0; count < 3; count++) await sample.redirect("/README.txt", "nl");
      await sample.redirect("/pool/1/file-1.tar.gz", "us");
      const numbers = await waitFor(async () => {
        const found = await onJson();
        return found.nl?.[0] === 3 && found.us?.[0] === 1 && found;
      }, { what: "the counters" });
      const html = await (await daemon.get("/?mirrorstats")).text();
      for (const name of MIRROR_NAMES) {
        const { downloads, bytes } = JSON.parse(await daemon.ok("stats", "--json", "mirror", name));
        assertEquals(numbers[name], [downloads, bytes]);
        assertMatch(
          html,
          new RegExp(`>${name}</a></td>.*<data value="${downloads}".*<data value="${bytes}"`),
        );
      }
    });

    await test.step("pages are compressed when Gzip is on", async () => {
      const response = await fetch(`http://${daemon.address}/README.txt?mirrorlist`, {
        headers: { "Accept-Encoding": "gzip" },
      });
      assert((await response.text()).includes("README.txt"));
      assertMatch(response.headers.get("Vary") ?? "", /Accept-Encoding/);
    });

    await test.step("templates take effect at a reload, broken ones are reported", async () => {
      const templates = `${sample.directory}/templates`;
      await Deno.mkdir(templates);
      await Deno.writeTextFile(`${templates}/header.html`, "<b>Ours</b>");
      await Deno.writeTextFile(`${templates}/footer.html`, "{{wrong}}");
      daemon.configure({ Templates: templates });
      const { stdout, stderr } = await daemon.cli("reload");
      const expected = /footer\.html", the embedded one is used: line 1: Unknown placeholder/;
      assertMatch(daemon.log, expected);
      assertMatch(stdout + stderr, expected);
      const page = async () => await (await daemon.get("/?mirrorstats")).text();
      await waitFor(async () => (await page()).includes("<b>Ours</b>"), { what: "the header" });
      assert((await page()).includes("All times are UTC"));
      await Deno.writeTextFile(`${templates}/footer.html`, "Also ours");
      await daemon.ok("reload");
      await waitFor(async () => (await page()).includes("Also ours"), { what: "the footer" });
    });
  });
}
