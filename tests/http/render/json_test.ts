import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { MirrorRecord } from "../../../lib/catalog/mirror_state.ts";
import { indexedFile, MIRRORS, Site } from "../fixtures.ts";

const JSON_ACCEPTED = { Accept: "application/json" };
const FILE = "/pool/file.iso";

async function answer(site: Site, query = "", from = "89.160.20.112"): Promise<string> {
  const response = await site.get(FILE + query, { headers: JSON_ACCEPTED, from });
  assertEquals(response.status, 200);
  const text = await response.text();
  const own = [...response.headers].filter(([name]) => name !== "vary" && name !== "etag");
  assertEquals(own, [
    ["cache-control", "private, no-cache"],
    ["content-length", `${new TextEncoder().encode(text).length}`],
    ["content-type", "application/json; charset=utf-8"],
    ["server", "Mirrorbits/1.2.3"],
    ["x-content-type-options", "nosniff"],
  ]);
  return text;
}

/** A mirror with something in every property. */
const FULL: MirrorRecord = {
  ...MIRRORS[1]!,
  rsyncUrl: "rsync://user:secret@m2.example/module/",
  ftpUrl: "ftp://user:secret@m2.example/",
  sponsorName: 'A "B"',
  sponsorUrl: "http://sponsor.example/",
  sponsorLogoUrl: "http://sponsor.example/logo.png",
  adminName: "Somebody",
  adminEmail: "somebody@example.org",
  comment: "Owes us one",
  customData: "{}",
  score: -5,
  excludedCountryCodes: ["FI", "DK"],
  httpDownReason: "Was down",
  httpsDownReason: "Unreachable",
  stateSince: Date.UTC(2026, 10, 22, 1, 2, 3, 999),
  lastSync: Date.UTC(2026, 10, 22, 4, 5, 6),
  lastSuccessfulSync: Date.UTC(2026, 10, 21),
  lastSuccessfulSyncProtocol: "ftp",
  allowRedirects: false,
  latitude: 35.68536,
  longitude: 139.75309,
};

Deno.test("renderJson() gives every key, in order, and nothing private", async () => {
  const site = new Site({ mirrors: [FULL], config: { localJsPath: "/js" } });
  const text = await answer(site);
  assertEquals(
    text,
    JSON.stringify({
      FileInfo: {
        Path: FILE,
        Size: 1000,
        ModTime: "2023-11-14T23:13:20.5Z",
        Sha256: "ab".repeat(32),
        Md5: "cd".repeat(16),
      },
      IP: "89.160.20.112",
      ClientInfo: {
        CountryCode: "SE",
        ContinentCode: "EU",
        City: "Linköping",
        Country: "Sweden",
        Latitude: 58.4167,
        Longitude: 15.6167,
        ASName: "Bredband2 AB",
        ASNum: 29518,
      },
      MirrorList: [{
        ID: 2,
        Name: "m2",
        HttpURL: "http://m2.example/",
        RsyncURL: "rsync://m2.example/module/",
        FtpURL: "ftp://m2.example/",
        SponsorName: 'A "B"',
        SponsorURL: "http://sponsor.example/",
        SponsorLogoURL: "http://sponsor.example/logo.png",
        AdminName: "",
        AdminEmail: "",
        CustomData: "{}",
        ContinentOnly: false,
        CountryOnly: false,
        ASOnly: false,
        Score: -5,
        Latitude: 35.68536,
        Longitude: 139.7531,
        ContinentCode: "EU",
        CountryCodes: "SE NO",
        ExcludedCountryCodes: "FI DK",
        Asnum: 29518,
        Comment: "",
        Enabled: true,
        HttpDownReason: "Was down",
        HttpsDownReason: "Unreachable",
        StateSince: "2026-11-22T01:02:03Z",
        AllowRedirects: 2,
        Distance: JSON.parse(text).MirrorList[0].Distance,
        ComputedScore: JSON.parse(text).MirrorList[0].ComputedScore,
        LastSync: "2026-11-22T04:05:06Z",
        LastSuccessfulSync: "2026-11-21T00:00:00Z",
        LastSuccessfulSyncProtocol: 1,
        LastSuccessfulSyncPrecision: 1000000000,
        LastModTime: "0001-01-01T00:00:00Z",
        AbsoluteURL: "http://m2.example/",
      }],
      LocalJSPath: "/js",
    }),
  );
});

Deno.test("renderJson() leaves out what does not apply", async () => {
  const { MirrorList: [first], ...others } = JSON.parse(await answer(new Site()));
  for (
    const key of ["HttpDownReason", "HttpsDownReason", "AllowRedirects", "ExcludeReason", "Share"]
  ) {
    assert(!(key in first), key);
  }
  assertEquals(Object.keys(others), ["FileInfo", "IP", "ClientInfo", "LocalJSPath"]);
  assertEquals("Sha1" in others.FileInfo, false);
});

Deno.test("renderJson() lists the excluded with the reason", async () => {
  const mirrors = MIRRORS.map((mirror) => mirror.id === 3 ? { ...mirror, enabled: false } : mirror);
  const { ExcludedList } = JSON.parse(await answer(new Site({ mirrors })));
  assertEquals(ExcludedList.length, 1);
  const keys = Object.keys(ExcludedList[0]);
  assertEquals(keys.slice(-2), ["AbsoluteURL", "ExcludeReason"]);
  assertEquals(
    [ExcludedList[0].Name, ExcludedList[0].ComputedScore, ExcludedList[0].ExcludeReason],
    ["m3", 0, "Disabled"],
  );
  assertEquals(ExcludedList[0].AbsoluteURL, "");
});

Deno.test("renderJson() indents by four spaces", async () => {
  const site = new Site();
  const [compact, pretty] = [await answer(site), await answer(site, "?pretty")];
  assertStringIncludes(pretty, '{\n    "FileInfo": {\n        "Path": "/pool/file.iso",');
  assertEquals(pretty, JSON.stringify(JSON.parse(compact), null, 4));
});

Deno.test("renderJson() knows an unknown client", async () => {
  const { IP, ClientInfo } = JSON.parse(await answer(new Site(), "", "192.0.2.1"));
  assertEquals(IP, "192.0.2.1");
  assertEquals(ClientInfo, {
    CountryCode: "",
    ContinentCode: "",
    City: "",
    Country: "",
    Latitude: 0,
    Longitude: 0,
    ASName: "",
    ASNum: 0,
  });
});

Deno.test("renderJson() says that fallbacks answer, and what is known of the file", async () => {
  const fallbacks = [{ url: "http://fallback.example/", countryCode: "SE", continentCode: "EU" }];
  const site = new Site({
    files: [indexedFile("/other")],
    disk: { [FILE]: { type: "file", path: FILE } },
    config: { fallbacks },
  });
  const text = await answer(site);
  const parsed = JSON.parse(text);
  assertEquals(parsed.FileInfo, { Path: FILE, ModTime: "0001-01-01T00:00:00Z" });
  assertEquals(Object.keys(parsed).slice(-2), ["Fallback", "LocalJSPath"]);
  assertEquals(parsed.Fallback, true);
  const [fallback] = parsed.MirrorList;
  assertEquals([fallback.ID, fallback.Name, fallback.Enabled], [0, "fallback0", false]);
});

Deno.test("renderJson() gives the mirror list with everyone's share", async () => {
  const { MirrorList } = JSON.parse(await answer(new Site(), "?mirrorlist", "81.2.69.160"));
  assertEquals(MirrorList.length, 4);
  for (const { Share } of MirrorList) assert(Share === null || (Share > 0 && Share <= 100));
});

Deno.test("renderJson() cuts times downwards to whole seconds, also before 1970", async () => {
  const mirror = { ...MIRRORS[0]!, stateSince: -1, lastSync: -86_400_000, lastModTime: -1_001 };
  const { MirrorList: [shown] } = JSON.parse(await answer(new Site({ mirrors: [mirror] })));
  assertEquals([shown.StateSince, shown.LastSync, shown.LastModTime], [
    "1969-12-31T23:59:59Z",
    "1969-12-31T00:00:00Z",
    "1969-12-31T23:59:58Z",
  ]);
});
