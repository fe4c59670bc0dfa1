import { downtimeText } from "../../catalog/downtime.ts";
import { formatDuration } from "../../catalog/duration.ts";
import { familyName } from "../../catalog/families.ts";
import { goDuration } from "../../catalog/go_duration.ts";
import type { ExclusionReason } from "../../selection/exclusion_reason.ts";

/**
 * Words an exclusion reason as the JSON answer and the mirror list show it; tools match these texts.
 *
 * @param reason why a mirror may not serve
 * @returns the text
 */
export function exclusionText(reason: ExclusionReason): string {
  switch (reason.type) {
    case "disabled":
      return "Disabled";
    case "downtime":
      return downtimeText(reason).replace(/^p/, "P");
    case "not_https":
      return "Not HTTPS";
    case "not_http":
      return "Not HTTP";
    case "down":
      return reason.detail || "Down";
    case "down_both": {
      const http = reason.http || "Down";
      const https = reason.https || "Down";
      return http === https ? http : `${http} / ${https}`;
    }
    case "down_not_https":
      return `${reason.detail || "Down"} / Not HTTPS`;
    case "down_not_http":
      return `Not HTTP / ${reason.detail || "Down"}`;
    case "not_scanned":
      return `Not scanned for ${formatDuration(Math.floor(reason.age / 60_000), "min")}`;
    case "revision":
      return `Another revision (older by ${
        formatDuration(Math.floor(reason.age / 60_000), "min")
      })`;
    case "syncing":
      return "In the middle of a sync";
    case "unsteady":
      return "Unsteady";
    case "not_carried":
      return "Not carried";
    case "embargo":
      return "Embargo";
    case "size":
      return "File size mismatch";
    case "time":
      return `Mod time mismatch (diff: ${goDuration(reason.difference)})`;
    case "networks":
      return "Networks only";
    case "family":
      return `No ${familyName(reason.family)}`;
    case "rule":
      return `Rule ${reason.number}`;
    case "monopoly":
      return "Monopoly of another";
    case "avoided":
      return "Avoided";
    case "not_chosen":
      return "Not chosen";
    case "quota":
      return "Quota used";
    case "continent":
      return "Continent only";
    case "country":
      return "Country only";
    case "as":
      return "AS only";
    case "excluded_country":
      return "User's country restriction";
  }
}
