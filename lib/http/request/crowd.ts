import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import { COUNTRIES } from "../../geo/countries.ts";
import { prepareFallbacks } from "../../selection/prepared_fallback.ts";
import { prepareMirrors } from "../../selection/prepare_mirrors.ts";
import { Selector } from "../../selection/selector.ts";
import type { Trees } from "../../selection/tree.ts";
import { WholeTree, type WholeTreeOptions } from "../../selection/whole_tree.ts";
import type { HttpConfig } from "./config.ts";
import type { HttpState } from "./state.ts";

/**
 * Prepares whoever may serve, and who decides among them.
 *
 * @param records every mirror
 * @param config what the operator configured
 * @param known as they were prepared before, with the same configuration
 * @param quotas how much of its weight the quotas of a mirror leave; who is missing keeps all of it
 * @param trees where addresses take the place of chance; `null`: nowhere
 * @param whole the time, and who finds out what mirrors have that are never scanned
 */
export function crowdOf(
  records: readonly MirrorRecord[],
  config: HttpConfig,
  known: HttpState["mirrors"],
  quotas: ReadonlyMap<number, number>,
  trees: Trees | null,
  whole: WholeTreeOptions,
): Pick<HttpState, "mirrors" | "rules" | "selector" | "fallbacks" | "wholeTree"> {
  const { mirrors, rules } = prepareMirrors(records, config, known, quotas);
  const wholeTree = WholeTree.of(records, whole);
  const named = 1 + config.maxLinkHeaders;
  return {
    mirrors,
    rules,
    wholeTree,
    selector: new Selector({ mirrors, options: config, named, trees, wholeTree }),
    fallbacks: prepareFallbacks(config.fallbacks, (code) => COUNTRIES.get(code), rules),
  };
}
