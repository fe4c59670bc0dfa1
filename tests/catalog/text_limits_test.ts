import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  byteLength,
  cutTexts,
  exceedsLimit,
  shownText,
  TEXT_LIMITS,
  tooLong,
} from "../../lib/catalog/text_limits.ts";
import { sampleMirror } from "../store_contract/samples.ts";

const mirror = { ...sampleMirror("m"), id: 1 };

Deno.test("exceedsLimit() counts bytes of UTF-8", () => {
  assertEquals(exceedsLimit("name", "ü".repeat(127) + "x"), false);
  assertEquals(exceedsLimit("name", "ü".repeat(128)), true);
  assertEquals(exceedsLimit("comment", "x".repeat(65_536)), false);
  assertEquals(exceedsLimit("comment", "x".repeat(65_537)), true);
});

Deno.test("TEXT_LIMITS: names as of files, addresses as browsers have them, all else has room", () => {
  const { name, comment, customData, ...others } = TEXT_LIMITS;
  assertEquals([name, comment, customData], [255, 65_536, 65_536]);
  for (const [property, limit] of Object.entries(others)) {
    assertEquals(limit, property.endsWith("Url") ? 2_048 : 8_192, property);
  }
});

Deno.test("tooLong() names what makes a mirror useless", () => {
  assertEquals(tooLong(mirror), null);
  assertEquals(tooLong({ ...mirror, comment: "x".repeat(100_000) }), null);
  const ftpUrl = `ftp://${"a".repeat(2_048)}`;
  assertEquals(tooLong({ ...mirror, ftpUrl }), "its ftpUrl is longer than 2048 bytes");
});

Deno.test("shownText() gives the beginning of a text that is too long, and says so", () => {
  for (const text of ["", "x".repeat(8_192), "ü".repeat(4_096)]) assert(shownText(text) === text);
  assertEquals(shownText("x".repeat(8_193)), `${"x".repeat(8_189)}…`);
  assertEquals(shownText("ü".repeat(4_097)), `${"ü".repeat(4_094)}…`);
});

Deno.test("cutTexts() leaves a mirror as it is where nothing is too long", () => {
  assert(cutTexts(mirror) === mirror);
  const shown = cutTexts({ ...mirror, sponsorLogoUrl: `http://${"a".repeat(3_000)}`, asNumber: 7 });
  assertEquals(shown, { ...mirror, sponsorLogoUrl: "", asNumber: 7 });
});

Deno.test("cutTexts() gives the beginning of a text, whole characters within the limit", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }), (part) => {
    const sponsorName = part.repeat(9_000).toWellFormed();
    const cut = cutTexts({ ...mirror, sponsorName }).sponsorName;
    assert(sponsorName.startsWith(cut));
    assert(byteLength(cut) <= TEXT_LIMITS.sponsorName);
    assert(byteLength(cut) > TEXT_LIMITS.sponsorName - 4);
  }));
});

Deno.test("cutTexts() gives the first different words of a list, as many as fit", () => {
  const tags = Array.from({ length: 5_000 }, (_, index) => `tag${index}`);
  const asNumbers = Array.from({ length: 5_000 }, (_, index) => 10_000 + index);
  const countryCodes = Array.from({ length: 10_000 }, (_, index) => index % 2 ? "FR" : "DE");
  const shown = cutTexts({ ...mirror, tags, asNumbers, countryCodes });
  assertEquals(shown.countryCodes, ["DE", "FR"]);
  assertEquals(shown.asNumbers, asNumbers.slice(0, 1_365));
  assertEquals(shown.tags, tags.slice(0, shown.tags.length));
  assert(shown.tags.join(" ").length <= 8_192);
  assert(tags.slice(0, shown.tags.length + 1).join(" ").length > 8_192);
  const fitting = { ...mirror, tags: shown.tags };
  assert(cutTexts(fitting) === fitting);
});
