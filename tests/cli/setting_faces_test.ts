import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  ALL_SETTINGS,
  DEFAULT_SETTINGS,
  type MirrorSettings,
} from "../../lib/catalog/settings/mirror_settings.ts";
import { completeLine } from "../../cli/complete_line.ts";
import { COMMANDS } from "../../cli/commands.ts";
import { fakeServices, FakeStore } from "../control/fake_services.ts";

import { Harness } from "./harness.ts";

/** A value of each setting that is not its default: as somebody writes it, as it is kept, as it is shown. */
const SAMPLES: {
  readonly [P in keyof MirrorSettings]: readonly [
    written: string,
    kept: MirrorSettings[P],
    shown: string,
  ];
} = {
  name: ["full", "full", "full"],
  httpUrl: ["http://89.160.20.112", "http://89.160.20.112/", "http://89.160.20.112/"],
  rsyncUrl: ["rsync://a.example/m", "rsync://a.example/m/", "rsync://a.example/m/"],
  ftpUrl: ["ftp://a.example/m", "ftp://a.example/m/", "ftp://a.example/m/"],
  sponsorName: ["A Sponsor", "A Sponsor", "A Sponsor"],
  sponsorUrl: ["http://sponsor/", "http://sponsor/", "http://sponsor/"],
  sponsorLogoUrl: ["http://sponsor/l.png", "http://sponsor/l.png", "http://sponsor/l.png"],
  adminName: ["Ann", "Ann", "Ann"],
  adminEmail: ["ann@a.example", "ann@a.example", "ann@a.example"],
  customData: ['{"a":1}', '{"a":1}', "'{\"a\":1}'"],
  continentOnly: ["true", true, "true"],
  countryOnly: ["yes", true, "true"],
  asOnly: ["on", true, "true"],
  score: ["-7", -7, "-7"],
  latitude: ["48.1", 48.1, "48.1"],
  longitude: ["-11.5", -11.5, "-11.5"],
  continentCode: ["na", "NA", "NA"],
  countryCodes: ["fr,de", ["FR", "DE"], "FR DE"],
  excludedCountryCodes: ["us a1", ["US", "A1"], "US A1"],
  asNumber: ["64500", 64500, "64500"],
  enabled: ["true", true, "true"],
  allowRedirects: ["false", false, "false"],
  asNumbers: ["AS64501, 64502", [64501, 64502], "64501 64502"],
  maxScanAge: ["9h", 540, "9h"],
  tolerance: ["2s", 2000, "2s"],
  compare: ["size", "size", "size"],
  followLinks: ["true", true, "true"],
  unchecked: ["true", true, "true"],
  networks: [
    "192.0.2.0/24,2001:DB8::/32",
    ["192.0.2.0/24", "2001:db8::/32"],
    "192.0.2.0/24 2001:db8::/32",
  ],
  networksOnly: ["true", true, "true"],
  monopoly: ["true", true, "true"],
  wholeTree: ["true", true, "true"],
  bandwidth: ["2.5Gbit", 2.5e9, "2500Mbit"],
  maxShare: ["20", 20, "20"],
  maxDay: ["2TB", 2e12, "2TB"],
  maxMonth: ["25TiB", 25 * 2 ** 40, "25TiB"],
  monthStarts: ["31", 31, "31"],
  paths: ["/iso/,!/iso/nightly/", ["/iso/", "!/iso/nightly/"], "/iso/ !/iso/nightly/"],
  tags: ["fast,nightly", ["fast", "nightly"], "fast nightly"],
  global: ["true", true, "true"],
  comment: ["hello", "hello", "hello"],
};

async function shown(harness: Harness, property: keyof MirrorSettings): Promise<void> {
  const { key } = ALL_SETTINGS.find((one) => one.property === property)!;
  const { stdout } = await harness.run(["show", "full"]);
  const [, , text] = SAMPLES[property];
  assertStringIncludes(
    stdout,
    property === "comment" ? `Comment:\n${text}\n` : `${key}: ${text}\n`,
  );
}

Deno.test("every setting is an option of add, and shown", async () => {
  const services = fakeServices();
  await using harness = new Harness(services);
  const options = ALL_SETTINGS.filter(({ option }) => option !== "").map(({ property, option }) =>
    `-${option}=${/^(yes|on)$/.test(SAMPLES[property][0]) ? "true" : SAMPLES[property][0]}`
  );
  const { exit, stderr } = await harness.run(["add", ...options, "full"]);
  assertEquals([exit, stderr], [0, ""]);
  const record = services.store.records.get(1)!;
  for (const { property } of ALL_SETTINGS) {
    assertEquals(record[property], SAMPLES[property][1], property);
    await shown(harness, property);
  }
});

Deno.test("every setting is a key of add -set, edit -set, the API, export, import and OpenAPI", async () => {
  const services = fakeServices();
  await using harness = new Harness(services);
  const { exit, stderr } = await harness.run(
    [
      "add",
      ...ALL_SETTINGS.flatMap(({ key, property }) => ["-set", `${key}=${SAMPLES[property][0]}`]),
    ]
      .concat("full"),
  );
  assertEquals([exit, stderr], [0, ""]);
  const json = JSON.parse((await harness.run(["show", "-json", "full"])).stdout);
  for (const { property } of ALL_SETTINGS) assertEquals(json[property], SAMPLES[property][1]);

  const { stdout: list } = await harness.run(["export", "yaml"]);
  const store = new FakeStore();
  await using other = new Harness(fakeServices({ store }));
  await other.run(["import", "-"], { stdin: list });
  assertEquals([...store.records.values()], [...services.store.records.values()]);

  // Unchecked needs NetworksOnly: it goes first.
  const back = ALL_SETTINGS.filter(({ property }) => property !== "name" && property !== "httpUrl")
    .toSorted((a, b) => Number(b.property === "unchecked") - Number(a.property === "unchecked"));
  for (const { key, property, byDefault, kind } of back) {
    const edited = await harness.run(["edit", "full", "-set", `${key}=${kind.show(byDefault)}`]);
    assertEquals([edited.exit, edited.stderr], [0, ""], key);
    assertEquals(services.store.records.get(1)![property], DEFAULT_SETTINGS[property], key);
  }
});

Deno.test("a shell offers every setting, and the words that it takes", async () => {
  const commands = await COMMANDS.all();
  const offered = async (words: readonly string[]): Promise<readonly string[]> => {
    const found = await completeLine(words, commands, () => Promise.resolve([]));
    return found === "file" ? [] : found.map(({ value }) => value);
  };
  const options = await offered(["add", "-"]);
  const keys = await offered(["edit", "-set", ""]);
  for (const { key, option, kind } of ALL_SETTINGS) {
    if (option !== "") assertEquals(options.includes(`-${option}`), true, option);
    for (const word of kind.words ?? [""]) assertEquals(keys.includes(`${key}=${word}`), true, key);
  }
});
