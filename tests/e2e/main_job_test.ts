import { assert, assertEquals, assertMatch } from "@std/assert";
import { waitFor } from "../support/wait_for.ts";
import { FILES, MIRROR_NAMES, PLACES, Sample, type StoreKind } from "./sample.ts";

for (const store of ["embedded", "redis"] satisfies StoreKind[]) {
  Deno.test(`the main job works end to end on the ${store} store`, async (test) => {
    await using sample = await Sample.start(store);
    const { daemon } = sample;

    const everyFileGoesToItsCountry = async (): Promise<void> => {
      for (const path of FILES) {
        if (path === "/only-elsewhere.iso" || path === "/changed.bin") continue;
        for (const country of MIRROR_NAMES) {
          assertEquals(await sample.redirect(path, country), { mirror: country, path });
        }
      }
    };

    await test.step("every client goes to the mirror of its country, for every name", () =>
      everyFileGoesToItsCountry());

    await test.step("every redirect leads to the file", async () => {
      for (const path of FILES) {
        const encoded = path.split("/").map(encodeURIComponent).join("/");
        const response = await fetch(`http://${daemon.address}${encoded}`, {
          headers: { "X-Forwarded-For": PLACES.us.client },
        });
        assertEquals(response.status, 200, path);
        assertEquals((await response.bytes()).length, path.length + 100, path);
      }
    });

    await test.step("a mirror without the file, or with another size or time, is never used", async () => {
      for (let round = 0; round < 20; round++) {
        const missing = await sample.redirect("/only-elsewhere.iso", "us");
        assert(["nl", "jp"].includes(missing.mirror), missing.mirror);
        for (const country of MIRROR_NAMES) {
          assertEquals((await sample.redirect("/changed.bin", country)).mirror, "us");
        }
      }
    });

    await test.step("a link inside stands for its target, one that leaves is refused", async () => {
      assertEquals(await sample.redirect("/odd/alias.txt", "jp"), {
        mirror: "jp",
        path: "/README.txt",
      });
      assertEquals((await daemon.get("/odd/leaves.txt")).status, 403);
      assertEquals((await daemon.get("/none.txt")).status, 404);
    });

    await test.step("a mirror whose server is gone is out, and in again when it is back", async () => {
      await sample.servers.jp.down();
      await sample.waitForState("jp", "down");
      await waitFor(async () => (await sample.redirect("/README.txt", "jp")).mirror !== "jp", {
        what: "the mirror to be out",
      });
      sample.servers.jp.up();
      await sample.waitForState("jp", "up");
      await waitFor(async () => (await sample.redirect("/README.txt", "jp")).mirror === "jp", {
        what: "the mirror to be in again",
      });
    });

    const downloads = async (): Promise<number> =>
      (await (await daemon.get("/pool/1/file-1.tar.gz?stats")).json()).Total;

    await test.step("downloads are counted and logged", async () => {
      const before = await downloads();
      for (let count = 0; count < 5; count++) await sample.redirect("/pool/1/file-1.tar.gz", "nl");
      await waitFor(async () => await downloads() === before + 5, { what: "the counters" });
      const log = await Deno.readTextFile(`${sample.directory}/downloads.log`);
      assertMatch(
        log,
        /REDIRECT 302 GET "\/pool\/1\/file-1\.tar\.gz" ip:193\.0\.6\.139 mirror:nl /,
      );
    });

    await test.step("a restart keeps the index, the mirrors and the counters, with no scan", async () => {
      const before = await downloads();
      assertEquals(await daemon.stop("SIGTERM"), 0);
      await sample.rsyncd.stop();
      await daemon.start();
      assertEquals(await downloads(), before);
      await everyFileGoesToItsCountry();
      await waitFor(async () => await downloads() === before + MIRROR_NAMES.length, {
        what: "the counters to go on",
      });
    });
  });
}
