import { createHash } from "../worker/late_builtins.ts";
import type { Mirror } from "../catalog/mirror.ts";
import { settingsOf } from "../catalog/settings/mirror_settings.ts";

/**
 * The entity tag of what the operator configured about a mirror (RFC 9110 §8.8.3): it changes with
 * every edit and not with what the monitor finds.
 */
export function fingerprint(mirror: Mirror): string {
  const text = JSON.stringify([mirror.id, settingsOf(mirror)]);
  return `"${createHash("sha256").update(text).digest("hex").slice(0, 32)}"`;
}
