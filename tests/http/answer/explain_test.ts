import { assertEquals } from "@std/assert";
import type { ExplanationJson } from "../../../lib/http/render/explanation.ts";
import { rule } from "../../selection/fixtures.ts";
import { formatHistory, formatStanding, standingName } from "../../../lib/catalog/set_state.ts";
import { FILE_TIME, indexedFile, MIRRORS, NOW, Site } from "../fixtures.ts";

const SE = "89.160.20.112";
const US = "216.160.83.56";
const FILE = "/pool/file.iso";

async function explained(site: Site, query: string, from = SE): Promise<ExplanationJson> {
  const answer = await site.get(`${FILE}?explain${query}`, { from });
  assertEquals(answer.status, 200);
  assertEquals(answer.headers.get("Cache-Control"), "private, no-cache");
  return await answer.json();
}

Deno.test("?explain tells everything about each mirror", async () => {
  const rules = [rule("SE", "m1", "never"), rule("@EU", "m4", "last")];
  const mirrors = [
    ...MIRRORS.slice(0, 3),
    { ...MIRRORS[3]!, lastSuccessfulSync: 1_700_000_000_000, networks: ["10.0.0.0/8"] },
    { ...MIRRORS[0]!, id: 9, name: "ark" },
  ];
  const site = new Site({ mirrors, config: { explain: "all", rules } });
  const why = await explained(site, "");
  assertEquals(
    why.mirrors.map(({ name, rank, group, rule, share, reason }) => [
      ...[name, rank, group, rule?.number ?? null, share, reason],
    ]),
    [
      ["m2", 1, "usual", null, 100, null],
      ["m3", 2, "usual", null, null, null],
      ["m4", 3, "last", 2, null, null],
      ["m1", null, null, 1, null, "Rule 1"],
    ],
  );
  assertEquals(why.drawn.map(({ name }) => name), ["m2", "m3", "m4"]);
  assertEquals(why.lacking, ["ark"]);
  assertEquals([why.client.address, why.client.city, why.client.asNumber], [
    SE,
    "Linköping",
    29518,
  ]);
  assertEquals(why.mirrors[2]!.copy, {
    size: 1000,
    modTime: "2023-11-14T23:13:20.5Z",
    listed: "2023-11-14T22:13:20Z",
  });
  const inside = await explained(site, "&fromip=10.1.2.3");
  assertEquals(inside.client.network, "10.0.0.0/8");
  assertEquals(inside.mirrors[0]!.network, "10.0.0.0/8");
});

Deno.test("?explain draws the same with the same seed, and as often as it says", async () => {
  // Two of one place share.
  const mirrors = [MIRRORS[0]!, { ...MIRRORS[1]!, ...{ latitude: 51, longitude: 0, score: 50 } }];
  const site = new Site({ mirrors, config: { explain: "all" } });
  const again = async (seed: number): Promise<string> =>
    (await explained(site, `=${seed}&fromip=81.2.69.160`)).drawn[0]!.name;
  const { mirrors: [first] } = await explained(site, "&fromip=81.2.69.160");
  let count = 0;
  for (let seed = 0; seed < 2000; seed++) if (await again(seed) === first!.name) count++;
  assertEquals(Math.abs(count / 20 - first!.share!) < 4, true, `${count} ${first!.share}`);
  assertEquals(await again(5), await again(5));
});

Deno.test("?explain is there for those whom the operator lets", async () => {
  const status = async (
    explain: "none" | "loopback" | "all",
    from: string,
    headers: Record<string, string> = {},
  ): Promise<number> => {
    const site = new Site({ config: { explain } });
    const remote: Deno.Addr = from === "unix"
      ? { transport: "unix", path: "/run/x" }
      : { transport: "tcp", hostname: from, port: 1 };
    return (await site.get(`${FILE}?explain`, { remote, headers })).status;
  };
  assertEquals(await status("none", "127.0.0.1"), 302);
  assertEquals(await status("all", US), 200);
  for (const from of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]) {
    assertEquals(await status("loopback", from), 200, from);
  }
  for (const from of [US, "10.0.0.1", "::2", "unix"]) {
    assertEquals(await status("loopback", from), 302);
  }
  for (const name of ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"]) {
    assertEquals(await status("loopback", "127.0.0.1", { [name]: "192.0.2.1" }), 302, name);
  }
});

Deno.test("?explain shows hidden mirrors to nobody outside", async () => {
  const mirrors = [
    ...MIRRORS.slice(0, 2),
    { ...MIRRORS[2]!, networks: ["216.160.0.0/16"], networksOnly: true },
    { ...MIRRORS[3]!, id: 9, networks: ["10.0.0.0/8"], networksOnly: true },
  ];
  const site = new Site({ mirrors, config: { explain: "all" } });
  for (const query of ["", `&fromip=${US}`, "&fromip=10.0.0.1"]) {
    const why = await explained(site, query);
    assertEquals(why.mirrors.map(({ name }) => name).sort(), ["m1", "m2"], query);
    assertEquals(why.lacking, []);
  }
  assertEquals((await explained(site, "", US)).mirrors[0]!.name, "m3");
});

Deno.test("?explain tells when the fallbacks answer, and refuses what is no file", async () => {
  const fallbacks = [{ url: "https://f.example/", countryCode: "FR", continentCode: "EU" }];
  const files = [{ ...indexedFile(FILE), copies: [] }];
  const site = new Site({ files, config: { explain: "all", fallbacks } });
  const why = await explained(site, "");
  assertEquals([why.mirrors, why.fallback], [[], true]);
  assertEquals(why.drawn, [{ name: "fallback0", url: "https://f.example/" }]);
  assertEquals(why.lacking, ["m1", "m2", "m3", "m4"]);
  assertEquals((await site.get("/none?explain", { from: SE })).status, 404);
});

Deno.test("?explain tells whom an address draws, where it takes the place of chance", async () => {
  const mirrors = [1, 2, 3].map((id) => MIRRORS[id - 1]!);
  const site = new Site({
    mirrors,
    config: { explain: "all", stableDraw: ["/pool/"] },
  });
  site.side.receive({ type: "salt", salt: "0123456789abcdef" });
  const counts = new Map<string, number>();
  let shares = new Map<string, number | null>();
  for (let i = 0; i < 4000; i++) {
    const from = `198.18.${i >> 8}.${i & 255}`;
    const answer = await site.get(FILE, { from });
    const name = /m\d/.exec(answer.headers.get("Location")!)![0];
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (i % 500 > 0) continue;
    const why = await explained(site, `=${i}`, from);
    assertEquals(why.stable, true);
    assertEquals(why.drawn[0]!.name, name, "whatever the seed");
    shares = new Map(why.mirrors.map((one) => [one.name, one.share]));
  }
  for (const [name, share] of shares) {
    const counted = counts.get(name)! / 40;
    assertEquals(Math.abs(counted - share!) < 3, true, `${name}: ${counted} and ${share}`);
  }
  assertEquals((await explained(new Site({ config: { explain: "all" } }), "")).stable, false);
});

Deno.test("?explain tells why mirrors may not serve a name of a metadata set", async () => {
  const root = "/dists/a/InRelease";
  const metadataSets = [{
    root: "/dists/*/InRelease",
    below: "/dists/*/",
    immutable: ["*/by-hash/*"],
    maxBehind: 360,
    quorum: 50,
  }];
  const config = { explain: "all", metadataSets } as const;
  const site = new Site({ files: [indexedFile(root)], config });
  site.side.receive({ type: "salt", salt: "0123456789abcdef" });
  const revision = { number: 1, size: 1000, modTime: FILE_TIME, sha256: "", time: NOW };
  const history = { revisions: [revision], former: new Map() };
  const set = { type: "notes", kind: "set", fresh: true, removed: [] } as const;
  site.side.receive({ ...set, put: new Map([[root, formatHistory(history)]]) });
  const standing = (whole: number | null, unsteady = false): string =>
    formatStanding({ seen: 1, whole, unsteady, time: NOW });
  site.side.receive({
    ...{ ...set, kind: "set_mirror" },
    put: new Map([
      [standingName(1, root), standing(1)],
      [standingName(2, root), standing(null)],
      [standingName(3, root), standing(1, true)],
    ]),
  });
  const answer = await site.get(`${root}?explain`, { from: SE });
  const why: ExplanationJson = await answer.json();
  assertEquals(why.mirrors.map(({ name, reason }) => [name, reason]), [
    ["m1", null],
    ["m2", "In the middle of a sync"],
    ["m3", "Unsteady"],
    ["m4", "In the middle of a sync"],
  ]);
  assertEquals(why.drawn.map(({ name }) => name), ["m1"]);
  const { headers } = await site.get(root, { from: SE });
  assertEquals(headers.get("Location"), `http://m1.example${root}`);
});
