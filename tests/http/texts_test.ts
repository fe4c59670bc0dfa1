import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { goDuration } from "../../lib/catalog/go_duration.ts";
import { resolveAlias } from "../../lib/http/request/aliases.ts";
import { exclusionText } from "../../lib/http/render/exclusion_text.ts";
import { normaliseAddress } from "../../lib/net/ip_address.ts";
import { parseQuery } from "../../lib/http/request/query.ts";
import { VIEWS } from "../../lib/http/answer/views.ts";
import { rfc3339 } from "../../lib/http/render/rfc3339.ts";
import { shortFloat } from "../../lib/http/render/short_float.ts";
import type { ExclusionReason } from "../../lib/selection/exclusion_reason.ts";

Deno.test("goDuration() writes durations as Go does", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "0s"],
    [-0, "0s"],
    [10_000, "10s"],
    [-10_000, "-10s"],
    [1500, "1.5s"],
    [250, "250ms"],
    [-1, "-1ms"],
    [0.25, "250µs"],
    [60_000, "1m0s"],
    [90_500, "1m30.5s"],
    [3_600_000, "1h0m0s"],
    [72 * 3_600_000, "72h0m0s"],
    [3_599_999, "59m59.999s"],
    [-3_661_001, "-1h1m1.001s"],
  ];
  for (const [milliseconds, text] of cases) assertEquals(goDuration(milliseconds), text);
});

Deno.test("exclusionText() words every reason", () => {
  const cases: readonly (readonly [ExclusionReason, string])[] = [
    [{ type: "disabled" }, "Disabled"],
    [{ type: "not_https" }, "Not HTTPS"],
    [{ type: "not_http" }, "Not HTTP"],
    [{ type: "down", detail: "" }, "Down"],
    [{ type: "down", detail: "Unreachable" }, "Unreachable"],
    [{ type: "down_both", http: "Got status code 500", https: "" }, "Got status code 500 / Down"],
    [{ type: "down_both", http: "", https: "Down" }, "Down"],
    [{ type: "down_not_https", detail: "Unreachable" }, "Unreachable / Not HTTPS"],
    [{ type: "down_not_http", detail: "" }, "Not HTTP / Down"],
    [{ type: "size" }, "File size mismatch"],
    [{ type: "time", difference: 72 * 3_600_000 }, "Mod time mismatch (diff: 72h0m0s)"],
    [{ type: "continent" }, "Continent only"],
    [{ type: "country" }, "Country only"],
    [{ type: "as" }, "AS only"],
    [{ type: "excluded_country" }, "User's country restriction"],
  ];
  for (const [reason, text] of cases) assertEquals(exclusionText(reason), text);
});

Deno.test("normaliseAddress() gives one client one name", () => {
  const cases: readonly (readonly [string, string | null])[] = [
    ["192.0.2.1", "192.0.2.1"],
    ["192.0.2.01", null],
    ["192.0.2.256", null],
    ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["2001:db8::", "2001:db8::"],
    ["::", "::"],
    ["::1", "::1"],
    ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
    ["1:0:0:2:3:0:0:4", "1::2:3:0:0:4"],
    ["1:2:3:4:5:6:0:8", "1:2:3:4:5:6:0:8"],
    ["1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["::ffff:c000:201", "192.0.2.1"],
    ["fe80::1%eth0", "fe80::1"],
    ["", null],
    ["localhost", null],
    ["1.2.3.4\r\n", null],
  ];
  for (const [text, address] of cases) assertEquals(normaliseAddress(text), address, text);
});

Deno.test("normaliseAddress() changes no address", () => {
  fc.assert(fc.property(fc.ipV6(), (text) => {
    const address = normaliseAddress(text)!;
    const expected = new URL(`http://[${text}]/`).hostname.slice(1, -1);
    if (!address.includes(".")) assertEquals(address, expected);
  }));
});

Deno.test("parseQuery() takes keys with and without a value, by precedence", () => {
  const parse = (text: string) => parseQuery(text, VIEWS.keys());
  const cases: readonly (readonly [string, string, string])[] = [
    ["", "", ""],
    ["a=b", "", ""],
    ["mirrorlistx", "", ""],
    ["sha256=&stats=&mirrorlist", "mirrorlist", ""],
    ["sha256&stats", "stats", ""],
    ["mirrorstats&stats=2026-11", "stats", "2026-11"],
    ["sha256&sha1&md5=1", "md5", "1"],
    ["sha256&sha1", "sha1", ""],
    ["&&sha256", "sha256", ""],
    ["sh%61256", "sha256", ""],
    ["%6D%64%35=x", "md5", "x"],
    ["md5%3D", "", ""],
    ["%zz&md5", "md5", ""],
  ];
  for (const [text, word, value] of cases) {
    const query = parse(text);
    assertEquals([query.word, query.value], [word, value], text);
  }
  assertEquals(parse("fromip=::1&fromip=::2").fromIp, "::1");
  assertEquals(parse("fromip=%zz+").fromIp, "%zz ");
  assertEquals([parse("https=1").https, parse("https").https], [true, null]);
  assertEquals([parse("%68ttps=%30").https, parse("prett%79").pretty], [false, true]);
});

Deno.test("shortFloat() gives the digits of a 32-bit float", () => {
  const cases = [[139.75309, 139.7531], [51.5142, 51.5142], [46, 46], [0, 0], [
    835.02459,
    835.0246,
  ]];
  for (const [value = 0, short] of cases) assertEquals(shortFloat(value), short);
  assertEquals([shortFloat(NaN), shortFloat(Infinity)], [0, 0]);
  fc.assert(fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
    assertEquals(Math.fround(shortFloat(value)) === value, true);
  }));
});

Deno.test("rfc3339() writes fractions only as long as needed", () => {
  const cases: readonly (readonly [number | null, string])[] = [
    [null, "0001-01-01T00:00:00Z"],
    [NaN, "0001-01-01T00:00:00Z"],
    [1e18, "0001-01-01T00:00:00Z"],
    [0, "1970-01-01T00:00:00Z"],
    [-1, "1969-12-31T23:59:59.999Z"],
    [1_700_000_000_500, "2023-11-14T22:13:20.5Z"],
    [1_700_000_000_000, "2023-11-14T22:13:20Z"],
    [1_699_999_200_000, "2023-11-14T22:00:00Z"],
  ];
  for (const [time, text] of cases) assertEquals(rfc3339(time), text);
});

Deno.test("resolveAlias() follows links to files and directories, and no circle", () => {
  const aliases = new Map([
    ["/latest.iso", "/pool/1.iso"],
    ["/current", "/pool"],
    ["/pool/old.iso", "/archive/old.iso"],
    ["/root", "/"],
    ["/loop", "/loop/loop"],
  ]);
  const cases: readonly (readonly [string, string | null])[] = [
    ["/latest.iso", "/pool/1.iso"],
    ["/latest.iso.asc", null],
    ["/current/a/b", "/pool/a/b"],
    ["/current", "/pool"],
    ["/currently", null],
    ["/current/old.iso", "/archive/old.iso"],
    ["/root/x", "/x"],
    ["/root", "/"],
    ["/loop", null],
    ["/", null],
  ];
  for (const [path, target] of cases) assertEquals(resolveAlias(aliases, path), target, path);
});
