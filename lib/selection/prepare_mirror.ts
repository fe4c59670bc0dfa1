import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { normaliseMirrorUrl } from "../catalog/mirror_url.ts";
import { positionOf } from "../geo/distance.ts";
import { type MirrorRules, NO_RULES } from "./rule_set.ts";
import { clientRulesOf } from "./exclude.ts";
import type { ExclusionReason } from "./exclusion_reason.ts";
import { familyUses } from "./family_uses.ts";
import type { MirrorOffer, PreparedMirror } from "./prepared_mirror.ts";
import type { SelectionOptions } from "./selection_options.ts";

/**
 * Computes what selection needs to know of a mirror and no request changes: its URLs, whether it is
 * enabled and up for each TLS choice, and its place.
 *
 * @param record the mirror as the store has it
 * @param rules what the rules of the configuration say of it
 * @param quota how much of its weight its quotas leave, 0 to 1
 * @param mode what families of addresses mean
 * @returns the mirror for selection; one whose URL cannot stand in a header offers no scheme
 */
export function prepareMirror(
  record: MirrorRecord,
  rules: MirrorRules = NO_RULES,
  quota = 1,
  mode: SelectionOptions["ipFamilies"] = "prefer",
): PreparedMirror {
  const { unchecked } = record;
  const families = familyUses(unchecked ? null : record.families, mode);
  const url = usableUrl(record.httpUrl);
  const httpUrl = withScheme(url, "http");
  const httpsUrl = withScheme(url, "https");
  const http: MirrorOffer = {
    url: httpUrl ?? httpsUrl ?? record.httpUrl,
    reason: schemeReason(httpUrl, record.httpUp || unchecked, record.httpDownReason, "not_http"),
  };
  const https: MirrorOffer = {
    url: httpsUrl ?? httpUrl ?? record.httpUrl,
    reason: schemeReason(
      httpsUrl,
      // Whether one without a scheme has HTTPS, nobody knows who does not check it.
      record.httpsUp || (unchecked && httpUrl === null),
      record.httpsDownReason,
      "not_https",
    ),
  };
  const any: MirrorOffer = https.reason === null ? https : {
    url: http.url,
    reason: http.reason && combinedReason(http.reason, https.reason),
  };
  return {
    record,
    httpUrl,
    httpsUrl,
    offers: {
      any: ifUsable(any, record),
      with_tls: ifUsable(https, record),
      without_tls: ifUsable(http, record),
    },
    rules,
    quota,
    families,
    clientRules: clientRulesOf({ record, rules, quota, families }),
    position: positionOf(record.latitude, record.longitude),
  };
}

/** The store may hold what another program wrote: empty stands for a URL that no header may carry. */
function usableUrl(url: string): string {
  try {
    return normaliseMirrorUrl("HTTP", url);
  } catch {
    return "";
  }
}

function withScheme(url: string, scheme: "http" | "https"): string | null {
  if (url === "") return null;
  if (url.startsWith(`${scheme}://`)) return url;
  return /^https?:\/\//.test(url) ? null : `${scheme}://${url}`;
}

function schemeReason(
  url: string | null,
  up: boolean,
  detail: string,
  notOffered: "not_http" | "not_https",
): ExclusionReason | null {
  if (url === null) return { type: notOffered };
  return up ? null : { type: "down", detail };
}

function combinedReason(http: ExclusionReason, https: ExclusionReason): ExclusionReason {
  if (http.type !== "down") {
    return { type: "down_not_http", detail: https.type === "down" ? https.detail : "" };
  }
  if (https.type !== "down") return { type: "down_not_https", detail: http.detail };
  if (http.detail === https.detail) return http;
  return { type: "down_both", http: http.detail, https: https.detail };
}

function ifUsable(
  { url, reason }: MirrorOffer,
  { enabled, unchecked, notScannedFor, downtime }: MirrorRecord,
): MirrorOffer {
  if (!enabled) {
    const reason: ExclusionReason = downtime?.started
      ? { type: "downtime", until: downtime.until }
      : { type: "disabled" };
    return { url, reason };
  }
  if (reason !== null || unchecked || notScannedFor === 0) return { url, reason };
  return { url, reason: { type: "not_scanned", age: notScannedFor } };
}
