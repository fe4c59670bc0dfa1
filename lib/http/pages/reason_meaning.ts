import type { ExclusionReason } from "../../selection/exclusion_reason.ts";

const MEANINGS: Readonly<Record<ExclusionReason["type"], string>> = {
  disabled: "The operator of this site does not use the mirror at present",
  downtime: "The mirror is off by plan, and will be back",
  not_https: "You asked for HTTPS, and the mirror serves HTTP only",
  not_http: "You asked for HTTP, and the mirror serves HTTPS only",
  down: "The last health check failed: the mirror cannot be reached, or lacks files",
  down_both: "The last health checks failed over HTTP and over HTTPS",
  down_not_https: "The last health check over HTTP failed, and the mirror has no HTTPS",
  down_not_http: "The last health check over HTTPS failed, and the mirror has no HTTP",
  not_scanned:
    "What the mirror has could not be listed for long, so nobody knows whether it has the file",
  revision: "The mirror has an older state of the files that belong together here",
  syncing: "The mirror has files of different states that do not fit together, or nobody knows yet",
  unsteady: "What the mirror has goes back and forth: there may be several servers behind one name",
  not_carried: "The mirror carries a part of all files on purpose, and this is none of them",
  embargo: "The file is new, and waits until enough mirrors have it",
  size: "The mirror's copy has another size than the original: it is old, or incomplete",
  time: "The mirror's copy has another date than the original: it is probably an old version",
  networks: "The mirror serves clients of its own networks only",
  family: "The mirror cannot be reached over the kind of address (IPv4, IPv6) that you use",
  rule: "A rule of the operator of this site keeps clients like you from the mirror",
  monopoly: "Your network has a mirror of its own, and is to use no other",
  avoided: "You asked for anybody but this mirror",
  not_chosen: "You asked for another mirror, or another country",
  quota: "The mirror has served as much as it may for now",
  continent: "The mirror serves clients of its own continent only",
  country: "The mirror serves clients of its own countries only",
  as: "The mirror serves clients of its own network only",
  excluded_country: "The mirror does not serve clients of your country",
};

/**
 * Explains an exclusion reason to people who do not know its wording.
 *
 * @param reason why a mirror may not serve
 * @returns a sentence without a period
 */
export function reasonMeaning({ type }: ExclusionReason): string {
  return MEANINGS[type];
}
