import { assertEquals } from "@std/assert";
import { indexedFile, Site } from "../fixtures.ts";

Deno.test("what is excluded is as if it were not there, in every view and behind links", async () => {
  const site = new Site({
    files: [indexedFile("/pool/file.iso"), indexedFile("/private/file.iso")],
    disk: { "/private": { type: "directory", path: "/private" } },
    config: { exclude: ["/private/"] },
  });
  site.side.receive({ type: "aliases", aliases: new Map([["/link", "/private"]]) });
  const words = ["", "?mirrorlist", "?stats", "?sha256"];
  for (const path of ["/private/file.iso", "/private", "/private/", "/link/file.iso"]) {
    for (const word of path === "/link/file.iso" ? ["", "?mirrorlist", "?sha256"] : words) {
      assertEquals((await site.get(path + word)).status, 404, path + word);
    }
  }
  for (const ending of [".meta4", ".metalink"]) {
    assertEquals((await site.get(`/private/file.iso${ending}`)).status, 404, ending);
    assertEquals((await site.get(`/link/file.iso${ending}`)).status, 404, ending);
  }
  const headers = { "If-Modified-Since": new Date(8e12).toUTCString() };
  assertEquals((await site.get("/private/file.iso", { headers })).status, 404);
  assertEquals((await site.get("/pool/file.iso")).status, 302);
  site.side.receive({ type: "configuration", config: { ...site.side.config, exclude: [] } });
  assertEquals((await site.get("/private/file.iso")).status, 302);
});
