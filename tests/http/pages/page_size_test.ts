import { assert } from "@std/assert";
import { FILE, pageSite } from "../../browser/page_site.ts";

Deno.test("pages with a hundred mirrors stay below 150 kB before compression", async () => {
  const site = pageSite(100);
  for (const target of [`${FILE}?mirrorlist&fromip=81.2.69.160`, "/?mirrorstats"]) {
    const bytes = (await (await site.get(target)).arrayBuffer()).byteLength;
    assert(bytes < 150_000, `${target} has ${bytes} bytes`);
  }
});
