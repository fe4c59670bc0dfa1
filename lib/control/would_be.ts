import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { settingsOf } from "../catalog/settings/mirror_settings.ts";
import { matchName } from "./match_name.ts";
import { applySettings } from "./mirror_rules.ts";

/**
 * Gives mirrors the settings that they would have.
 *
 * @param mirrors as they are
 * @param settings by name of the mirror, or a part of it that no other has
 * @returns as they would be
 * @throws {ControlError} when there is no such mirror, or a setting cannot be
 */
export function wouldBe(
  mirrors: readonly MirrorRecord[],
  settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): MirrorRecord[] {
  const changed = new Map(mirrors.map((mirror) => [mirror.id, mirror]));
  for (const [name, changes] of Object.entries(settings)) {
    const mirror = matchName(mirrors, name);
    changed.set(mirror.id, { ...mirror, ...applySettings(settingsOf(mirror), changes) });
  }
  return [...changed.values()];
}
