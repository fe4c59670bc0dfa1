import { parseAddressRange } from "../../net/address_range.ts";
import type { SettingKind } from "./setting_kind.ts";
import { wordsKind } from "./words.ts";

/** Networks in CIDR notation, or single addresses. */
export const NETWORKS: SettingKind<readonly string[]> = wordsKind({
  list: "a list of networks",
  word: 'networks such as "192.0.2.0/24 2001:db8::/32"',
  judge: (word) => parseAddressRange(word) === null ? null : word.toLowerCase(),
});
