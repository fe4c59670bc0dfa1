import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { RefusalRule, SelectionRule } from "../catalog/selection_rule.ts";
import { prepareMirror } from "./prepare_mirror.ts";
import type { PreparedMirror } from "./prepared_mirror.ts";
import type { SelectionOptions } from "./selection_options.ts";
import { NO_RULES, RuleSet } from "./rule_set.ts";

/** The rules of a configuration, and what it says of families of addresses; a part of it. */
export interface RuleOptions extends Partial<Pick<SelectionOptions, "ipFamilies">> {
  readonly rules: readonly SelectionRule[];
  readonly refuse: readonly RefusalRule[];
}

/** Mirrors that are ready for selection, with the rules over them. */
export interface PreparedMirrors {
  /** By ID. */
  readonly mirrors: ReadonlyMap<number, PreparedMirror>;
  readonly rules: RuleSet;
}

/**
 * Prepares all mirrors together, since rules may mean some of them by what others have.
 *
 * @param records every mirror
 * @param options the rules
 * @param quotas how much of its weight the quotas of a mirror leave; who is missing keeps all of it
 * @param known as they were prepared before, with the same rules; records that are the same stay the same
 */
export function prepareMirrors(
  records: readonly MirrorRecord[],
  { rules, refuse, ipFamilies = "prefer" }: RuleOptions,
  known: ReadonlyMap<number, PreparedMirror> = new Map(),
  quotas: ReadonlyMap<number, number> = new Map(),
): PreparedMirrors {
  const set = new RuleSet(rules, refuse, records);
  const prepare = (record: MirrorRecord): PreparedMirror => {
    const before = known.get(record.id);
    const quota = quotas.get(record.id) ?? 1;
    return rules.length === 0 && before?.record === record && before.rules === NO_RULES &&
        before.quota === quota
      ? before
      : prepareMirror(record, set.of(record), quota, ipFamilies);
  };
  return { mirrors: new Map(records.map((record) => [record.id, prepare(record)])), rules: set };
}
