import { assertEquals } from "@std/assert";
import { parseRulePattern, type RulePattern } from "../../lib/catalog/rule_pattern.ts";

Deno.test("parseRulePattern() reads each kind of word", () => {
  const cases: [text: string, pattern: RulePattern][] = [
    ["*", { type: "any" }],
    ["FR", { type: "country", code: "FR" }],
    ["AS", { type: "country", code: "AS" }],
    ["A1", { type: "country", code: "A1" }],
    ["@eu", { type: "continent", code: "EU" }],
    ["AS6697", { type: "as", number: 6697 }],
    ["as1", { type: "as", number: 1 }],
    ["192.0.2.0/24", { type: "network", network: "192.0.2.0/24" }],
    ["192.0.2.1", { type: "network", network: "192.0.2.1" }],
    ["2001:db8::/32", { type: "network", network: "2001:db8::/32" }],
    ["tag:X", { type: "tag", tag: "x" }],
    ["ftp.Halifax.*", { type: "name", glob: "ftp.halifax.*" }],
    ["fr", { type: "name", glob: "fr" }],
    ["m1", { type: "name", glob: "m1" }],
  ];
  for (const [text, pattern] of cases) assertEquals(parseRulePattern(text), pattern, text);
});

Deno.test("parseRulePattern() refuses what cannot be", () => {
  for (
    const text of [
      ...["", "XX", "ZZ", "@XX", "@", "AS0", "AS4294967296", "192.0.2.0/33", "1.2.3.256"],
      ...["2001:db8::/129", "a:b", "tag:", "two words", "a/b"],
    ]
  ) assertEquals(parseRulePattern(text), null, text);
});
