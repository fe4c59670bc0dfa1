import { assertEquals, assertMatch } from "@std/assert";
import { createHash } from "node:crypto";
import { sampleBytes, Stand } from "../e2e/clients/stand.ts";
import { TcpProxy } from "../support/tcp_proxy.ts";
import { waitFor } from "../support/wait_for.ts";
import { startBrowser } from "./browser.ts";

const BIG = "/only/big.iso";

Deno.test("a browser downloads a file from here, and goes on where it was broken off", async () => {
  await using stand = await Stand.start({ "/pool/both.iso": "x" }, {
    ServeLocally: { LastResort: true },
    LogDir: null,
  });
  const bytes = sampleBytes(16_000_000);
  await Deno.mkdir(`${stand.repository}/only`);
  await Deno.writeFile(stand.repository + BIG, bytes);
  await stand.daemon.ok("refresh");
  await using proxy = new TcpProxy(Number(stand.daemon.address.split(":")[1]));
  const asked: string[] = [];
  let cut = false;
  proxy.onRequest = (text) => {
    if (!text.startsWith(`GET ${BIG}`)) return;
    asked.push(/^range: (.*?)\r?$/im.exec(text)?.[1] ?? "");
    assertEquals(/^if-range: (.*?)\r?$/im.exec(text) !== null, asked.at(-1) !== "");
  };
  let passed = 0;
  proxy.onAnswer = (text) => {
    passed += text.length;
    if (cut || passed < 3_000_000) return;
    cut = true;
    // Once: then everything passes again.
    proxy.mode = "closed";
    proxy.mode = "open";
  };
  await using browser = await startBrowser();
  const page = await browser.newPage();
  const begun = page.waitForEvent("download");
  await page.goto(`http://127.0.0.1:${proxy.port}${BIG}`).catch(() => {});
  const download = await begun;
  const hash = createHash("sha256").update(await Deno.readFile(await download.path())).digest(
    "hex",
  );
  assertEquals(hash, createHash("sha256").update(bytes).digest("hex"));
  assertEquals(cut, true);
  assertEquals(asked[0], "");
  assertMatch(asked.at(-1)!, /^bytes=[1-9]\d*-$/);
  await waitFor(async () => {
    return (await (await stand.daemon.get(`${BIG}?stats`)).json()).Total === 1;
  }, { what: "one download to be counted" });
});
