import { assert } from "@std/assert";
import { LANGUAGES } from "../../../lib/http/pages/words/languages.ts";
import { FILE, pageSite } from "../../browser/page_site.ts";

Deno.test("pages with 120 mirrors stay below 150 kB before compression, in every language", async () => {
  const site = pageSite(120);
  for (const target of [`${FILE}?mirrorlist&fromip=81.2.69.160`, "/?mirrorstats"]) {
    for (const { tag } of LANGUAGES) {
      const response = await site.get(target, { headers: { "Accept-Language": tag } });
      const bytes = (await response.arrayBuffer()).byteLength;
      assert(bytes < 150_000, `${target} has ${bytes} bytes in ${tag}`);
    }
  }
});
