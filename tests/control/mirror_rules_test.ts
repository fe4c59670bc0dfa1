import { assertEquals, assertThrows } from "@std/assert";
import { ControlError } from "../../lib/control/api/control_error.ts";
import { applySettings, settingWarnings } from "../../lib/control/mirror_rules.ts";
import {
  ALL_SETTINGS,
  DEFAULT_SETTINGS,
  settingsOf,
} from "../../lib/catalog/settings/mirror_settings.ts";

const BASE = settingsOf({ ...DEFAULT_SETTINGS, name: "m1", httpUrl: "http://m1.example/" });

Deno.test("applySettings() brings values into the form in which they are stored", () => {
  const cases: [property: keyof typeof BASE, given: unknown, stored: unknown][] = [
    ["name", " m2 ", "m2"],
    ["httpUrl", "HTTPS://m1.example/repo", "https://m1.example/repo/"],
    ["httpUrl", "m1.example", "m1.example/"],
    ["rsyncUrl", "rsync://u:p@m1.example/module", "rsync://u:p@m1.example/module/"],
    ["rsyncUrl", "", ""],
    ["ftpUrl", "ftp://m1.example", "ftp://m1.example/"],
    ["continentCode", " eu", "EU"],
    ["countryCodes", "fr, de", ["FR", "DE"]],
    ["countryCodes", ["fr", "DE", "fr"], ["FR", "DE"]],
    ["countryCodes", "", []],
    ["excludedCountryCodes", "us;a1", ["US", "A1"]],
    ["score", -7, -7],
    ["latitude", -90, -90],
    ["longitude", 180, 180],
    ["asNumber", 4294967295, 4294967295],
    ["allowRedirects", null, null],
    ["allowRedirects", false, false],
    ["continentOnly", true, true],
    ["customData", ' {"a": 1}\n', ' {"a": 1}\n'],
    ["comment", "two\nlines", "two\nlines"],
  ];
  for (const [property, given, stored] of cases) {
    assertEquals(
      applySettings(BASE, { [property]: given })[property],
      stored,
      `${property}: ${given}`,
    );
  }
});

Deno.test("applySettings() says what is wrong with a value", () => {
  const cases: [changes: Record<string, unknown>, message: string][] = [
    [{ name: "" }, "The identifier cannot be empty"],
    [{ name: "m 1" }, "The identifier cannot contain a space"],
    [{ name: "m\t1" }, "The identifier cannot contain a space"],
    [{ name: "m\u00001" }, "Name must be a text without control characters"],
    [{ name: 5 }, "Name must be a text, found 5"],
    [{ httpUrl: "" }, "You *must* pass at least an HTTP URL"],
    [{ httpUrl: "ftp://x/" }, "The HTTP URL has an invalid scheme"],
    [{ httpUrl: "http://%zz/" }, "Can't parse HTTP URL"],
    [{ sponsorName: "a\nb" }, "SponsorName must be a text without control characters"],
    [{ continentCode: "Europe" }, 'ContinentCode must be a two-letter code such as "EU", found'],
    [
      { countryCodes: "France" },
      'CountryCodes must be codes of countries such as "FR DE" (ISO 3166-1), found',
    ],
    [{ countryCodes: 5 }, "CountryCodes must be a list of country codes, found 5"],
    [{ score: "7" }, "Score must be a whole number from -2147483648 to 2147483647, found"],
    [{ score: 1.5 }, "Score must be a whole number"],
    [{ latitude: 90.1 }, "Latitude must be a number from -90 to 90, found 90.1"],
    [{ longitude: NaN }, "Longitude must be a number from -180 to 180"],
    [{ asNumber: -1 }, "ASNum must be a whole number from 0 to 4294967295, found -1"],
    [{ enabled: "yes" }, "Enabled must be true or false, found"],
    [{ enabled: null }, "Enabled must be true or false, found null"],
    [{ allowRedirects: 1 }, "AllowRedirects must be true, false or null, found 1"],
    [{ id: 7 }, 'There is no setting "id"'],
    [{ constructor: 7 }, 'There is no setting "constructor"'],
  ];
  for (const [changes, message] of cases) {
    const error = assertThrows(() => applySettings(BASE, changes), ControlError, message);
    assertEquals((error as ControlError).code, "invalid");
  }
});

Deno.test("applySettings() leaves alone what stays as it is", () => {
  const odd = { ...BASE, continentCode: "europe", score: 0.5 };
  const changes = { continentCode: "europe", score: 0.5, comment: "x" };
  assertEquals(applySettings(odd, changes), { ...odd, comment: "x" });
});

Deno.test("settingWarnings() tells URLs that no scan can use", () => {
  assertEquals(settingWarnings(BASE), []);
  assertEquals(settingWarnings({ ...BASE, rsyncUrl: "http://x/", ftpUrl: "rsync://x/" }).length, 2);
});

Deno.test("applySettings() takes texts up to their limits, and names the limit beyond", () => {
  const texts: [property: keyof typeof BASE, limit: number, make: (length: number) => string][] = [
    ["name", 255, (length) => `ü${"x".repeat(length - 2)}`],
    ["httpUrl", 2_048, (length) => `${"http://a/".padEnd(length - 1, "x")}/`],
    ["rsyncUrl", 2_048, (length) => `${"rsync://a/".padEnd(length - 1, "x")}/`],
    ["sponsorName", 8_192, (length) => "x".repeat(length)],
    ["comment", 65_536, (length) => "x".repeat(length)],
    ["customData", 65_536, (length) => "x".repeat(length)],
  ];
  for (const [property, limit, make] of texts) {
    assertEquals(applySettings(BASE, { [property]: make(limit) })[property], make(limit));
    assertThrows(
      () => applySettings(BASE, { [property]: make(limit + 1) }),
      ControlError,
      `must be at most ${limit} bytes long, found ${limit + 1}`,
    );
  }
  // What somebody else stored can be edited.
  const long = { ...BASE, comment: "x".repeat(70_000) };
  assertEquals(applySettings(long, { ...long, score: 7 }).score, 7);
});

Deno.test("applySettings() takes lists up to 8 KiB, as they are written, and names the limit beyond", () => {
  const many = (count: number, make: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => make(index)).join(" ");
  const lists: [property: keyof typeof BASE, key: string, text: string][] = [
    ["countryCodes", "CountryCodes", many(5_000, () => "FR")],
    ["excludedCountryCodes", "ExcludedCountryCodes", many(5_000, () => "DE")],
    ["asNumbers", "ASNumbers", many(2_000, (index) => `${10_000 + index}`)],
    ["networks", "Networks", many(2_000, (index) => `10.${index >> 8}.${index & 255}.0/24`)],
    ["tags", "Tags", many(5_000, (index) => `t${index}`)],
    ["paths", "Paths", many(2_000, (index) => `/dir${index}/`)],
  ];
  // Whoever adds a list adds its limit.
  const isList = ({ property, byDefault }: typeof ALL_SETTINGS[number]): string[] =>
    Array.isArray(byDefault) ? [property] : [];
  assertEquals(ALL_SETTINGS.flatMap(isList).sort(), lists.map(([property]) => property).sort());
  for (const [property, key, text] of lists) {
    const refused = `${key} must be at most 8192 bytes long, found ${text.length}`;
    for (const value of [text, text.split(" ")]) {
      assertThrows(() => applySettings(BASE, { [property]: value }), ControlError, refused);
    }
    const fitting = text.slice(0, text.lastIndexOf(" ", 8_192));
    const read = String(applySettings(BASE, { [property]: fitting })[property]);
    assertEquals(read, [...new Set(fitting.split(" "))].join(","));
  }
  // What somebody else stored can be edited.
  const long = { ...BASE, tags: many(5_000, (index) => `t${index}`).split(" ") };
  assertEquals(applySettings(long, { tags: long.tags.join(" "), score: 7 }), { ...long, score: 7 });
});
