import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Config } from "../config/config.ts";

/** Whether there is a way to list what a mirror has. */
export function canBeScanned(
  { rsyncUrl, ftpUrl, unchecked, wholeTree }: Pick<
    MirrorRecord,
    "ftpUrl" | "rsyncUrl" | "unchecked" | "wholeTree"
  >,
  { httpScan }: Pick<Config, "httpScan">,
): boolean {
  return !unchecked && !wholeTree && (rsyncUrl !== "" || ftpUrl !== "" || httpScan !== "off");
}
