import { assertEquals, assertStringIncludes } from "@std/assert";
import { waitFor } from "../support/wait_for.ts";
import { FILES, Sample, type StoreKind, writeFile } from "./sample.ts";

for (const store of ["embedded", "redis"] satisfies StoreKind[]) {
  Deno.test(`kill -9 in the middle of a scan leaves the index whole on the ${store} store`, async () => {
    await using sample = await Sample.start(store);
    const { daemon, rsyncd } = sample;
    // A frozen rsync daemon keeps the scan in its middle for as long as the test wants.
    for (let index = 0; index < 50; index++) {
      await writeFile(`${sample.directory}/nl`, `/more/${index}`);
    }
    Deno.kill(rsyncd.pid, "SIGSTOP");
    const scan = daemon.cli("scan", "nl");
    await waitFor(async () => {
      return (await daemon.ok("logs", "nl")).trimEnd().endsWith("RSYNC scan started");
    }, { what: "the scan to start" });
    await daemon.stop("SIGKILL");
    await scan;
    Deno.kill(rsyncd.pid, "SIGCONT");
    await rsyncd.stop();

    await daemon.start();
    for (const path of FILES) {
      if (path === "/changed.bin") continue;
      assertEquals(await sample.redirect(path, "nl"), { mirror: "nl", path });
    }

    await rsyncd.start();
    const scanned = await waitFor(() => daemon.ok("scan", "nl"), {
      what: "the lock of the dead daemon to end",
      every: 500,
    });
    assertStringIncludes(scanned, `${FILES.length + 50} files indexed, ${FILES.length} known`);
  });
}
