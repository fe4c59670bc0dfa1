import { assertEquals } from "@std/assert";
import { parseRulePattern } from "../../lib/catalog/rule_pattern.ts";
import { unmetWords } from "../../lib/selection/unmet_words.ts";
import { mirrorRecord, rule } from "./fixtures.ts";

Deno.test("unmetWords() names each name and tag that no mirror has, and where it stands", () => {
  const mirrors = [mirrorRecord(1, { tags: ["Fast"] }), mirrorRecord(2)];
  const rules = [rule("FR m9*", "m1", "first"), rule("*", "tag:fast tag:slow m?", "last")];
  const client = [parseRulePattern("M2")!, parseRulePattern("other")!];
  assertEquals(unmetWords(rules, [{ client: [], status: 403 }, { client, status: 403 }], mirrors), [
    'Rules entry 1: no mirror is called "m9*"',
    'Rules entry 2: no mirror has the tag "slow"',
    'Rules entry 2: no mirror is called "m?"',
    'Refuse entry 2: no mirror is called "other"',
  ]);
  assertEquals(unmetWords([], [], mirrors), []);
});
