import { assertEquals, assertRejects } from "@std/assert";
import { defaults } from "../../lib/config/load_config.ts";
import { backUpStore, checkStore } from "../../lib/daemon/store_care.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("a store that is not there is named, and not made", async () => {
  await using dir = await tempDir();
  const config = { ...defaults({}), databasePath: `${dir.path}/absent.db` };
  const message = `There is no store at "${dir.path}/absent.db": name the daemon's configuration`;
  await assertRejects(() => backUpStore(config, `${dir.path}/backup.db`), Error, message);
  await assertRejects(() => checkStore(config, null), Error, message);
  assertEquals(await Array.fromAsync(Deno.readDir(dir.path)), []);
});
