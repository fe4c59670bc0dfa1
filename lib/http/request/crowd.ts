import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import { COUNTRIES } from "../../geo/countries.ts";
import { prepareFallbacks } from "../../selection/prepared_fallback.ts";
import { prepareMirrors } from "../../selection/prepare_mirrors.ts";
import { Selector } from "../../selection/selector.ts";
import type { Trees } from "../../selection/tree.ts";
import type { HttpConfig } from "./config.ts";
import type { HttpState } from "./state.ts";

/**
 * Prepares whoever may serve, and who decides among them.
 *
 * @param records every mirror
 * @param config what the operator configured
 * @param known as they were prepared before, with the same configuration
 * @param quotas how much of its weight the quotas of a mirror leave; who is missing keeps all of it
 * @param trees where addresses take the place of chance; default: nowhere
 */
export function crowdOf(
  records: readonly MirrorRecord[],
  config: HttpConfig,
  known: HttpState["mirrors"],
  quotas: ReadonlyMap<number, number>,
  trees: Trees | null = null,
): Pick<HttpState, "mirrors" | "rules" | "selector" | "fallbacks"> {
  const { mirrors, rules } = prepareMirrors(records, config, known, quotas);
  return {
    mirrors,
    rules,
    selector: new Selector({ mirrors, options: config, named: 1 + config.maxLinkHeaders, trees }),
    fallbacks: prepareFallbacks(config.fallbacks, (code) => COUNTRIES.get(code), rules),
  };
}
