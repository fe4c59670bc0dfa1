import { causeInFull } from "../lib/catalog/down_cause.ts";
import { shownText } from "../lib/catalog/text_limits.ts";
import type { MirrorJson } from "../lib/control/api/mirror_schemas.ts";
import { formatLogTime } from "./terminal/format_time.ts";

/** Says why a mirror is down, as comments of YAML: a line for each scheme that is; none: it is up. */
export function downLines(
  { enabled, stateSince, httpDownReason, httpDownCause, httpsDownReason, httpsDownCause }:
    MirrorJson,
): string[] {
  if (!enabled || stateSince === null) return [];
  const schemes = [
    ["HTTP", httpDownReason, httpDownCause],
    ["HTTPS", httpsDownReason, httpsDownCause],
  ] as const;
  return schemes.filter(([, reason]) => reason !== "").map(([scheme, reason, cause]) => {
    // A line it must stay, whatever a mirror's server said.
    const why = shownText(causeInFull(reason, cause)).replaceAll(/\p{Cc}+/gu, " ");
    return `# ${scheme} is down since ${formatLogTime(stateSince)}: ${why}`;
  });
}
