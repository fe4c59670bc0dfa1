import { assert, assertEquals } from "@std/assert";
import { LANGUAGES } from "../../../lib/http/pages/words/languages.ts";
import { FILE, pageSite } from "../../browser/page_site.ts";

const TARGETS = [
  `${FILE}?mirrorlist`,
  `${FILE}?mirrorlist&fromip=81.2.69.160`,
  "/releases/2.0/?mirrors",
  "/releases/2.0/?mirrors&fromip=81.2.69.160",
  "/?mirrorstats",
];

/** 150 kB before compression are what is allowed: sponsors may have longer names than ours. */
const ROOM = 5_000;

Deno.test("pages with 200 mirrors stay well below 150 kB, in every language", async () => {
  const site = pageSite(200);
  for (const target of TARGETS) {
    for (const { tag } of LANGUAGES) {
      const response = await site.get(target, {
        headers: { "Accept": "text/html", "Accept-Language": tag },
      });
      const bytes = (await response.arrayBuffer()).byteLength;
      assertEquals(response.status, 200, target);
      assert(bytes < 150_000 - ROOM, `${target} has ${bytes} bytes in ${tag}`);
    }
  }
});
