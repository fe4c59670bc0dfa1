import { assertEquals } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

Deno.test("a file that comes or goes in the repository is noticed at once", async () => {
  await using directory = await tempDir("mirrorbits-watch-");
  const repository = `${directory.path}/repository`;
  await Deno.mkdir(`${repository}/pool`, { recursive: true });
  await Deno.writeTextFile(`${repository}/first`, "");
  await using daemon = new Daemon({
    directory: directory.path,
    config: {
      Repository: repository,
      RepositoryScanInterval: 600,
      Fallbacks: [{ URL: "https://fallback.invalid/" }],
    },
  });
  await daemon.start();
  const status = async (path: string): Promise<number> => (await daemon.get(path)).status;
  await waitFor(async () => await status("/first") === 302, { what: "the first scan" });
  assertEquals(await status("/pool/new/file"), 404);
  await Deno.mkdir(`${repository}/pool/new`);
  await Deno.writeTextFile(`${repository}/pool/new/file`, "");
  await waitFor(async () => await status("/pool/new/file") === 302, { what: "the new file" });
  // The answer may come from a look at the disk; the index is what mirrors are compared with.
  const told = (words: string): Promise<boolean> =>
    waitFor(() => daemon.log.includes(`Source scan: ${words}`), { what: words });
  await told("2 files, 1 new or changed, 0 removed");
  await Deno.remove(`${repository}/pool/new`, { recursive: true });
  await waitFor(async () => await status("/pool/new/file") === 404, { what: "the file to go" });
  await told("1 files, 0 new or changed, 1 removed");
});
