import type { Config } from "./config.ts";
import { storePlace } from "./store_place.ts";

/**
 * Tells what of a new configuration has to wait until the daemon is started again.
 *
 * @param before the configuration in force
 * @param after the one that takes its place
 * @returns one warning for each thing
 */
export function restartWarnings(before: Config, after: Config): string[] {
  const warnings: string[] = [];
  if (JSON.stringify(storePlace(after)) !== JSON.stringify(storePlace(before))) {
    warnings.push("Another store takes effect when the daemon is started again");
  }
  if (JSON.stringify(after.rpcListenAddress) !== JSON.stringify(before.rpcListenAddress)) {
    warnings.push("Another RPCListenAddress takes effect when the daemon is started again");
  }
  return warnings;
}
