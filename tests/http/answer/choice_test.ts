import { assertEquals, assertStringIncludes } from "@std/assert";
import { mirrorRecord, rule } from "../../selection/fixtures.ts";
import { MIRRORS, PLACES, Site } from "../fixtures.ts";

const SE = "89.160.20.112";
const US = "216.160.83.56";
const FILE = "/pool/file.iso";
const CAMPUS = {
  ...MIRRORS[2]!,
  networks: ["81.2.69.0/24", "192.0.2.0/24"],
  networksOnly: true,
};

async function location(site: Site, from: string): Promise<string> {
  return (await site.get(FILE, { from })).headers.get("Location") ?? "";
}

Deno.test("handler sends a client to the mirror of its own network, known or not", async () => {
  const site = new Site({ mirrors: [...MIRRORS.slice(0, 2), CAMPUS] });
  assertEquals(await location(site, "81.2.69.160"), "http://m3.example/pool/file.iso");
  assertEquals(await location(site, "192.0.2.9"), "http://m3.example/pool/file.iso");
  assertEquals(await location(site, SE), "http://m2.example/pool/file.iso");
});

Deno.test("handler follows networks and rules as they change", async () => {
  const site = new Site();
  assertEquals(await location(site, SE), "http://m2.example/pool/file.iso");
  site.side.receive({ type: "mirror", mirror: { ...MIRRORS[0]!, networks: ["89.160.0.0/16"] } });
  assertEquals(await location(site, SE), "http://m1.example/pool/file.iso");
  const { config } = site.side;
  const rules = [rule("SE", "m1 m2", "never")];
  site.side.receive({ type: "configuration", config: { ...config, rules } });
  assertEquals(await location(site, SE), "https://m4.example/pub/pool/file.iso");
  site.side.receive({ type: "configuration", config });
  site.side.receive({ type: "mirror_removed", id: 1 });
  assertEquals(await location(site, SE), "http://m2.example/pool/file.iso");
});

Deno.test("handler shows a mirror for its networks only to nobody else", async () => {
  const site = new Site({ mirrors: [...MIRRORS.slice(0, 2), CAMPUS] });
  for (const target of [`${FILE}?mirrorlist`, `/?mirrorstats`, FILE]) {
    for (const accept of ["text/html", "application/json"]) {
      const answer = await site.get(target, { from: SE, headers: { accept } });
      assertEquals((await answer.text()).includes("m3.example"), false, `${target} ${accept}`);
      assertEquals((answer.headers.get("Link") ?? "").includes("m3"), false);
    }
  }
  const inside = await site.get(`${FILE}?mirrorlist`, {
    from: "192.0.2.1",
    headers: { accept: "application/json" },
  });
  assertStringIncludes(await inside.text(), "m3.example");
});

Deno.test("handler says which rule leaves a mirror out", async () => {
  const rules = [rule("US", "*", "never"), rule("*", "m1", "never")];
  const site = new Site({ config: { rules } });
  const headers = { accept: "application/json" };
  const answer = await site.get(`${FILE}?mirrorlist`, { from: SE, headers });
  const { ExcludedList } = await answer.json();
  assertEquals(
    ExcludedList.map((one: Record<string, unknown>) => [one["Name"], one["ExcludeReason"]]),
    [["m1", "Rule 2"]],
  );
});

Deno.test("handler refuses whom a rule refuses, whatever is asked for but its health", async () => {
  const refuse = [{ client: rule("SE", "*", "never").client, status: 451 }];
  const site = new Site({ config: { refuse } });
  for (const target of [FILE, "/", "/none", `${FILE}?mirrorlist&fromip=${US}`, `/?mirrorstats`]) {
    const answer = await site.get(target, { from: SE, headers: { accept: "text/html" } });
    assertEquals(answer.status, 451, target);
    assertEquals(
      await answer.text(),
      "Unavailable For Legal Reasons: this server does not serve where you are\n",
    );
  }
  assertEquals(
    site.facts.map(({ type, status, download, address }) => [type, status, download, address]).at(
      0,
    ),
    [
      "REFUSED",
      451,
      "none",
      SE,
    ],
  );
  assertEquals(site.facts.length, 5);
  site.side.receive({ type: "trouble", trouble: null, but: null });
  assertEquals((await site.get("/?healthz", { from: SE })).status, 200);
  assertEquals((await site.get(FILE, { from: US })).status, 302);
  const shown = await site.get(`${FILE}?mirrorlist&fromip=${SE}`, { from: US });
  assertEquals(shown.status, 200);
});

Deno.test("handler corrects the databases by GeoOverrides", async () => {
  const site = new Site({
    config: { geoOverrides: [{ network: "192.0.2.0/24", country: "US" }] },
  });
  assertEquals(await location(site, "192.0.2.1"), "http://m3.example/pool/file.iso");
  site.side.receive({ type: "configuration", config: { ...site.side.config, geoOverrides: [] } });
  const answer = await site.get(`${FILE}?mirrorlist`, {
    from: "192.0.2.1",
    headers: { accept: "application/json" },
  });
  assertEquals((await answer.json()).ClientInfo.CountryCode ?? "", "");
});

Deno.test("handler names the others behind the mirror of an own network", async () => {
  const site = new Site({
    mirrors: [mirrorRecord(1, { longitude: 90, networks: ["192.0.2.0/24"] }), mirrorRecord(2)],
  });
  const answer = await site.get(FILE, { from: "192.0.2.1" });
  assertStringIncludes(answer.headers.get("Link") ?? "", "http://m2.example/pool/file.iso");
});

Deno.test("handler lets chance choose in JSON as in redirects, and ranks for the mirror list", async () => {
  const { latitude, longitude } = PLACES[SE]!;
  const mirrors = [1, 2].map((id) => mirrorRecord(id, { latitude, longitude }));
  const site = new Site({ mirrors, random: () => 0.99 });
  const first = async (target: string): Promise<string> => {
    const headers = { accept: "application/json" };
    const { MirrorList } = await (await site.get(target, { from: SE, headers })).json();
    return MirrorList[0].Name;
  };
  assertEquals(await location(site, SE), "http://m2.example/pool/file.iso");
  assertEquals(await first(FILE), "m2");
  assertEquals(await first(`${FILE}?mirrorlist`), "m1");
});
