import { FILE, pageSite } from "../browser/page_site.ts";

const PAGES = {
  "mirror list": `${FILE}?mirrorlist&fromip=81.2.69.160`,
  "mirror statistics": "/?mirrorstats",
};

for (const [name, target] of Object.entries(PAGES)) {
  for (const gzip of [false, true]) {
    const site = pageSite(100, { config: { gzip } });
    const headers = { "Accept": "text/html", "Accept-Encoding": "gzip, br" };
    // The map is drawn at first use.
    const bytes = (await (await site.get(target, { headers })).arrayBuffer()).byteLength;
    Deno.bench({
      name: `${name}, 100 mirrors, ${gzip ? "brotli" : "plain"}, ${bytes} bytes`,
      group: name,
      fn: async () => {
        await (await site.get(target, { headers })).arrayBuffer();
      },
    });
  }
}
